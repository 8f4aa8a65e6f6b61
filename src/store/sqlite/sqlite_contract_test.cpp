#include <filesystem>
#include <string>

#include <unistd.h>

#include "src/store/contract/store_contract.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::store::contract {
namespace {

class FileDatabase final : public Database {
 public:
  FileDatabase() {
    std::string pattern = (std::filesystem::temp_directory_path() / "midwatch_store_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data()) ? pattern : "";
  }
  ~FileDatabase() override {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  base::Result<std::unique_ptr<Store>> open() override { return sqlite::open_sqlite(folder_ + "/store.db"); }

 private:
  std::string folder_;
};

class MemoryDatabase final : public Database {
 public:
  base::Result<std::unique_ptr<Store>> open() override { return sqlite::open_sqlite(":memory:"); }
  bool is_shared() const override { return false; }
};

const auto kCases = testing::Values(Case{"File", [] { return std::make_unique<FileDatabase>(); }},
                                    Case{"Memory", [] { return std::make_unique<MemoryDatabase>(); }});

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, kCases, case_name);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConcurrency, kCases, case_name);

}  // namespace
}  // namespace midwatch::store::contract
