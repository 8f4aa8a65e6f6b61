#pragma once

#include <chrono>

#include "src/base/time.h"

namespace midwatch::identity {

/// By so much the clocks of processes that share a store may differ without anybody noticing.
inline constexpr std::chrono::minutes kClockSkew{5};

/// True for a moment that was noted as past and lies ahead: the clock was set back since.
inline bool is_yet_to_come(base::Timestamp noted, base::Timestamp now) {
  return noted > now + kClockSkew;
}

}  // namespace midwatch::identity
