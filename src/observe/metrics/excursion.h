#pragma once

#include <cstddef>

#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {

/// The farthest that a series goes from its ordinary range.
struct Excursion {
  double deviation = 0;  ///< signed, in tail scales
  double value = 0;
  bool brief = false;     ///< one point only, of four or more
  std::size_t first = 0;  ///< where it begins, into focus
};

/// The deviation of a value in tail scales, less what had already drifted before the alarm: an incident
/// begins around its alarm, and another day's baseline cannot know what changed since.
double deviation_of(const PreparedSeries& p, double value);

/// The strongest two neighbouring points of one way (1 up, −1 down); one alone is brief.
Excursion strongest_excursion(const PreparedSeries& p, int way);

}  // namespace midwatch::observe::metrics
