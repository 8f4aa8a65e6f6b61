#pragma once

#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

/// Finds the series that used to report and are silent for all or a part of the time asked about
/// (`metric.QUANTITY.gone`): missing is not zero. Silence is measured in the points that the series' habit
/// would have given, and only as long as others report; a series that often pauses has to pause longer. The
/// evidence is the empty stretch. A fact `resumed` says when the series came back, where it did.
///
/// Source: the probability of no event where a Poisson process expects some.
std::vector<model::Observation> find_gone(const telemetry::IncidentScope& scope,
                                          const std::vector<telemetry::MetricSeries>& incident,
                                          const std::vector<telemetry::MetricSeries>& baseline,
                                          const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::observe::metrics
