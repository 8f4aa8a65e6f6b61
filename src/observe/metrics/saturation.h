#pragma once

#include <optional>

#include "src/model/observation.h"
#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {

/// `metric.QUANTITY.saturated`: something that can run out ends at its known limit, or a free amount ends
/// near nothing of what there used to be.
std::optional<model::Observation> observe_saturation(const PreparedSeries& p);

}  // namespace midwatch::observe::metrics
