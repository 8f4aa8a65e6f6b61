#pragma once

#include <cstddef>
#include <vector>

#include "src/diagnose/calibration.h"
#include "src/diagnose/case_file.h"
#include "src/diagnose/dependency_graph.h"
#include "src/diagnose/suspects.h"
#include "src/diagnose/weigher.h"

namespace midwatch::diagnose {

/// A further fault of the same time.
struct IndependentCause {
  std::size_t hypothesis = 0;  ///< position among the weighed hypotheses
  double probability = 0;      ///< of its place, among those that the causes before it leave
};

/// Names the faults that the first hypothesis leaves unexplained.
///
/// The ledger assumes one fault: its probabilities sum to one, so that of two faults one always looks
/// unlikely. Here the first is taken as given and what it can explain is taken off the table: everything seen
/// at its entity, at those that depend on it, and at those it gives work to, and every record it was read
/// from. What is left is weighed again, against "none of these". A hypothesis of the rest is a cause of its
/// own where it (1) is likelier than everything else together, (2) rests on a sign that only its mechanism
/// gives, seen beyond doubt at its own entity, (3) can have set off the alarm, and (4) is not the same thing
/// twice: another mechanism, another change, no trouble in something both depend on, and neither speaks of
/// the other in its records. Two mechanisms at one entity are two causes only where an observation says that
/// they hit different runs of it. The first has to rest on a
/// sign of its own as well: beside something that is only slow, a proven fault is the cause, not a second
/// one.
///
/// Shape: likeliest first, without the first hypothesis itself; empty where one cause is enough.
/// Requires: `weighed` is ordered best first.
std::vector<IndependentCause> independent_causes(const CaseFile& file, const Suspects& suspects,
                                                 const DependencyGraph& graph,
                                                 const std::vector<WeighedHypothesis>& weighed,
                                                 const Calibration& calibration);

}  // namespace midwatch::diagnose
