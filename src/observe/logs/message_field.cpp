#include "src/observe/logs/message_field.h"

#include <array>

namespace midwatch::observe::logs {
namespace {

/// The end of a JSON string that starts behind its quote; npos where it does not end.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i;
    }
  }
  return std::string_view::npos;
}

std::string_view unescape(std::string_view text, std::string& scratch) {
  if (text.find('\\') == std::string_view::npos) return text;
  scratch.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      scratch += text[i];
      continue;
    }
    const char c = text[++i];
    scratch += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }
  return scratch;
}

}  // namespace

std::string_view message_field(std::string_view body, std::string& scratch) {
  const std::size_t open = body.find_first_not_of(" \t");
  if (open == std::string_view::npos || body[open] != '{') return body;
  static constexpr std::array<std::string_view, 8> kNames{"\"message\"",  "\"msg\"",   "\"log\"",
                                                          "\"@message\"", "\"error\"", "\"errorMessage\"",
                                                          "\"event\"",    "\"text\""};
  for (const std::string_view name : kNames) {
    std::size_t at = body.find(name);
    if (at == std::string_view::npos) continue;
    at += name.size();
    while (at < body.size() && (body[at] == ' ' || body[at] == ':')) ++at;
    if (at >= body.size() || body[at] != '"') continue;
    const std::size_t end = end_of_string(body, at + 1);
    if (end == std::string_view::npos || end == at + 1) continue;
    return unescape(body.substr(at + 1, end - at - 1), scratch);
  }
  return body;
}

}  // namespace midwatch::observe::logs
