#pragma once

#include <optional>
#include <string_view>

#include "src/base/time.h"

namespace midwatch::base {

/// Reads a length as people write it: a number with a unit (500ms, 2s, 15m, 12h, 30d), several in a row
/// (1h30m), or seconds without a unit (90); numbers may have a fraction (2.5s). Gives nothing for any other
/// text, a sign included, and beyond 250 years.
std::optional<Duration> parse_duration(std::string_view text);

}  // namespace midwatch::base
