#include "src/observe/metrics/focus.h"

#include <algorithm>

#include "src/observe/series/robust.h"

namespace midwatch::observe::metrics {
namespace {

/// How far around the alarm a window is looked at.
constexpr base::Duration kAroundAlarm = std::chrono::minutes(30);
/// A sparse series needs some points on either side of the alarm to say anything.
constexpr int kPointsAroundAlarm = 6;

}  // namespace

base::Duration usual_interval(const std::vector<telemetry::MetricPoint>& points) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < points.size(); ++i)
    gaps.push_back(base::to_seconds(points[i].time - points[i - 1].time));
  return gaps.empty() ? base::Duration::zero() : base::duration_from_seconds(series::median_of(gaps));
}

base::TimeRange focus_of(const telemetry::IncidentScope& scope, base::Duration interval) {
  base::TimeRange focus = scope.window;
  if (!scope.alarm.time) return focus;
  const base::Duration reach = std::max(kAroundAlarm, kPointsAroundAlarm * interval);
  focus.start = std::max(focus.start, *scope.alarm.time - reach);
  focus.end = std::min(focus.end, *scope.alarm.time + reach);
  return focus.empty() ? scope.window : focus;
}

}  // namespace midwatch::observe::metrics
