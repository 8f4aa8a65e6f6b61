#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace midwatch::verify {

/// What stands in the places `{name}` of a pattern where `text` is that pattern filled; nothing where it is
/// not. What stands between `[?` and `]` may be absent. A place is at least one character; of several ways
/// to split a text the one with the shortest first values is given.
std::optional<std::vector<std::pair<std::string, std::string>>> values_in(std::string_view pattern,
                                                                          std::string_view text);

}  // namespace midwatch::verify
