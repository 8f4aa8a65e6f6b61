#pragma once

#include <vector>

#include "src/observe/changes/change_fact.h"
#include "src/observe/changes/line_rules.h"

namespace midwatch::observe::changes {

/// Compares the statements of SQL that both sides of a hunk hold: conditions that fell away
/// (change.query.where_removed), a limit that did (change.query.limit_removed), joins that came in
/// (change.query.join_added), wherever in a line they stand.
std::vector<ChangeFact> sql_facts(const std::vector<PreparedHunk>& hunks);

}  // namespace midwatch::observe::changes
