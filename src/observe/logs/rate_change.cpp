#include "src/observe/logs/rate_change.h"

#include <algorithm>
#include <cmath>

namespace midwatch::observe::logs {
namespace {

/// Counts spread by this share of themselves beyond Poisson noise.
constexpr double kOverdispersion = 0.4;
/// The deviation of a count that is half surely no noise, and how fast that becomes sure.
constexpr double kDoubtful = 2.5;
constexpr double kDoubtfulSpread = 0.7;

}  // namespace

void Episode::add(base::Timestamp time) {
  start_ = start_ ? std::min(*start_, time) : time;
  end_ = end_ ? std::max(*end_, time) : time;
}

double Episode::seconds() const {
  return start_ ? base::to_seconds(*end_ - *start_) : 0;
}

double sureness_of_change(double count, double expected) {
  const double noise = std::sqrt(expected + 1 + std::pow(kOverdispersion * expected, 2));
  const double z = (count - expected) / noise;
  return 1 / (1 + std::exp((kDoubtful - std::abs(z)) / kDoubtfulSpread));
}

}  // namespace midwatch::observe::logs
