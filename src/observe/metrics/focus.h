#pragma once

#include <vector>

#include "src/base/time.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

/// The usual distance of a series' points: the median gap; zero for fewer than two points.
base::Duration usual_interval(const std::vector<telemetry::MetricPoint>& points);

/// The time that is asked about: the window, cut to what lies around the alarm; longer windows hold other
/// days' noise. `interval` is the usual distance of the points: sparse series are looked at for longer.
base::TimeRange focus_of(const telemetry::IncidentScope& scope, base::Duration interval);

}  // namespace midwatch::observe::metrics
