#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace midwatch::intake {

/// The bytes that a text of base64 stands for; nothing for any other text. Source: RFC 4648, section 4.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace midwatch::intake
