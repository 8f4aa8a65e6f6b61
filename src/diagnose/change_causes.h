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

/// Lets a cause stand above the mode that only names how it shows.
///
/// A container that ends soon after every start, a job that fails, a refused connection: where such a mode
/// (`yields_to`) is on top, and a mode that says why is supported at the same entity, or at one that it
/// depends on, that one is the cause of the two. Where the mode on top was read from a text, the cause has to
/// stand in the same record: other texts of the same program may be about something else. Where the cause is
/// on top, whether by this or by itself, what only shows it at the same entity is explained by it. Requires:
/// best first; keeps that order.
void let_causes_stand_above(const CaseFile& file, const DependencyGraph& graph,
                            std::vector<WeighedHypothesis>& weighed);

/// Lets the mechanism that a log names stand above a mode for want of a better one.
///
/// "Requests fail here", "a change broke it": where such a mode (`generic`) is on top, and what it rests on
/// are records in which a mode at the same entity has its needed text, that one is meant. Requires: best
/// first; keeps that order.
void let_mechanisms_stand_above_generic(const CaseFile& file, std::vector<WeighedHypothesis>& weighed);

/// Lets the place that is called stand for one mechanism that its callers tell of as well.
///
/// A cache that is full is told by who writes to it: the same mode fits both. Where the one that is called
/// is on top, what its callers log is how it shows there. Requires: best first; keeps that order.
void let_callees_stand_for_callers(const CaseFile& file, const DependencyGraph& graph,
                                   std::vector<WeighedHypothesis>& weighed);

/// Blames a change only where that some change is to blame is about as likely as that none is.
///
/// Many changes touch what is in trouble, each a little; the one that fits best may stand on top by a hair of
/// several mechanisms that need no change. Where those hold clearly more of the belief than all that blames
/// this change, the best of them at the same place stands above it. What was read from a text that the
/// change's mechanism is known to show is its effect and no rival. "A change broke it" (`generic`) claims no
/// mechanism, and stays. `temper` is the calibration's of probabilities. Requires: best first; keeps that
/// order.
void let_changes_need_belief(const CaseFile& file, double temper, std::vector<WeighedHypothesis>& weighed);

}  // namespace midwatch::diagnose
