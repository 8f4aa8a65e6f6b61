#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace midwatch::observe::series::testing {

/// Repeatable noise for tests, the same on every machine.
/// Source: SplitMix64, Steele et al. 2014; Box and Muller 1958.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}

  /// Between 0 and 1, never 0.
  double uniform() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    z ^= z >> 31U;
    return (static_cast<double>(z >> 12U) + 0.5) / static_cast<double>(std::uint64_t{1} << 52U);
  }

  double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform()); }

 private:
  std::uint64_t state_;
};

}  // namespace midwatch::observe::series::testing
