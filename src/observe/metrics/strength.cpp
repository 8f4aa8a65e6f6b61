#include "src/observe/metrics/strength.h"

#include <cmath>

namespace midwatch::observe::metrics {
namespace {

constexpr double kDoubtWidth = 0.8;

}  // namespace

double strength_of(double deviation) {
  return 1.0 / (1.0 + std::exp((kDoubtfulDeviation - std::abs(deviation)) / kDoubtWidth));
}

}  // namespace midwatch::observe::metrics
