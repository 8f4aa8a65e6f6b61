#include "src/observe/metrics/excursion.h"

#include <algorithm>
#include <cmath>

#include "src/observe/metrics/strength.h"

namespace midwatch::observe::metrics {
namespace {

/// What a level that was there before the alarm keeps of its weight when the baseline is another day's.
constexpr double kDriftShare = 0.25;
/// The share of a movement that counts although the baseline has seen such levels.
constexpr double kUndone = 0.5;
/// A neighbour this far out belongs to the excursion: of ordinary points, under one in a hundred is.
constexpr double kPartOfIt = 2.5;

}  // namespace

double deviation_of(const PreparedSeries& p, double value) {
  const double whole = series::deviation(p.ordinary, value, p.floor);
  if (!p.level_before) return whole;
  const double scale = std::max(p.floor, whole > 0 ? p.ordinary.above : p.ordinary.below);
  const double fresh = (value - *p.level_before) / scale;
  // What moved since before the alarm counts, as far as the baseline agrees; where the level had drifted
  // the other way, half of the movement may only undo that.
  const double supported = std::max(0.0, whole * (fresh > 0 ? 1 : -1)) + kUndone * std::abs(fresh);
  const double agreed = std::copysign(std::min(std::abs(fresh), supported), fresh);
  return agreed + kDriftShare * std::clamp(whole - agreed, -kDoubtfulDeviation, kDoubtfulDeviation);
}

Excursion strongest_excursion(const PreparedSeries& p, int way) {
  std::vector<double> d;
  d.reserve(p.focus.size());
  for (const auto& point : p.focus) d.push_back(std::max(0.0, way * deviation_of(p, point.value)));
  Excursion best;
  for (std::size_t i = 0; i < d.size(); ++i) {
    const double next = i + 1 < d.size() ? d[i + 1] : 0;
    const double previous = i > 0 ? d[i - 1] : 0;
    const double second = d.size() == 1 ? d[i] / 2 : std::max(next, previous);
    if (second > d[i]) continue;  // the neighbour is the one to name
    if (d[i] <= 0) continue;
    // One point far out counts, but no more than twice its neighbour's say: single samples err.
    const double joint = 0.5 * d[i] + 0.5 * second;
    if (joint > std::abs(best.deviation)) {
      best.deviation = way * joint;
      best.value = p.focus[i].value;
      best.brief = d.size() >= 4 && second < kPartOfIt;
      best.first = i;
    }
  }
  const double enough = std::max(kPartOfIt, std::abs(best.deviation) / 3);
  while (best.first > 0 && d[best.first - 1] >= enough) --best.first;
  return best;
}

}  // namespace midwatch::observe::metrics
