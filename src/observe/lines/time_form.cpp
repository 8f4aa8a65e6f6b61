#include "src/observe/lines/time_form.h"

#include <algorithm>
#include <array>

namespace midwatch::observe::lines {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

std::size_t digits_at(std::string_view s, std::size_t i) {
  std::size_t n = 0;
  while (i + n < s.size() && is_digit(s[i + n])) ++n;
  return n;
}

int number(std::string_view s) {
  int n = 0;
  for (const char c : s) n = n * 10 + (c - '0');
  return n;
}

bool ends_word(std::string_view s, std::size_t i) {
  return i >= s.size() || s[i] == ' ' || s[i] == '\t';
}

void skip_spaces(std::string_view s, std::size_t& i) {
  while (i < s.size() && (s[i] == ' ' || s[i] == '\t')) ++i;
}

bool is_month(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return std::find(kMonths.begin(), kMonths.end(), word) != kMonths.end();
}

bool is_weekday(std::string_view word) {
  static constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  return std::find(kDays.begin(), kDays.end(), word) != kDays.end();
}

/// "hh:mm:ss", behind a date also "hh.mm.ss", with a fraction behind ".", "," or ":".
bool skip_clock(std::string_view s, std::size_t& at, bool dotted = false) {
  std::size_t i = at;
  const std::size_t hours = digits_at(s, i);
  if (hours < 1 || hours > 2 || number(s.substr(i, hours)) > 24) return false;
  i += hours;
  if (i >= s.size() || (s[i] != ':' && !(dotted && s[i] == '.'))) return false;
  const char mark = s[i];
  for (int part = 0; part < 2; ++part) {
    const std::size_t n = i < s.size() && s[i] == mark ? digits_at(s, i + 1) : 0;
    if (n < 1 || n > 2 || number(s.substr(i + 1, n)) > 60) return false;
    i += n + 1;
  }
  while (i + 1 < s.size() && (s[i] == '.' || s[i] == ',' || s[i] == ':') && is_digit(s[i + 1]))
    i += 1 + digits_at(s, i + 1);
  at = i;
  return true;
}

/// "Z", "UTC", "+0000", "-05:00".
void skip_zone(std::string_view s, std::size_t& at) {
  std::size_t i = at;
  if (i < s.size() && (s[i] == 'Z' || s[i] == 'z') && (i + 1 >= s.size() || !is_upper(s[i + 1]))) {
    at = i + 1;
    return;
  }
  skip_spaces(s, i);
  if (i < s.size() && (s[i] == '+' || s[i] == '-')) {
    const std::size_t n = digits_at(s, i + 1);
    std::size_t end = i + 1 + n;
    if (n == 2 && end < s.size() && s[end] == ':' && digits_at(s, end + 1) == 2) end += 3;
    if ((n == 4 || end > i + 1 + n) && (ends_word(s, end) || s[end] == ']')) at = end;
    return;
  }
  static constexpr std::array<std::string_view, 2> kNames{"UTC", "GMT"};
  const std::string_view name = s.substr(i, 3);
  if (std::find(kNames.begin(), kNames.end(), name) != kNames.end() && i + 3 <= s.size() &&
      ends_word(s, i + 3))
    at = i + 3;
}

/// "Jan  5 02:00:00", "Sun Jan 05 02:00:00.1 2026".
bool skip_month_first(std::string_view s, std::size_t& at) {
  std::size_t i = at;
  if (i + 4 < s.size() && is_weekday(s.substr(i, 3)) && s[i + 3] == ' ') {
    i += 3;
    skip_spaces(s, i);
  }
  if (i + 6 > s.size() || !is_month(s.substr(i, 3)) || s[i + 3] != ' ') return false;
  i += 3;
  skip_spaces(s, i);
  const std::size_t day = digits_at(s, i);
  if (day < 1 || day > 2) return false;
  i += day;
  skip_spaces(s, i);
  if (!skip_clock(s, i)) return false;
  std::size_t year = i;
  skip_spaces(s, year);
  const std::size_t n = digits_at(s, year);
  if (n == 4 && year > i && (ends_word(s, year + 4) || s[year + 4] == ']')) i = year + 4;
  at = i;
  return true;
}

/// A date of digits, or with the name of a month: "2026-01-05", "26/01/05", "05/Jan/2026", "01-05",
/// "2026.01.05", "20260105".
bool skip_date(std::string_view s, std::size_t& at) {
  std::size_t i = at;
  const std::size_t first = digits_at(s, i);
  if (first == 8) {
    const int month = number(s.substr(i + 4, 2));
    const int day = number(s.substr(i + 6, 2));
    if (month < 1 || month > 12 || day < 1 || day > 31) return false;
    at = i + 8;
    return true;
  }
  if (first != 4 && first != 2 && first != 1) return false;
  i += first;
  if (i >= s.size() || (s[i] != '-' && s[i] != '/' && s[i] != '.')) return false;
  const char mark = s[i++];
  if (i + 3 < s.size() && is_month(s.substr(i, 3))) {
    i += 3;
  } else {
    const std::size_t second = digits_at(s, i);
    if (second < 1 || second > 2 || number(s.substr(i, second)) > 31) return false;
    i += second;
  }
  if (i < s.size() && s[i] == mark) {
    const std::size_t third = digits_at(s, i + 1);
    if (third != 1 && third != 2 && third != 4) return false;
    i += third + 1;
  } else if (first == 4) {
    return false;  // a year and a month are no date
  }
  at = i;
  return true;
}

/// A date and what separates it from its time.
bool skip_date_and_clock(std::string_view s, std::size_t& at) {
  std::size_t i = at;
  if (!skip_date(s, i)) return false;
  if (i < s.size() &&
      (s[i] == ' ' || s[i] == 'T' || s[i] == '-' || s[i] == '_' || s[i] == ':' || s[i] == ',')) {
    std::size_t clock = i + 1;
    skip_spaces(s, clock);
    if (skip_clock(s, clock, true)) {
      at = clock;
      return true;
    }
  }
  // Without a time, only a full date is one: "1.5" is a number.
  if (i - at < 8 || !ends_word(s, i)) return false;
  at = i;
  return true;
}

/// "081109 203615": date and time in six digits each.
bool skip_compact(std::string_view s, std::size_t& at) {
  const std::size_t i = at;
  if (digits_at(s, i) != 6 || i + 13 > s.size() || s[i + 6] != ' ' || digits_at(s, i + 7) != 6) return false;
  const std::string_view date = s.substr(i, 6);
  const std::string_view clock = s.substr(i + 7, 6);
  if (number(date.substr(2, 2)) > 12 || number(date.substr(4, 2)) > 31 || number(clock.substr(0, 2)) > 24 ||
      number(clock.substr(2, 2)) > 59 || number(clock.substr(4, 2)) > 60)
    return false;
  at = i + 13;
  return true;
}

bool skip_epoch(std::string_view s, std::size_t& at) {
  const std::size_t n = digits_at(s, at);
  if ((n != 10 && n != 13) || (s[at] != '1' && s[at] != '2')) return false;
  std::size_t i = at + n;
  if (i + 1 < s.size() && s[i] == '.' && is_digit(s[i + 1])) i += 1 + digits_at(s, i + 1);
  if (!ends_word(s, i)) return false;
  at = i;
  return true;
}

}  // namespace

TimeForm skip_time(std::string_view line, std::size_t& at) {
  if (at >= line.size()) return TimeForm::kNone;
  const char c = line[at];
  std::size_t i = at;
  TimeForm form = TimeForm::kNone;
  if (is_digit(c)) {
    if (skip_clock(line, i) || skip_date_and_clock(line, i) || skip_compact(line, i)) {
      form = TimeForm::kFull;
    } else if (skip_epoch(line, i)) {
      form = TimeForm::kEpoch;
    }
  } else if (is_upper(c)) {
    if ((c == 'I' || c == 'W' || c == 'E' || c == 'F') && digits_at(line, at + 1) == 4 &&
        at + 6 < line.size() && line[at + 5] == ' ') {
      i = at + 6;
      if (skip_clock(line, i)) form = TimeForm::kKlog;
    } else if (skip_month_first(line, i)) {
      form = TimeForm::kBsd;
    }
  }
  if (form == TimeForm::kNone) return form;
  if (form != TimeForm::kEpoch) skip_zone(line, i);
  at = i;
  return form;
}

}  // namespace midwatch::observe::lines
