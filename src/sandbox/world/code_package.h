#pragma once

#include <map>
#include <string>

namespace midwatch::sandbox::world {

/// A zip archive of these files; the same files give the same bytes.
std::string zip_of(const std::map<std::string, std::string>& files);

/// The base64 text of bytes that are given in hexadecimal digits, as Lambda prints the digest of its code.
std::string base64_of_hex(const std::string& digits);

}  // namespace midwatch::sandbox::world
