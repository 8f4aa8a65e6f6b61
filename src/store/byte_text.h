#pragma once

#include <string>
#include <string_view>

namespace midwatch::store {

/// Any bytes as UTF-8 without NUL: NUL and what is no UTF-8 become "\x00" and the like, a backslash becomes
/// two, and everything else stays as it is, so that people can read it in a database.
std::string to_byte_text(std::string_view bytes);

/// The bytes that were made a byte text; what never was one stays as it is.
std::string from_byte_text(std::string_view text);

}  // namespace midwatch::store
