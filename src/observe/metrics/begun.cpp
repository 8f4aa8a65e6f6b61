#include "src/observe/metrics/begun.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/model/record_evidence.h"
#include "src/observe/metrics/focus.h"
#include "src/observe/metrics/metric_fact.h"
#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {
namespace {

using base::Duration;
using base::TimeRange;
using base::Timestamp;
using telemetry::IncidentScope;
using telemetry::MetricKey;
using telemetry::MetricPoint;
using telemetry::MetricSeries;

/// Fewer intervals without a point before the first one are a late start of everything.
constexpr double kLeastMissed = 4;
/// As with silence: certain (1 − 1/e of the way) after this many.
constexpr double kMissedForCertainty = 3;
constexpr std::size_t kLeastPoints = 3;
/// A series with a point in under half of its intervals comes and goes; that it comes is no news.
constexpr double kSteadyShare = 0.5;
/// That something is counted now does not say that there was nothing before.
constexpr double kNews = 0.6;

/// When the recording of the incident begins: half of the series have reported by then.
std::optional<Timestamp> recorded_start(const std::vector<MetricSeries>& incident) {
  std::vector<Timestamp> first;
  for (const auto& s : incident) {
    if (!s.points.empty()) first.push_back(s.points.front().time);
  }
  if (first.empty()) return std::nullopt;
  const auto middle = first.begin() + static_cast<std::ptrdiff_t>(first.size() / 2);
  std::nth_element(first.begin(), middle, first.end());
  return *middle;
}

bool is_steady(const std::vector<MetricPoint>& points, TimeRange focus, Duration interval) {
  const Timestamp end = std::min(focus.end, points.back().time + interval);
  const double intervals = base::to_seconds(end - points.front().time) / base::to_seconds(interval);
  return static_cast<double>(points.size()) >= kSteadyShare * intervals;
}

model::Observation begun_fact(const MetricSeries& s, TimeRange focus, Duration interval, double strength,
                              const knowledge::KnowledgeBase& knowledge) {
  const auto meaning = knowledge::metric_meaning(s.key, knowledge.metric_rules);
  model::Observation o;
  o.entity = subject_entity(s.key, meaning);
  o.type = fmt::format("metric.{}.new", meaning.quantity);
  o.subject = subject_of(s.key);
  o.strength = strength;
  o.facts["metric"] = base::printable(s.key.metric, kMetricNameBytes);
  o.facts["series"] = series_name(s.key);
  o.unit = meaning.unit;
  o.value = s.points.back().value;
  o.onset = s.points.front().time;
  o.onset_uncertainty = interval;
  o.evidence.push_back(model::series_evidence(s, {focus.start, s.points.back().time + Duration(1)}));
  return o;
}

}  // namespace

std::vector<model::Observation> find_begun(const IncidentScope& scope,
                                           const std::vector<MetricSeries>& incident,
                                           const std::vector<MetricSeries>& baseline,
                                           const knowledge::KnowledgeBase& knowledge) {
  std::vector<model::Observation> begun;
  const auto start = recorded_start(incident);
  if (!start) return begun;
  std::set<MetricKey> known;
  for (const auto& s : baseline) known.insert(s.key);
  for (const MetricSeries& s : incident) {
    if (s.points.size() < kLeastPoints || known.contains(s.key)) continue;
    const Duration interval = usual_interval(s.points);
    const TimeRange focus = focus_of(scope, interval);
    const Timestamp first = s.points.front().time;
    if (!focus.contains(first) || !is_steady(s.points, focus, interval)) continue;
    if (std::all_of(s.points.begin(), s.points.end(), [](const auto& p) { return p.value == 0; })) continue;
    const double missed = base::to_seconds(first - *start) / base::to_seconds(interval);
    if (missed < kLeastMissed) continue;
    const double strength = kNews * (1 - std::exp(-missed / kMissedForCertainty));
    begun.push_back(begun_fact(s, focus, interval, strength, knowledge));
  }
  return begun;
}

}  // namespace midwatch::observe::metrics
