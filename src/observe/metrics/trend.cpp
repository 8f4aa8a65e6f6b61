#include "src/observe/metrics/trend.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>
#include <vector>

#include "src/model/record_evidence.h"
#include "src/observe/metrics/materiality.h"
#include "src/observe/metrics/metric_fact.h"
#include "src/observe/metrics/strength.h"

namespace midwatch::observe::metrics {
namespace {

using telemetry::MetricPoint;

constexpr std::size_t kLeastTrendPoints = 6;
/// Of six points in random order, fewer than one set in a hundred is this much in one order.
constexpr double kTrendMonotony = 0.7;
/// A slow movement needs a record long enough to be no more than an hour's coming and going.
constexpr std::size_t kLeastGrowthPoints = 24;
/// A stock that moved by less than a fifth of where it began does not run out or over soon.
constexpr double kLeastGrowth = 0.2;
/// Warming caches grow as leaks do: slow growth alone is weak.
constexpr double kGrowthStrength = 0.6;

/// Quantities that add up what comes and goes, so that a slow movement is a lasting imbalance.
bool is_stock(std::string_view quantity) {
  static constexpr std::array<std::string_view, 8> kStocks{
      "memory", "swap", "disk_space", "connections", "threads", "queue", "queue_age", "replication_lag"};
  return std::find(kStocks.begin(), kStocks.end(), quantity) != kStocks.end();
}

/// A straight movement.
struct Movement {
  double slope = 0;  ///< per second
  double moved = 0;  ///< from the first to the last point
};

/// None where the points have no direction.
std::optional<Movement> movement_of(const std::vector<MetricPoint>& points) {
  if (points.size() < kLeastTrendPoints) return std::nullopt;
  std::vector<double> x;
  std::vector<double> y;
  for (const auto& point : points) {
    x.push_back(base::to_seconds(point.time - points.front().time));
    y.push_back(point.value);
  }
  if (std::abs(series::monotony(y)) < kTrendMonotony) return std::nullopt;
  const double slope = series::theil_sen_slope(x, y);
  return Movement{slope, slope * x.back()};
}

/// The scale of the points around the line.
double spread_around(const std::vector<MetricPoint>& points, const Movement& movement) {
  std::vector<double> residuals;
  residuals.reserve(points.size());
  for (const auto& point : points)
    residuals.push_back(point.value - movement.slope * base::to_seconds(point.time - points.front().time));
  const series::Ordinary around = series::ordinary_of(std::move(residuals));
  return std::max(around.above, around.below);
}

/// What falls from above to where it ordinarily is comes back; it does not go away from there.
bool goes_away(const PreparedSeries& p, const model::Observation& o) {
  const double beyond = p.focus.back().value - p.ordinary.middle;
  return o.type.ends_with(".rising") ? beyond > 0 : beyond < 0;
}

model::Observation trend_fact(const PreparedSeries& p, double moved, double strength) {
  model::Observation o = metric_fact(p, moved > 0 ? "rising" : "falling", strength);
  set_value(p, o, p.focus.back().value);
  return o;
}

std::optional<model::Observation> trend_in_focus(const PreparedSeries& p) {
  const auto movement = movement_of(p.focus);
  if (!movement) return std::nullopt;
  const double scale = std::max(p.floor, movement->moved > 0 ? p.ordinary.above : p.ordinary.below);
  const double strength = strength_of(movement->moved / scale);
  if (strength < kLeastStrength) return std::nullopt;
  model::Observation o = trend_fact(p, movement->moved, strength);
  set_onset(p, o, 0);
  return o;
}

std::optional<model::Observation> slow_growth(const PreparedSeries& p) {
  if (!is_stock(p.meaning.quantity)) return std::nullopt;
  const base::Timestamp end = p.focus.back().time;
  std::vector<MetricPoint> all;
  std::copy_if(p.points.begin(), p.points.end(), std::back_inserter(all),
               [&](const MetricPoint& point) { return point.time <= end; });
  if (all.size() < kLeastGrowthPoints) return std::nullopt;
  const auto movement = movement_of(all);
  if (!movement) return std::nullopt;
  const double begin = std::abs(all.back().value - movement->moved);
  if (std::abs(movement->moved) < kLeastGrowth * begin) return std::nullopt;
  const double scale = std::max(p.floor, spread_around(all, *movement));
  const double strength =
      kGrowthStrength * strength_of(movement->moved / scale) * materiality(p, all.back().value);
  if (strength < kLeastStrength) return std::nullopt;
  model::Observation o = trend_fact(p, movement->moved, strength);
  o.onset = all.front().time;
  o.onset_uncertainty = p.interval;
  o.evidence = {model::series_evidence(*p.series, {all.front().time, end + base::Duration(1)})};
  return o;
}

}  // namespace

std::optional<model::Observation> observe_trend(const PreparedSeries& p) {
  auto fast = trend_in_focus(p);
  auto slow = slow_growth(p);
  auto& stronger = slow && (!fast || slow->strength > fast->strength) ? slow : fast;
  return stronger && goes_away(p, *stronger) ? std::move(stronger) : std::nullopt;
}

}  // namespace midwatch::observe::metrics
