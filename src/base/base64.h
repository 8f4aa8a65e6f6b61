#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace midwatch::base {

/// Bytes as base64 text, with padding. Source: RFC 4648, section 4.
std::string to_base64(std::string_view bytes);

/// The bytes that a text of base64 stands for; nothing for any other text.
std::optional<std::string> from_base64(std::string_view text);

/// The same in the alphabet of addresses and file names, without padding. Source: RFC 4648, section 5.
std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace midwatch::base
