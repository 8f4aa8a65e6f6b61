#pragma once

#include <vector>

#include "src/diagnose/case_file.h"
#include "src/diagnose/dependency_graph.h"
#include "src/diagnose/weigher.h"

namespace midwatch::diagnose {

/// Lets a change explain the mechanism that it set going.
///
/// Several hypotheses may be true at once: a saturated database, and the change that sends it more work.
/// Where a hypothesis without a change is on top and a change fits strongly at the same entity, at one that
/// calls it and burdens what it calls, or at one that it calls, the change is the cause of the two: what the
/// effect explains counts for it as well. Causes outside the code (external, load) are no effects of changes.
/// Requires: best first; keeps that order.
void let_changes_explain(const CaseFile& file, const DependencyGraph& graph,
                         std::vector<WeighedHypothesis>& weighed);

}  // namespace midwatch::diagnose
