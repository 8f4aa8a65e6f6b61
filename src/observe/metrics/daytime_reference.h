#pragma once

#include <vector>

#include "src/base/time.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

/// The points of a reference that lie at the same time of the day as `focus` (half an hour more on either
/// side), where the reference spans enough days to know that time of the day: what is usual at noon says
/// little of the night, and a nightly job is no incident. Where it spans weeks, those of the same day of the
/// week. Where there are too few such points, all of the reference.
///
/// Source: comparison with the same phase of earlier cycles, as in Taylor and Letham, Forecasting at Scale,
///         2018, with days and weeks as the only cycles.
std::vector<telemetry::MetricPoint> of_same_daytime(std::vector<telemetry::MetricPoint> reference,
                                                    base::TimeRange focus);

}  // namespace midwatch::observe::metrics
