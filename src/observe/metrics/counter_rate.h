#pragma once

#include <vector>

#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

/// The rate per second of a running total: a point for each total after the first. A fall is a restart of the
/// count at an unknown time, so of that interval nothing is known: it has no point.
/// Requires: totals ascend by time, no two at the same time.
std::vector<telemetry::MetricPoint> rates_of(const std::vector<telemetry::MetricPoint>& totals);

}  // namespace midwatch::observe::metrics
