#pragma once

#include <string>
#include <string_view>

namespace midwatch::sandbox::wire {

/// HMAC-SHA256 (RFC 2104), 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view data);

/// Bytes as lower-case hexadecimal digits.
std::string hex_of(std::string_view bytes);

/// A UUID (version 4) that follows from a secret and a label.
std::string uuid_of(std::string_view secret, std::string_view label);

/// True where both are the same, in a time that does not tell where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace midwatch::sandbox::wire
