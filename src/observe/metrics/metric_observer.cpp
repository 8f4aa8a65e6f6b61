#include "src/observe/metrics/metric_observer.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "src/observe/metrics/begun.h"
#include "src/observe/metrics/drop_to_zero.h"
#include "src/observe/metrics/edge_delay.h"
#include "src/observe/metrics/excursion.h"
#include "src/observe/metrics/gone.h"
#include "src/observe/metrics/materiality.h"
#include "src/observe/metrics/metric_fact.h"
#include "src/observe/metrics/prepared_series.h"
#include "src/observe/metrics/saturation.h"
#include "src/observe/metrics/spread.h"
#include "src/observe/metrics/strength.h"
#include "src/observe/metrics/trend.h"

namespace midwatch::observe::metrics {
namespace {

const char* word_of(const Excursion& e, int way) {
  if (e.brief) return way > 0 ? "spike" : "dip";
  return way > 0 ? "up" : "down";
}

std::optional<model::Observation> observe_excursion(const PreparedSeries& p, int way,
                                                    const AlarmSeries& alarm) {
  const Excursion e = strongest_excursion(p, way);
  const double strength = strength_of(e.deviation);
  if (strength < kLeastStrength) return std::nullopt;
  model::Observation o = metric_fact(p, word_of(e, way), strength);
  set_value(p, o, e.value);
  // What moved although the ordinary level lies on its other side moved from the level just before.
  if (p.level_before && way * (e.value - p.ordinary.middle) < 0) o.baseline = p.level_before;
  set_onset(p, o, e.first);
  o.strength *= alarm.relation(p, way) * materiality(p, e.value);
  if (o.strength < kLeastStrength) return std::nullopt;
  return o;
}

/// What the alarm is about by the name of its metric, where nobody measured that at its entity.
std::string named_quantity(const telemetry::Alarm& alarm, const knowledge::KnowledgeBase& knowledge) {
  telemetry::MetricKey key;
  key.entity = alarm.entity;
  key.metric = alarm.metric;
  std::string quantity = knowledge::metric_meaning(key, knowledge.metric_rules).quantity;
  return quantity == "other" ? std::string() : quantity;
}

}  // namespace

MetricFindings observe_metrics(const telemetry::IncidentScope& scope,
                               const std::vector<telemetry::MetricSeries>& incident,
                               const std::vector<telemetry::MetricSeries>& baseline,
                               const knowledge::KnowledgeBase& knowledge) {
  std::vector<PreparedSeries> prepared = prepare_series(scope, incident, baseline, knowledge);
  borrow_spread(prepared);
  const AlarmSeries alarm(scope.alarm, prepared);

  MetricFindings findings;
  findings.alarm = alarm.assessment();
  if (findings.alarm.quantity.empty() && !scope.alarm.metric.empty())
    findings.alarm.quantity = named_quantity(scope.alarm, knowledge);
  const auto note = [&](std::optional<model::Observation> o) {
    if (o) findings.observations.push_back(std::move(*o));
  };
  for (const PreparedSeries& p : prepared) {
    findings.coverage[p.entity].insert("metric." + p.meaning.quantity);
    note(observe_excursion(p, 1, alarm));
    note(observe_excursion(p, -1, alarm));
    note(observe_zero(p, alarm));
    note(observe_saturation(p));
    note(observe_trend(p));
  }
  for (model::Observation& o : find_edge_delays(prepared)) {
    findings.coverage[o.entity].insert("metric.edge_delay");
    note(std::move(o));
  }
  for (const auto find : {find_gone, find_begun}) {
    for (model::Observation& o : find(scope, incident, baseline, knowledge)) {
      // "metric.QUANTITY.gone": that it was looked for is coverage of the quantity.
      findings.coverage[o.entity].insert(o.type.substr(0, o.type.rfind('.')));
      note(std::move(o));
    }
  }
  keep_strongest_statistic(findings.observations);
  std::stable_sort(findings.observations.begin(), findings.observations.end(),
                   [](const auto& a, const auto& b) {
                     return std::tie(a.entity, a.subject, a.type) < std::tie(b.entity, b.subject, b.type);
                   });
  return findings;
}

std::string alarm_quantity(const telemetry::Alarm& alarm, const knowledge::KnowledgeBase& knowledge) {
  for (const std::string* words : {&alarm.metric, &alarm.name, &alarm.summary}) {
    if (words->empty()) continue;
    telemetry::MetricKey key;
    key.metric = *words;
    const auto meaning = knowledge::metric_meaning(key, knowledge.metric_rules);
    if (meaning.quantity != "other") return meaning.quantity;
  }
  return {};
}

}  // namespace midwatch::observe::metrics
