#include "src/observe/database/course.h"

#include <algorithm>
#include <vector>

#include "src/observe/series/robust.h"

namespace midwatch::observe::database {
namespace {

constexpr std::size_t kLeastPoints = 3;
constexpr std::size_t kLeastBefore = 3;

std::vector<double> values_of(const std::vector<telemetry::MetricPoint>& points, std::size_t first) {
  std::vector<double> values;
  for (std::size_t i = first; i < points.size(); ++i) values.push_back(points[i].value);
  return values;
}

/// The ordinary level from a time that is known to lie before the fault; nothing where there is none.
std::optional<double> known_before(const telemetry::MetricSeries& series,
                                   const telemetry::MetricSeries* baseline,
                                   const telemetry::IncidentScope& scope) {
  std::vector<double> values;
  if (baseline != nullptr) values = values_of(baseline->points, 0);
  if (values.size() < kLeastBefore) {
    values.clear();
    for (const auto& p : series.points) {
      if (p.time < scope.window.start) values.push_back(p.value);
    }
  }
  if (values.size() < kLeastBefore) return std::nullopt;
  return series::median_of(values);
}

}  // namespace

double Course::growth(double floor) const {
  return std::max(now, floor) / std::max(before, floor);
}

std::optional<base::Timestamp> Course::since(const std::function<bool(double)>& fits) const {
  std::optional<base::Timestamp> first;
  for (std::size_t i = series->points.size(); i-- > 0;) {
    if (!fits(series->points[i].value)) break;
    first = series->points[i].time;
  }
  return first;
}

std::optional<Course> course_of(const telemetry::MetricSeries& series,
                                const telemetry::MetricSeries* baseline,
                                const telemetry::IncidentScope& scope, Worse worse) {
  std::vector<telemetry::MetricPoint> inside;
  for (const auto& p : series.points) {
    if (scope.window.contains(p.time)) inside.push_back(p);
  }
  if (inside.size() < kLeastPoints) return std::nullopt;
  Course course;
  course.series = &series;
  course.points = inside.size();
  const auto by_value = [](const auto& a, const auto& b) { return a.value < b.value; };
  const auto [low, high] = std::minmax_element(inside.begin(), inside.end(), by_value);
  course.worst = worse == Worse::kMore ? high->value : low->value;
  const auto [lowest, highest] = std::minmax_element(series.points.begin(), series.points.end(), by_value);
  course.lowest = lowest->value;
  course.highest = highest->value;
  std::vector<double> late = values_of(inside, inside.size() - std::max<std::size_t>(1, inside.size() / 4));
  course.now = series::median_of(late);
  std::vector<double> later = values_of(inside, inside.size() / 2);
  course.sustained = series::median_of(later);
  if (const auto known = known_before(series, baseline, scope)) {
    course.before = *known;
  } else {
    const auto half = inside.begin() + static_cast<std::ptrdiff_t>((inside.size() + 1) / 2);
    const auto [best_low, best_high] = std::minmax_element(inside.begin(), half, by_value);
    course.before = worse == Worse::kMore ? best_low->value : best_high->value;
  }
  return course;
}

}  // namespace midwatch::observe::database
