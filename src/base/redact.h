#pragma once

#include <string>
#include <string_view>

namespace midwatch::base {

/// What stands in a text where a secret stood.
inline constexpr std::string_view kRedacted = "[redacted]";

/// Replaces secrets in free text: cloud access keys, private keys, JSON Web Tokens, bearer and basic
/// credentials, passwords in connection strings and in `key=value` or `"key": "value"` form, tokens of common
/// vendors. Everything that is stored, shown or sent passes through here first. Applying it twice changes
/// nothing more.
std::string redact(std::string_view text);

/// True where a configuration key by its name holds a secret (`DB_PASSWORD`, `apiKey`, …); its value must not
/// be kept.
bool is_secret_key(std::string_view key);

}  // namespace midwatch::base
