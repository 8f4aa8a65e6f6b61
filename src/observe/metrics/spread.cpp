#include "src/observe/metrics/spread.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "src/knowledge/metric_meaning.h"

namespace midwatch::observe::metrics {
namespace {

/// A change below 3 % of the level is ordinary for any quantity, percentages aside.
constexpr double kRelativeFloor = 0.03;
/// The least change of a percentage in points: half a point with few reference points; less with many,
/// because a percentage that never moved in hundreds of points does not move by chance.
constexpr double kPercentFloorMany = 0.15;
constexpr double kPercentFloorFew = 0.5;
constexpr double kManyPoints = 20.0;
/// A series' own spread counts against that of the same metric elsewhere as if the latter had this many
/// points.
constexpr double kPooledPoints = 5.0;
/// References with fewer points than this are few: what they never showed may still be ordinary.
constexpr double kFewPoints = 12.0;
/// The most that a share of one comes to: rates over an interval overshoot a little.
constexpr double kMostOfAShare = 1.1;
/// A division by the scale stays finite whatever the values are.
constexpr double kLeastFloor = 1e-12;

/// Series of one pool measure the same thing on different entities.
std::string pool_name(const telemetry::MetricKey& key) {
  std::string name = key.metric + '\x1f' + key.stat;
  for (const auto& [dimension, value] : key.dimensions) name += '\x1f' + dimension;
  return name;
}

struct Pool {
  std::vector<double> relative;  ///< spread by level of each member that has a level
  double largest = 0;
  double highest = 0;  ///< the same, and of all that is known of every member
  double typical = 0;  ///< the median of `relative`
};

void widen(series::Ordinary& ordinary, double elsewhere) {
  const double n = static_cast<double>(ordinary.count);
  const auto shrunk = [&](double own) {
    return std::sqrt((n * own * own + kPooledPoints * elsewhere * elsewhere) / (n + kPooledPoints));
  };
  ordinary.above = std::max(ordinary.above, shrunk(ordinary.above));
  ordinary.below = std::max(ordinary.below, shrunk(ordinary.below));
}

/// True for how many of something came in each interval.
bool counts_arrivals(const PreparedSeries& p) {
  const std::string& stat = p.series->key.stat;
  const bool sums = stat == "Sum" || stat == "SampleCount";
  return sums && (p.meaning.quantity == "requests" || p.meaning.quantity == "errors") &&
         std::all_of(p.points.begin(), p.points.end(),
                     [](const auto& point) { return point.value == std::floor(point.value); });
}

double floor_of(const PreparedSeries& p, double largest) {
  const double level = std::abs(p.ordinary.middle);
  const double n = static_cast<double>(p.ordinary.count);
  double floor = kRelativeFloor * level;
  // Arrivals are no clockwork: of n that are expected, more or fewer by the root of n come by chance
  // (Poisson).
  if (counts_arrivals(p)) floor = std::max(floor, std::sqrt(level));
  if (p.meaning.unit == "%" || p.meaning.quantity == "availability") {
    const double share = std::max(p.ordinary.highest, largest) <= kMostOfAShare ? 0.01 : 1.0;
    const double few = std::min(1.0, kManyPoints / n);
    floor = share * (kPercentFloorMany + (kPercentFloorFew - kPercentFloorMany) * few);
  }
  // What was always zero has no scale of its own: a tenth of the most that is seen anywhere is one, more
  // where "always" is only a few points.
  if (level == 0) floor = std::max(floor, 0.1 * (1 + kFewPoints / n) * largest);
  return std::max(floor, kLeastFloor);
}

/// True where the metric says of itself that it counts in hundredths: by its unit, by a word of its name, or
/// because it is CloudWatch's, whose utilizations are percentages whatever they come to.
bool says_percent(const telemetry::MetricKey& key) {
  if ((!key.unit.empty() && key.unit != "1") || key.metric.find('%') != std::string::npos) return true;
  if (std::any_of(key.metric.begin(), key.metric.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
    return true;
  const auto words = knowledge::name_words(key.metric);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "percent" || word == "percentage" || word == "pct";
  });
}

/// A utilization that nobody ever had more than one of is a share of one, as OpenTelemetry's conventions and
/// Prometheus' base units have it, and no percentage of machines that are all idle.
void read_as_share(PreparedSeries& p, double highest) {
  if (p.meaning.unit != "%" || highest > kMostOfAShare || highest <= 0 || says_percent(p.series->key)) return;
  p.meaning.unit = "1";
  p.meaning.limit = 1.0;
}

}  // namespace

void borrow_spread(std::vector<PreparedSeries>& prepared) {
  std::map<std::string, Pool> pools;
  for (const PreparedSeries& p : prepared) {
    Pool& pool = pools[pool_name(p.series->key)];
    const double level = std::abs(p.ordinary.middle);
    const double spread = (p.ordinary.above + p.ordinary.below) / 2;
    if (level > 0) pool.relative.push_back(spread / level);
    for (const auto& point : p.focus) pool.largest = std::max(pool.largest, std::abs(point.value));
    for (const auto& point : p.points) pool.highest = std::max(pool.highest, std::abs(point.value));
    pool.highest = std::max(pool.highest, p.ordinary.highest);
  }
  for (auto& [name, pool] : pools) {
    if (!pool.relative.empty()) pool.typical = series::median_of(pool.relative);
  }
  for (PreparedSeries& p : prepared) {
    const Pool& pool = pools[pool_name(p.series->key)];
    widen(p.ordinary, pool.typical * std::abs(p.ordinary.middle));
    p.floor = floor_of(p, pool.largest);
    p.peers_largest = pool.largest;
    read_as_share(p, pool.highest);
  }
}

}  // namespace midwatch::observe::metrics
