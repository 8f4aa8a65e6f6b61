#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/observe/metrics/alarm_series.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

struct MetricFindings {
  std::vector<model::Observation> observations;  ///< ordered by entity, metric, type
  /// Entity → the quantities ("metric.cpu") that were measured there.
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> coverage;
  AlarmAssessment alarm;
};

/// Compares the series of an incident with what is ordinary for each.
///
/// What is ordinary comes from the baseline episode, from the baseline range inside the incident's series,
/// or, where neither is known, from the points before the alarm. Where the baseline is of another day, a
/// level that was already there before the alarm is drift and counts little: an incident begins around its
/// alarm. The spread of a series with few points borrows from the same metric of other entities.
///
/// Errors:  none; a series without a usable reference gives no observation and no coverage.
/// Threads: safe; pure.
MetricFindings observe_metrics(const telemetry::IncidentScope& scope,
                               const std::vector<telemetry::MetricSeries>& incident,
                               const std::vector<telemetry::MetricSeries>& baseline,
                               const knowledge::KnowledgeBase& knowledge);

/// The metric that an alarm names, as a quantity of docs/observations.md; empty where it names none.
std::string alarm_quantity(const telemetry::Alarm& alarm, const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::observe::metrics
