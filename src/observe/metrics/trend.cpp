#include "src/observe/metrics/trend.h"

#include <algorithm>
#include <cmath>

#include "src/observe/metrics/metric_fact.h"
#include "src/observe/metrics/strength.h"

namespace midwatch::observe::metrics {
namespace {

constexpr std::size_t kLeastTrendPoints = 6;
/// Of six points in random order, fewer than one set in a hundred is this much in one order.
constexpr double kTrendMonotony = 0.7;

}  // namespace

std::optional<model::Observation> observe_trend(const PreparedSeries& p) {
  if (p.focus.size() < kLeastTrendPoints) return std::nullopt;
  std::vector<double> x;
  std::vector<double> y;
  for (const auto& point : p.focus) {
    x.push_back(base::to_seconds(point.time - p.focus.front().time));
    y.push_back(point.value);
  }
  if (std::abs(series::monotony(y)) < kTrendMonotony) return std::nullopt;
  const double moved = series::theil_sen_slope(x, y) * x.back();
  const double scale = std::max(p.floor, moved > 0 ? p.ordinary.above : p.ordinary.below);
  const double strength = strength_of(moved / scale);
  if (strength < kLeastStrength) return std::nullopt;
  model::Observation o = metric_fact(p, moved > 0 ? "rising" : "falling", strength);
  set_value(p, o, y.back());
  // A trend towards the ordinary level is told by where it came from.
  if (moved * (y.back() - p.ordinary.middle) < 0) o.baseline = y.front();
  o.onset = p.focus.front().time;
  return o;
}

}  // namespace midwatch::observe::metrics
