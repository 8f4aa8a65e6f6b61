#pragma once

#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

/// Finds the series that begin inside the time asked about and report steadily since (`metric.QUANTITY.new`),
/// although others reported before and no baseline has them: many sources report a count of failures from the
/// first failure on only. What is zero all the time is no news.
std::vector<model::Observation> find_begun(const telemetry::IncidentScope& scope,
                                           const std::vector<telemetry::MetricSeries>& incident,
                                           const std::vector<telemetry::MetricSeries>& baseline,
                                           const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::observe::metrics
