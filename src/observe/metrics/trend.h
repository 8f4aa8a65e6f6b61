#pragma once

#include <optional>

#include "src/model/observation.h"
#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {

/// `metric.QUANTITY.rising` or `.falling`: a series that moves one way over the time asked about, by more
/// than its ordinary range. Source: Theil–Sen slope (Sen 1968) where Kendall's tau (1938) shows a direction.
std::optional<model::Observation> observe_trend(const PreparedSeries& p);

}  // namespace midwatch::observe::metrics
