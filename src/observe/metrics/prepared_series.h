#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/knowledge/knowledge_base.h"
#include "src/observe/series/robust.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

/// One series of an incident, with what is ordinary for it, what there was just before, and what is asked
/// about.
struct PreparedSeries {
  const telemetry::MetricSeries* series = nullptr;
  std::string entity;  ///< whom the series is about: of an edge, the end that answers (subject_entity)
  knowledge::MetricMeaning meaning;
  std::vector<telemetry::MetricPoint> points;  ///< of the incident, as rates for a counter
  std::vector<telemetry::MetricPoint> focus;
  std::optional<double> level_before;  ///< just before the alarm, where the baseline is of another day
  series::Ordinary ordinary;
  double floor = 0;          ///< the least scale of a deviation; set by borrow_spread
  double peers_largest = 0;  ///< the most that anybody has of the same metric; set by borrow_spread
  base::Duration interval{};
};

/// Whom a series is about: how long the calls of an edge take and how they end says something of who answers
/// them, even where the caller reports it; anything else is about the end that reports.
std::string subject_entity(const telemetry::MetricKey& key, const knowledge::MetricMeaning& meaning);

/// Finds for each series what to compare it with: the baseline episode, the baseline range inside the
/// incident's series, or, where neither is known, the points before the window, the window's own quiet part
/// (until its level changed for good, else until the alarm), or the first quarter of the series; of a
/// reference that spans days, the same time of the day. Series without such a reference, or without a point
/// in focus, are left out.
///
/// Threads: safe; pure. The result points into `incident`.
std::vector<PreparedSeries> prepare_series(const telemetry::IncidentScope& scope,
                                           const std::vector<telemetry::MetricSeries>& incident,
                                           const std::vector<telemetry::MetricSeries>& baseline,
                                           const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::observe::metrics
