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

}  // namespace midwatch::store::contract
