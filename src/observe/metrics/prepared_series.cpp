#include "src/observe/metrics/prepared_series.h"

#include <algorithm>
#include <map>
#include <utility>

#include "src/observe/metrics/counter_rate.h"
#include "src/observe/metrics/daytime_reference.h"
#include "src/observe/metrics/focus.h"

namespace midwatch::observe::metrics {
namespace {

using base::Duration;
using base::TimeRange;
using base::Timestamp;
using knowledge::MetricMeaning;
using telemetry::IncidentScope;
using telemetry::MetricKey;
using telemetry::MetricPoint;
using telemetry::MetricSeries;

/// A baseline that ended this long before the window is another day's: levels may have drifted since.
constexpr Duration kAnotherDay = std::chrono::hours(12);
constexpr std::size_t kLeastReference = 2;
/// A named baseline with fewer points than this takes its neighbourhood in, as many intervals on each side.
constexpr std::size_t kFewReference = 4;
constexpr int kBaselineMargin = 3;
/// A series shorter than this cannot stand for its own reference.
constexpr std::size_t kLeastOwnReference = 12;

/// No time is known to be quiet: the first quarter of the series stands for it.
void split_in_itself(PreparedSeries& p, std::vector<MetricPoint>& reference) {
  reference.clear();
  if (p.points.size() < kLeastOwnReference) return;
  const auto quarter = p.points.begin() + static_cast<std::ptrdiff_t>(p.points.size() / 4);
  reference.assign(p.points.begin(), quarter);
  p.focus.assign(quarter, p.points.end());
}

/// Nothing before the window: the window's own quiet part is what there is.
void split_at_alarm(PreparedSeries& p, Timestamp quiet_until, std::vector<MetricPoint>& reference) {
  const auto loud = std::find_if(p.focus.begin(), p.focus.end(),
                                 [&](const MetricPoint& point) { return point.time >= quiet_until; });
  reference.assign(p.focus.begin(), loud);
  if (reference.size() < kLeastReference) {
    split_in_itself(p, reference);
    return;
  }
  p.focus.erase(p.focus.begin(), loud);
}

bool is_another_day(const IncidentScope& scope) {
  return scope.baseline && (scope.window.start - scope.baseline->end > kAnotherDay ||
                            scope.baseline->start - scope.window.end > kAnotherDay);
}

/// A named baseline of few points, with its neighbourhood that is not the incident's.
TimeRange widened_baseline(const IncidentScope& scope, Duration interval) {
  TimeRange range{scope.baseline->start - kBaselineMargin * interval,
                  scope.baseline->end + kBaselineMargin * interval};
  if (range.start < scope.window.end && scope.baseline->start >= scope.window.end)
    range.start = scope.window.end;
  if (range.end > scope.window.start && scope.baseline->end <= scope.window.start)
    range.end = scope.window.start;
  return range;
}

void collect_baseline(const IncidentScope& scope, const PreparedSeries& p,
                      std::vector<MetricPoint>& reference) {
  const auto collect = [&](const TimeRange& range) {
    reference.clear();
    for (const MetricPoint& point : p.points) {
      if (range.contains(point.time)) reference.push_back(point);
    }
  };
  collect(*scope.baseline);
  if (reference.size() < kFewReference) collect(widened_baseline(scope, p.interval));
}

std::vector<double> values_of(const std::vector<MetricPoint>& points) {
  std::vector<double> values;
  values.reserve(points.size());
  for (const MetricPoint& point : points) values.push_back(point.value);
  return values;
}

/// The reference that lies in the incident's own series: a named baseline, or the time before.
void collect_inside(const IncidentScope& scope, TimeRange focus, PreparedSeries& p,
                    std::vector<MetricPoint>& reference) {
  const bool separate = !reference.empty();
  const Timestamp quiet_until = scope.alarm.time ? *scope.alarm.time - p.interval : scope.window.start;
  std::vector<MetricPoint> before;
  for (const MetricPoint& point : p.points) {
    if (separate ? point.time + p.interval <= quiet_until + p.interval / 2 : point.time < focus.start)
      before.push_back(point);
  }
  if (!separate && scope.baseline) collect_baseline(scope, p, reference);
  if (separate && !before.empty() && is_another_day(scope)) {
    std::vector<double> values = values_of(before);
    p.level_before = series::median_of(values);
  }
  if (separate || reference.size() >= kLeastReference) return;
  reference = std::move(before);
  if (reference.size() < kLeastReference) split_at_alarm(p, quiet_until, reference);
}

std::vector<MetricPoint> points_of(const MetricSeries& series, const MetricMeaning& meaning) {
  return meaning.counter ? rates_of(series.points) : series.points;
}

}  // namespace

std::string subject_entity(const MetricKey& key, const knowledge::MetricMeaning& meaning) {
  const std::string_view answering = key.dimension("destination");
  const bool of_calls =
      meaning.quantity == "latency" || meaning.quantity == "errors" || meaning.quantity == "availability";
  return std::string(of_calls && !answering.empty() ? answering : std::string_view(key.entity));
}

std::vector<PreparedSeries> prepare_series(const IncidentScope& scope,
                                           const std::vector<MetricSeries>& incident,
                                           const std::vector<MetricSeries>& baseline,
                                           const knowledge::KnowledgeBase& knowledge) {
  std::map<MetricKey, const MetricSeries*> references;
  for (const auto& s : baseline) references.emplace(s.key, &s);
  std::vector<PreparedSeries> prepared;
  for (const MetricSeries& s : incident) {
    PreparedSeries p;
    p.series = &s;
    p.meaning = knowledge::metric_meaning(s.key, knowledge.metric_rules);
    p.entity = subject_entity(s.key, p.meaning);
    p.points = points_of(s, p.meaning);
    p.interval = scope.interval.value_or(usual_interval(p.points));
    const TimeRange focus = focus_of(scope, p.interval);
    for (const MetricPoint& point : p.points) {
      if (focus.contains(point.time)) p.focus.push_back(point);
    }
    std::vector<MetricPoint> reference;
    if (const auto at = references.find(s.key); at != references.end())
      reference = points_of(*at->second, p.meaning);
    collect_inside(scope, focus, p, reference);
    if (reference.size() < kLeastReference || p.focus.empty()) continue;
    const TimeRange asked{p.focus.front().time, p.focus.back().time};
    p.ordinary = series::ordinary_of(values_of(of_same_daytime(std::move(reference), asked)));
    prepared.push_back(std::move(p));
  }
  return prepared;
}

}  // namespace midwatch::observe::metrics
