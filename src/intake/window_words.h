#pragma once

#include <optional>
#include <string>

#include "src/base/time.h"

namespace midwatch::intake {

/// The time that a sentence asks to look at: "01:30–01:45", two moments with their dates, "between 1:30 and
/// 1:45 JST", "one hour earlier", "1時半から2時まで", "30分前から"; nothing where it names none. Times of day
/// are those nearest to `window`; where one end is named, the other is that of `window`.
///
/// Requires: `sentence` is valid UTF-8, with ASCII digits, colons and `~` for every dash between times.
std::optional<base::TimeRange> window_in(const std::string& sentence, base::TimeRange window);

}  // namespace midwatch::intake
