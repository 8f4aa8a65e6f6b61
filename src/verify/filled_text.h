#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace midwatch::verify {

/// Values by the names of places.
using KnownValues = std::multimap<std::string, std::string, std::less<>>;

/// What stands in the places `{name}` of a pattern where `text` is that pattern filled; nothing where it is
/// not. What stands between `[?` and `]` may be absent. A place is at least one character; of several ways
/// to split a text the one with values that are `known` for their places is given, then the one with the
/// shortest first values.
std::optional<std::vector<std::pair<std::string, std::string>>> values_in(std::string_view pattern,
                                                                          std::string_view text,
                                                                          const KnownValues& known = {});

}  // namespace midwatch::verify
