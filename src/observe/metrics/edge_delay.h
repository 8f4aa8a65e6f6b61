#pragma once

#include <vector>

#include "src/model/observation.h"
#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {

/// Compares, for each edge whose caller measures how long its calls take, that with what the called side
/// measures of itself: what the caller waits longer and the called side does not work longer is lost between
/// them.
///
/// Shape:  one `metric.edge_delay.up` for each edge, at the called entity; facts caller, callee. Edges whose
/// called side
///         has no latency series of its own give nothing.
std::vector<model::Observation> find_edge_delays(const std::vector<PreparedSeries>& prepared);

}  // namespace midwatch::observe::metrics
