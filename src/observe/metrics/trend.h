#pragma once

#include <optional>

#include "src/model/observation.h"
#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {

/// `metric.QUANTITY.rising` or `.falling`: a series that moves one way over the time asked about, by more
/// than its ordinary range; or a stock (memory, storage, connections, a queue) that has moved one way over
/// all that was recorded, by much of its level: a leak may be far too slow for the time around the alarm.
///
/// Source: Theil–Sen slope (Sen 1968) where Kendall's tau (1938) shows a direction; a slow movement is
///         measured in the spread around its own line.
std::optional<model::Observation> observe_trend(const PreparedSeries& p);

}  // namespace midwatch::observe::metrics
