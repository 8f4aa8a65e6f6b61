#pragma once

#include <chrono>

#include "src/base/clock.h"

namespace midwatch::app {

/// The time of an investigation: it begins when the investigation first began, in every attempt, and stands
/// still in between steps of five seconds. So a later attempt asks for the same windows as the one before.
/// Threads: safe. Requires: `clock` outlives it.
class RepeatableClock final : public base::Clock {
 public:
  RepeatableClock(const base::Clock& clock, base::Timestamp first_begun)
      : clock_(clock), first_begun_(first_begun), begun_(clock.steady_now()) {}

  base::Timestamp now() const override {
    constexpr std::chrono::seconds kStep{5};
    return first_begun_ + kStep * ((clock_.steady_now() - begun_) / kStep);
  }
  std::chrono::steady_clock::time_point steady_now() const override { return clock_.steady_now(); }
  base::Duration processor_time() const override { return clock_.processor_time(); }

 private:
  const base::Clock& clock_;
  base::Timestamp first_begun_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace midwatch::app
