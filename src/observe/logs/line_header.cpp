#include "src/observe/logs/line_header.h"

#include <cctype>

namespace midwatch::observe::logs {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alpha(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

void skip_spaces(std::string_view line, std::size_t& i) {
  while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
}

/// "hh:mm:ss" with an optional fraction.
bool skip_time(std::string_view line, std::size_t& i) {
  if (i + 8 > line.size()) return false;
  const std::string_view t = line.substr(i, 8);
  if (!digit(t[0]) || !digit(t[1]) || t[2] != ':' || !digit(t[3]) || !digit(t[4]) || t[5] != ':' ||
      !digit(t[6]) || !digit(t[7])) {
    return false;
  }
  i += 8;
  while (i < line.size() && (digit(line[i]) || line[i] == '.' || line[i] == ',')) ++i;
  return true;
}

/// "program[pid]:" or "program:"; leaves `i` behind it.
bool skip_program(std::string_view line, std::size_t& i) {
  std::size_t k = i;
  while (k < line.size() && line[k] != ' ' && line[k] != ':' && line[k] != '[') ++k;
  if (k == i) return false;
  if (k < line.size() && line[k] == '[') {
    ++k;
    while (k < line.size() && digit(line[k])) ++k;
    if (k >= line.size() || line[k] != ']') return false;
    ++k;
  }
  if (k >= line.size() || line[k] != ':') return false;
  i = k + 1;
  skip_spaces(line, i);
  return true;
}

/// "Jul  1 07:57:30 host program[1]: ": RFC 3164.
bool skip_bsd_syslog(std::string_view line, std::size_t& i) {
  std::size_t k = i;
  if (k + 15 > line.size() || !is_alpha(line[k]) || !is_alpha(line[k + 1]) || !is_alpha(line[k + 2]) ||
      line[k + 3] != ' ') {
    return false;
  }
  k += 3;
  skip_spaces(line, k);
  while (k < line.size() && digit(line[k])) ++k;
  skip_spaces(line, k);
  if (!skip_time(line, k)) return false;
  skip_spaces(line, k);
  while (k < line.size() && line[k] != ' ') ++k;  // host
  skip_spaces(line, k);
  if (!skip_program(line, k)) return false;
  i = k;
  return true;
}

/// A date or a date and time at the start: "2017-05-16 00:00:00.008", "2017-05-16T00:00:00Z", "17/06/09
/// 20:10:40".
bool skip_timestamp(std::string_view line, std::size_t& i) {
  std::size_t k = i;
  if (k < line.size() && line[k] == '[') ++k;
  const std::size_t begin = k;
  std::size_t digits = 0;
  std::size_t marks = 0;
  while (k < line.size() && (digit(line[k]) || line[k] == '-' || line[k] == '/' || line[k] == '.')) {
    digit(line[k]) ? ++digits : ++marks;
    ++k;
  }
  if (k == begin || digits < 4 || marks != 2) return false;
  if (k < line.size() && (line[k] == ' ' || line[k] == 'T')) {
    std::size_t t = k + 1;
    if (!skip_time(line, t)) return false;
    k = t;
    while (k < line.size() && line[k] != ' ' && line[k] != ']' && line[k] != '\t') ++k;  // zone
  }
  if (k < line.size() && line[k] == ']') ++k;
  skip_spaces(line, k);
  i = k;
  return true;
}

}  // namespace

std::string_view message_of(std::string_view line) {
  std::size_t i = 0;
  skip_spaces(line, i);
  if (!skip_bsd_syslog(line, i)) skip_timestamp(line, i);
  return i >= line.size() ? line : line.substr(i);
}

}  // namespace midwatch::observe::logs
