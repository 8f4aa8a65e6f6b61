#include "src/observe/series/robust.h"

#include <algorithm>
#include <cmath>

namespace midwatch::observe::series {
namespace {

/// The quantile that the scale is taken from, and the same of the normal distribution in standard deviations.
constexpr double kTail = 0.95;
constexpr double kNormalTail = 1.645;
/// More points than this make pairs of points too many; thinning does not move a median of slopes.
constexpr std::size_t kMostPairsPoints = 200;

/// Expected half range of `n` normal values is below that quantile for small n; this makes up for it.
double small_sample_factor(std::size_t n) {
  return 1.0 + 4.0 / static_cast<double>(n);
}

}  // namespace

double sorted_quantile(std::span<const double> ascending, double q) {
  const double place = q * static_cast<double>(ascending.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, ascending.size() - 1);
  return ascending[low] + (ascending[high] - ascending[low]) * (place - static_cast<double>(low));
}

double median_of(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return sorted_quantile(values, 0.5);
}

Ordinary ordinary_of(std::vector<double> values) {
  Ordinary o;
  o.count = values.size();
  if (values.empty()) return o;
  o.middle = median_of(values);
  o.lowest = values.front();
  o.highest = values.back();
  const double widen = small_sample_factor(values.size()) / kNormalTail;
  o.above = (sorted_quantile(values, kTail) - o.middle) * widen;
  o.below = (o.middle - sorted_quantile(values, 1 - kTail)) * widen;
  return o;
}

double deviation(const Ordinary& ordinary, double value, double floor) {
  const double away = value - ordinary.middle;
  return away / std::max(floor, away > 0 ? ordinary.above : ordinary.below);
}

double theil_sen_slope(std::span<const double> x, std::span<const double> y) {
  const std::size_t step = std::max<std::size_t>(1, x.size() / kMostPairsPoints);
  std::vector<double> slopes;
  for (std::size_t i = 0; i < x.size(); i += step) {
    for (std::size_t j = i + step; j < x.size(); j += step) {
      if (x[j] > x[i]) slopes.push_back((y[j] - y[i]) / (x[j] - x[i]));
    }
  }
  return slopes.empty() ? 0 : median_of(slopes);
}

double monotony(std::span<const double> y) {
  const std::size_t step = std::max<std::size_t>(1, y.size() / kMostPairsPoints);
  double agree = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < y.size(); i += step) {
    for (std::size_t j = i + step; j < y.size(); j += step) {
      agree += y[j] > y[i] ? 1 : y[j] < y[i] ? -1 : 0;
      pairs += 1;
    }
  }
  return pairs > 0 ? agree / pairs : 0;
}

}  // namespace midwatch::observe::series
