#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace midwatch::observe::series {

/// The quantile `q` (0 … 1) of ascending values, by linear interpolation (Hyndman and Fan 1996, type 7).
/// Requires: at least one value.
double sorted_quantile(std::span<const double> ascending, double q);

/// The middle value. Requires: at least one value. `values` is reordered.
double median_of(std::vector<double>& values);

/// What is ordinary for a series.
///
/// Shape:  the middle, and how far values ordinarily lie above and below it. The two distances come from the
///         5th and 95th percentile divided by 1.645 (the same quantile of a normal distribution): a skewed
///         series is not taken for anomalous, and an earlier incident inside the reference, up to a twentieth
///         of it, does not become ordinary; with few values they are widened, because the
///         extremes of a small sample understate the tail.
/// Source: quantile-based scale estimation, e.g. Rousseeuw and Croux 1993; small-sample widening after the
///         expected range of normal samples (Tippett 1925).
struct Ordinary {
  double middle = 0;
  double above = 0;  ///< scale of what lies above the middle; 0 for a constant series
  double below = 0;
  double lowest = 0;
  double highest = 0;
  std::size_t count = 0;
};

/// Requires: nothing; no values give count 0.
Ordinary ordinary_of(std::vector<double> values);

/// How many scales `value` lies from the middle; `floor` is the least scale (a constant series has none of
/// its own). Requires: floor > 0.
double deviation(const Ordinary& ordinary, double value, double floor);

/// Theil–Sen slope (Sen 1968): the median of the slopes between all pairs. Units: of y by of x. At most 200
/// points are used, evenly thinned. 0 for fewer than two points.
double theil_sen_slope(std::span<const double> x, std::span<const double> y);

/// Kendall's rank correlation of y with its position, −1 … 1: 1 where it only rises.
double monotony(std::span<const double> y);

}  // namespace midwatch::observe::series
