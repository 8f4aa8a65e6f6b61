#include "src/store/byte_text.h"

#include <cstddef>

#include "src/base/utf8.h"

namespace midwatch::store {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// How many bytes the character at the front has; 0 where there is none.
std::size_t character_at(std::string_view bytes) {
  for (std::size_t size = 1; size <= 4 && size <= bytes.size(); ++size)
    if (base::is_valid_utf8(bytes.substr(0, size))) return size;
  return 0;
}

void add_escaped(std::string& text, char byte) {
  const auto value = static_cast<unsigned char>(byte);
  text += "\\x";
  text += kDigits[value >> 4U];
  text += kDigits[value & 15U];
}

}  // namespace

std::string to_byte_text(std::string_view bytes) {
  constexpr std::string_view kEscaped("\\\0", 2);
  if (bytes.find_first_of(kEscaped) == std::string_view::npos && base::is_valid_utf8(bytes))
    return std::string(bytes);
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t size = character_at(bytes);
    if (size == 0 || bytes.front() == '\0') {
      add_escaped(text, bytes.front());
    } else if (bytes.front() == '\\') {
      text += "\\\\";
    } else {
      text += bytes.substr(0, size);
    }
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
  return text;
}

std::string from_byte_text(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  while (!text.empty()) {
    std::size_t read = 1;
    char byte = text.front();
    if (text.starts_with("\\\\")) {
      read = 2;
    } else if (text.starts_with("\\x") && text.size() >= 4) {
      const auto high = kDigits.find(text[2]);
      const auto low = kDigits.find(text[3]);
      if (high != std::string_view::npos && low != std::string_view::npos) {
        byte = static_cast<char>(high * 16 + low);
        read = 4;
      }
    }
    bytes += byte;
    text.remove_prefix(read);
  }
  return bytes;
}

}  // namespace midwatch::store
