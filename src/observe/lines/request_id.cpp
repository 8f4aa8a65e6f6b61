#include "src/observe/lines/request_id.h"

#include <algorithm>
#include <array>

namespace midwatch::observe::lines {
namespace {

/// An identifier stands in the header of a line or near it.
constexpr std::size_t kHeadBytes = 400;
constexpr std::size_t kIdBytes = 8;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool is_id_char(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == '-';
}

/// Hexadecimal digits and dashes with at least one digit that is not zero.
std::string_view id_at(std::string_view line, std::size_t at) {
  std::size_t end = at;
  while (end < line.size() && is_id_char(line[end])) ++end;
  const std::string_view id = line.substr(at, end - at);
  if (id.size() < kIdBytes || id.find_first_not_of("0-") == std::string_view::npos) return {};
  if (std::none_of(id.begin(), id.end(), is_digit)) return {};
  const bool ends =
      end >= line.size() || std::string_view(" \t\r\n,;]})\"'|").find(line[end]) != std::string_view::npos;
  return ends ? id : std::string_view();
}

/// Behind a name: "_id", "Id", "-id", ".id" or "parent" and then ":", "=", quotes, spaces.
std::string_view value_behind(std::string_view line, std::size_t at) {
  if (at < line.size() && (line[at] == '_' || line[at] == '-' || line[at] == '.')) ++at;
  bool named = false;
  for (const std::string_view word : {"id", "parent"}) {
    if (line.size() - at >= word.size() &&
        std::equal(word.begin(), word.end(), line.begin() + static_cast<std::ptrdiff_t>(at),
                   [](char a, char b) { return a == lower(b); })) {
      at += word.size();
      named = true;
      break;
    }
  }
  std::size_t value = at;
  bool mark = false;
  while (value < line.size() && value - at < 4 &&
         std::string_view(" :=\"'").find(line[value]) != std::string_view::npos) {
    mark = mark || line[value] == ':' || line[value] == '=';
    ++value;
  }
  // "trace 12" is prose; "trace=12…" and "trace id 12…" are not.
  return mark || (named && value > at) ? id_at(line, value) : std::string_view();
}

/// The value of the first member whose name ends with `name`, of which the first letter may be a capital.
std::string_view find_named(std::string_view line, std::string_view rest_of_name, char first) {
  for (std::size_t at = line.find(rest_of_name); at != std::string_view::npos;
       at = line.find(rest_of_name, at + 1)) {
    if (at == 0 || lower(line[at - 1]) != first) continue;
    const std::string_view id = value_behind(line, at + rest_of_name.size());
    if (!id.empty()) return id;
  }
  return {};
}

}  // namespace

RequestId request_id_in(std::string_view line) {
  line = line.substr(0, kHeadBytes);
  RequestId out;
  out.trace = find_named(line, "race", 't');
  if (!out.trace.empty()) {
    // "00-TRACE-SPAN-01" of W3C trace context.
    if (out.trace.size() == 55 && out.trace[2] == '-' && out.trace[35] == '-') {
      out.span = out.trace.substr(36, 16);
      out.trace = out.trace.substr(3, 32);
      return out;
    }
    out.span = find_named(line, "pan", 's');
    return out;
  }
  out.trace = find_named(line, "equest", 'r');
  if (!out.trace.empty()) return out;
  const std::size_t req = line.find("req-");
  if (req != std::string_view::npos) out.trace = id_at(line, req + 4);
  return out;
}

}  // namespace midwatch::observe::lines
