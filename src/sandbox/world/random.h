#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace midwatch::sandbox::world {

/// Numbers that look random and follow from the seed and a label alone: what one part of a world draws does
/// not shift what another draws. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014 (SplitMix64).
class Random {
 public:
  Random(std::uint64_t seed, std::string_view label);

  std::uint64_t next();
  double uniform();  ///< in [0, 1)
  double normal();   ///< mean 0, deviation 1, within ±4
  bool chance(double probability) { return uniform() < probability; }
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  /// How many of `expected` on average happen: the whole part, and the fraction by chance.
  std::size_t count(double expected);
  std::string hex(std::size_t digits);
  std::string uuid();

 private:
  std::uint64_t state_;
};

}  // namespace midwatch::sandbox::world
