#pragma once

#include <set>
#include <string>

#include "src/store/store.h"

/// What the tests of each store check beyond the contract.
namespace midwatch::store::contract {

/// One write: an incident with all that hangs on it.
base::Result<> write_whole(Store& store, const std::string& id);

/// Checks that each such write is there wholly or not at all, and gives the incidents that are.
std::set<std::string> whole_writes(Store& store);

/// Checks that a store has what testdata/version_*.sql put into it, and goes on from there.
void expect_fixture(Store& store);

/// Twelve thousand changes in SQL, of which `expect_few_changes` expects the store to keep the last.
inline constexpr const char* kManyChanges =
    "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 12000) "
    "INSERT INTO changes (kind, id, space) SELECT 'incident', 'inc', 'shop' FROM many";
void expect_few_changes(Store& store);

}  // namespace midwatch::store::contract
