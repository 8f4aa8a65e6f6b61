#include "src/base/ids.h"

#include <fmt/format.h>

namespace midwatch::base {

Uuid7Generator::Uuid7Generator(const Clock& clock) : clock_(clock) {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  random_.seed(seed);
}

std::string Uuid7Generator::next_uuid() {
  const auto millis = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(clock_.now()).time_since_epoch().count());
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  {
    const std::scoped_lock lock(mutex_);
    a = random_();
    b = random_();
  }
  return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", millis >> 16U & 0xFFFFFFFFU, millis & 0xFFFFU,
                     a & 0xFFFU, 0x8000U | (a >> 16U & 0x3FFFU), b & 0xFFFFFFFFFFFFU);
}

std::string SequentialIdGenerator::next_uuid() {
  return fmt::format("00000000-0000-7000-8000-{:012x}", ++last_);
}

}  // namespace midwatch::base
