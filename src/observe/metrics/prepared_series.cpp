#include "src/observe/metrics/prepared_series.h"

#include <algorithm>
#include <map>
#include <numeric>
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
/// A level has changed for good where two levels leave less than this share of the variance.
constexpr double kChangedShare = 0.4;
/// So many points of the level before, and of the level after, are needed to call them levels.
constexpr std::size_t kLeastQuiet = 4;
constexpr std::size_t kLeastLoud = 3;
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

/// Where a series changes its level for good, as an index; its size where it does not.
///
/// Source: the split with the least within-group variance of ranks (Pettitt 1979, in its least-squares form):
/// outliers weigh no more than other points.
std::size_t lasting_change(const std::vector<MetricPoint>& points) {
  const std::size_t n = points.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return points[a].value < points[b].value; });
  std::vector<double> rank(n);
  for (std::size_t i = 0; i < n;) {
    std::size_t end = i;
    while (end < n && points[order[end]].value == points[order[i]].value) ++end;
    for (std::size_t k = i; k < end; ++k) rank[order[k]] = static_cast<double>(i + end - 1) / 2;
    i = end;
  }
  double all = 0;
  double squares = 0;
  for (const double r : rank) {
    all += r;
    squares += r * r;
  }
  const double total = squares - all * all / static_cast<double>(n);
  double best = total * kChangedShare;
  std::size_t at = n;
  double left = 0;
  for (std::size_t k = 1; k < n; ++k) {
    left += rank[k - 1];
    const double right = all - left;
    const double within =
        squares - left * left / static_cast<double>(k) - right * right / static_cast<double>(n - k);
    if (k < kLeastQuiet || n - k < kLeastLoud || within >= best) continue;
    best = within;
    at = k;
  }
  return at;
}

/// Nothing before the window: the window's own quiet part is what there is. It ends where the series changed
/// its level for good, if that was before the alarm: alarms wait, and people call later still.
void split_at_alarm(PreparedSeries& p, Timestamp quiet_until, std::vector<MetricPoint>& reference) {
  const auto loud =
      std::min(std::find_if(p.focus.begin(), p.focus.end(),
                            [&](const MetricPoint& point) { return point.time >= quiet_until; }),
               p.focus.begin() + static_cast<std::ptrdiff_t>(lasting_change(p.focus)));
  reference.assign(p.focus.begin(), loud);
  if (reference.size() < kLeastReference) {
    split_in_itself(p, reference);
    return;
  }
  p.focus.erase(p.focus.begin(), loud);
}

/// Of the window, what lies long before the alarm is quiet only until the level changed for good.
void move_loud_part(const IncidentScope& scope, std::vector<MetricPoint>& before,
                    std::vector<MetricPoint>& focus) {
  std::vector<MetricPoint> all = before;
  all.insert(all.end(), focus.begin(), focus.end());
  const std::size_t at = lasting_change(all);
  if (at >= before.size() || before[at].time < scope.window.start) return;
  focus.assign(all.begin() + static_cast<std::ptrdiff_t>(at), all.end());
  before.resize(at);
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
  if (!scope.baseline) move_loud_part(scope, before, p.focus);
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
