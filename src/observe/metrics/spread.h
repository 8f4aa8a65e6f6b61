#pragma once

#include <vector>

#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {

/// Sets the least scale of each series, from its unit and from the spread of the same metric of other
/// entities: a series with few points says little of its own spread, and a constant one has none. From the
/// same comparison it is known whether a utilization is a percentage or a share of one: nobody's ever passed
/// one.
///
/// Source: shrinkage of a variance towards the pooled one (James and Stein 1961), with a fixed weight.
/// Threads: changes `prepared`.
void borrow_spread(std::vector<PreparedSeries>& prepared);

}  // namespace midwatch::observe::metrics
