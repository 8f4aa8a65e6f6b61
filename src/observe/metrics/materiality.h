#pragma once

#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {

/// What an amount counts, 0 … 1: one that is small beside what others of the incident use (or beside its
/// limit) cannot harm much, however unusual it is. 1 for quantities that are no amounts of a resource.
double materiality(const PreparedSeries& p, double value);

}  // namespace midwatch::observe::metrics
