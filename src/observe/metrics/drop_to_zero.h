#pragma once

#include <optional>

#include "src/model/observation.h"
#include "src/observe/metrics/alarm_series.h"
#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {

/// `metric.QUANTITY.zero`: a series that never was zero is zero for most of the time asked about, or stays
/// so. Its strength is scaled by how far the fall goes with the alarm.
std::optional<model::Observation> observe_zero(const PreparedSeries& p, const AlarmSeries& alarm);

}  // namespace midwatch::observe::metrics
