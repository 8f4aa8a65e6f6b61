#include <memory>

#include "src/store/contract/store_contract.h"
#include "src/store/sqlite/sqlite_store.h"
#include "src/store/sqlite/testing/temporary_folder.h"

namespace midwatch::store::contract {
namespace {

class FileDatabase final : public Database {
 public:
  base::Result<std::unique_ptr<Store>> open() override {
    return sqlite::open_sqlite(folder_.file("store.db"));
  }

 private:
  sqlite::testing::TemporaryFolder folder_;
};

class MemoryDatabase final : public Database {
 public:
  base::Result<std::unique_ptr<Store>> open() override { return sqlite::open_sqlite(":memory:"); }
  bool is_shared() const override { return false; }
};

const auto kCases = ::testing::Values(Case{"File", [] { return std::make_unique<FileDatabase>(); }},
                                      Case{"Memory", [] { return std::make_unique<MemoryDatabase>(); }});

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, kCases, case_name);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConcurrency, kCases, case_name);

}  // namespace
}  // namespace midwatch::store::contract
