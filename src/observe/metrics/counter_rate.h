#pragma once

#include <vector>

#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

/// The rate per second of a running total, one point less than the totals. A fall is a restart of the count
/// from zero: what has been counted since then is the growth.
/// Requires: totals ascend by time, no two at the same time.
std::vector<telemetry::MetricPoint> rates_of(const std::vector<telemetry::MetricPoint>& totals);

}  // namespace midwatch::observe::metrics
