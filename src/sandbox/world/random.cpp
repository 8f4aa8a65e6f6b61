#include "src/sandbox/world/random.h"

#include <cmath>

#include <fmt/format.h>

namespace midwatch::sandbox::world {

Random::Random(std::uint64_t seed, std::string_view label) : state_(seed * 0x9E3779B97F4A7C15U) {
  constexpr std::uint64_t kFnvPrime = 0x100000001B3U;
  for (const char c : label) state_ = (state_ ^ static_cast<unsigned char>(c)) * kFnvPrime;
  next();
}

std::uint64_t Random::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

double Random::uniform() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

double Random::normal() {
  // The sum of twelve uniform numbers has deviation 1; its tails are cut, which no world needs.
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += uniform();
  return std::fmax(-4, std::fmin(4, sum));
}

std::size_t Random::count(double expected) {
  if (expected <= 0) return 0;
  const double whole = std::floor(expected);
  return static_cast<std::size_t>(whole) + (chance(expected - whole) ? 1 : 0);
}

std::string Random::hex(std::size_t digits) {
  std::string text;
  while (text.size() < digits) text += fmt::format("{:016x}", next());
  text.resize(digits);
  return text;
}

std::string Random::uuid() {
  const std::string digits = hex(32);
  return fmt::format("{}-{}-4{}-a{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(13, 3),
                     digits.substr(17, 3), digits.substr(20, 12));
}

}  // namespace midwatch::sandbox::world
