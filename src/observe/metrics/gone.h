#pragma once

#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

/// Finds the series that used to report and are silent in the time asked about (`metric.QUANTITY.gone`):
/// missing is not zero. The evidence is an absence: where it was looked, and how much was found.
std::vector<model::Observation> find_gone(const telemetry::IncidentScope& scope,
                                          const std::vector<telemetry::MetricSeries>& incident,
                                          const std::vector<telemetry::MetricSeries>& baseline,
                                          const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::observe::metrics
