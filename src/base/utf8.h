#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace midwatch::base {

/// True where `text` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_valid_utf8(std::string_view text);

/// Replaces each maximal ill-formed part by U+FFFD, as Unicode 15 section 3.9 recommends.
std::string repair_utf8(std::string_view text);

/// At most `max_bytes` of `text`, cut between code points; a cut adds "…".
std::string clip_utf8(std::string_view text, std::size_t max_bytes);

/// The columns that a terminal gives to `text`: East Asian wide characters count two, combining marks none.
std::size_t display_width(std::string_view text);

/// Makes hostile text harmless for one line of a terminal or a report: control characters, line ends and
/// bidirectional overrides become visible escapes, the rest stays. `max_bytes` bounds the result.
std::string printable(std::string_view text, std::size_t max_bytes);

}  // namespace midwatch::base
