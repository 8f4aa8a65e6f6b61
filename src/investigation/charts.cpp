#include "src/investigation/charts.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "src/knowledge/metric_meaning.h"
#include "src/observe/series/robust.h"

namespace midwatch::investigation {
namespace {

constexpr std::size_t kShown = 8;
/// A chart is a few hundred pixels wide: more points cannot be told apart.
constexpr std::size_t kPoints = 240;
/// As long before the window as the window itself is shown, so that what was ordinary can be seen.
constexpr double kBefore = 1.0;
constexpr double kLowest = 0.05;
constexpr double kHighest = 0.95;
constexpr std::size_t kLeastPoints = 4;

/// The part of a series that a chart shows, thinned so that extremes stay: of each bucket the point that lies
/// furthest from its neighbours' middle.
std::vector<telemetry::MetricPoint> thinned(const std::vector<telemetry::MetricPoint>& points,
                                            base::Timestamp from) {
  const auto first =
      std::find_if(points.begin(), points.end(), [&](const auto& p) { return p.time >= from; });
  const auto size = static_cast<std::size_t>(points.end() - first);
  if (size <= kPoints) return {first, points.end()};
  std::vector<telemetry::MetricPoint> out;
  for (std::size_t bucket = 0; bucket < kPoints; ++bucket) {
    const auto begin = first + static_cast<std::ptrdiff_t>(bucket * size / kPoints);
    const auto end = first + static_cast<std::ptrdiff_t>((bucket + 1) * size / kPoints);
    double mean = 0;
    for (auto p = begin; p != end; ++p) mean += p->value / static_cast<double>(end - begin);
    out.push_back(*std::max_element(begin, end, [&](const auto& a, const auto& b) {
      return std::abs(a.value - mean) < std::abs(b.value - mean);
    }));
  }
  return out;
}

std::vector<std::string> worth_drawing(const StatedCase& facts, const std::vector<model::RootCause>& causes) {
  std::vector<std::string> wanted;
  for (const auto& cause : causes) {
    for (const auto& link : cause.chain)
      wanted.insert(wanted.end(), link.observations.begin(), link.observations.end());
  }
  if (!wanted.empty()) return wanted;
  for (const auto* s : facts.told_of(facts.gathered().file.scope.alarm.entity))
    wanted.push_back(s->observation.id);
  std::vector<const model::StatedObservation*> others;
  for (const auto& s : facts.observations()) {
    if (s.observation.strength >= kTold) others.push_back(&s);
  }
  std::stable_sort(others.begin(), others.end(),
                   [](auto* a, auto* b) { return a->observation.strength > b->observation.strength; });
  for (const auto* s : others) wanted.push_back(s->observation.id);
  return wanted;
}

}  // namespace

std::optional<OrdinaryBand> ordinary_band(const StatedCase& facts, const telemetry::MetricSeries& series) {
  const auto& scope = facts.gathered().file.scope;
  std::vector<double> values;
  for (const auto& s : facts.gathered().baseline_series) {
    if (s.key != series.key) continue;
    for (const auto& p : s.points) values.push_back(p.value);
  }
  if (values.empty()) {
    for (const auto& p : series.points) {
      if (scope.baseline ? scope.baseline->contains(p.time) : p.time < scope.window.start)
        values.push_back(p.value);
    }
  }
  if (values.size() < kLeastPoints) return std::nullopt;
  std::sort(values.begin(), values.end());
  return OrdinaryBand{observe::series::sorted_quantile(values, kLowest),
                      observe::series::sorted_quantile(values, kHighest)};
}

std::vector<model::Chart> charts(const StatedCase& facts, const std::vector<model::RootCause>& causes) {
  const auto& scope = facts.gathered().file.scope;
  const base::Timestamp from =
      scope.window.start - base::duration_from_seconds(kBefore * base::to_seconds(scope.window.length()));
  std::vector<model::Chart> charts;
  std::set<telemetry::MetricKey> drawn;
  for (const auto& id : worth_drawing(facts, causes)) {
    if (charts.size() >= kShown) break;
    const auto& s = facts.stated(id);
    const auto* series = facts.series_of(s.observation);
    if (series == nullptr || !drawn.insert(series->key).second) continue;
    model::Chart chart;
    chart.key = series->key;
    chart.title = s.statement;
    chart.entity = s.observation.entity;
    chart.unit = s.observation.unit;
    chart.onset = s.observation.onset;
    chart.observation = id;
    chart.points = thinned(series->points, from);
    // The onset of a running total is seen in its rate, not in its level.
    const bool counter = knowledge::metric_meaning(series->key, facts.knowledge().metric_rules).counter;
    if (const auto band = counter ? std::nullopt : ordinary_band(facts, *series)) {
      chart.baseline_low = band->low;
      chart.baseline_high = band->high;
    }
    if (!chart.points.empty()) charts.push_back(std::move(chart));
  }
  return charts;
}

}  // namespace midwatch::investigation
