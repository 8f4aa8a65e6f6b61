#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "src/store/contract/store_items.h"
#include "src/store/store.h"

/// What every store must hold to, as tests that any store can run.
namespace midwatch::store::contract {

/// An empty database that ends with this object. The maker of a store writes one of these.
class Database {
 public:
  virtual ~Database() = default;
  /// Opens it, as one process of several does.
  virtual base::Result<std::unique_ptr<Store>> open() = 0;
  /// False where each opening gives a database of its own.
  virtual bool is_shared() const { return true; }
};

/// One kind of store; `name` becomes part of the test's name. `make` gives nothing where this machine lacks
/// what it needs, and then the tests say so and are skipped.
struct Case {
  std::string name;
  std::function<std::unique_ptr<Database>()> make;

  friend std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }
};

/// The suite: INSTANTIATE_TEST_SUITE_P(MyStore, StoreContract, testing::Values(Case{…}), case_name), and the
/// same for StoreConcurrency.
class StoreContract : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override;

  base::Result<> write(const Work& work) { return store->write(work); }
  base::Result<> read(const Work& work) { return store->read(work); }

  std::unique_ptr<Database> database;
  std::unique_ptr<Store> store;
};

/// What a store must hold to while many use it: one Store, and several that share a database.
class StoreConcurrency : public StoreContract {
 protected:
  static constexpr int kThreads = 4;

  void SetUp() override;
  /// Runs `work` in several threads, which take turns in using the stores; each has a number.
  void in_threads(const std::function<void(Store&, int)>& work);

  std::unique_ptr<Store> second;
  std::vector<Store*> stores;
};

inline std::string case_name(const ::testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

}  // namespace midwatch::store::contract
