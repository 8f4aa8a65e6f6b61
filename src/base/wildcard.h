#pragma once

#include <string_view>

namespace midwatch::base {

/// True where the whole of `text` fits a pattern, in which `*` is any text and `?` any one character.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace midwatch::base
