#include "src/base/time.h"

#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace midwatch::base {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A cursor over fixed-width decimal fields.
class Fields {
 public:
  explicit Fields(std::string_view text) : text_(text) {}

  bool number(int width, int& out) {
    if (text_.size() < static_cast<std::size_t>(width)) return false;
    out = 0;
    for (int i = 0; i < width; ++i) {
      const char c = text_[static_cast<std::size_t>(i)];
      if (!is_digit(c)) return false;
      out = out * 10 + (c - '0');
    }
    text_.remove_prefix(static_cast<std::size_t>(width));
    return true;
  }
  bool literal(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool any_of(std::string_view set) {
    if (text_.empty() || set.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  /// Reads digits as a decimal fraction of a second.
  bool fraction(std::int64_t& nanos) {
    nanos = 0;
    std::int64_t unit = kNanosPerSecond / 10;
    std::size_t count = 0;
    while (count < text_.size() && is_digit(text_[count])) {
      nanos += unit * (text_[count] - '0');
      unit /= 10;
      ++count;
    }
    text_.remove_prefix(count);
    return count > 0;
  }
  bool done() const { return text_.empty(); }
  char front() const { return text_.empty() ? '\0' : text_.front(); }

 private:
  std::string_view text_;
};

std::optional<Duration> parse_offset(Fields& in) {
  if (in.any_of("Zz")) return Duration::zero();
  const bool negative = in.front() == '-';
  if (!in.any_of("+-")) return std::nullopt;
  int hours = 0;
  int minutes = 0;
  if (!in.number(2, hours)) return std::nullopt;
  in.literal(':');
  if (!in.number(2, minutes) || hours > 23 || minutes > 59) return std::nullopt;
  const Duration offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return negative ? -offset : offset;
}

/// The widest span that 64-bit nanoseconds hold, in whole seconds, with a day of slack: until April 2262.
constexpr std::int64_t kMaxSeconds = std::numeric_limits<std::int64_t>::max() / kNanosPerSecond - 86400;

}  // namespace

std::string format_rfc3339(Timestamp t) {
  const auto day = std::chrono::floor<days>(t);
  const std::chrono::year_month_day date(day);
  const auto since_midnight = t - day;
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(since_midnight).count();
  const std::int64_t nanos = (since_midnight % std::chrono::seconds(1)).count();
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (nanos % 1'000'000 == 0) {
    if (nanos != 0) text += fmt::format(".{:03}", nanos / 1'000'000);
  } else if (nanos % 1000 == 0) {
    text += fmt::format(".{:06}", nanos / 1000);
  } else {
    text += fmt::format(".{:09}", nanos);
  }
  return text + "Z";
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  Fields in(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!in.number(4, year) || !in.literal('-') || !in.number(2, month) || !in.literal('-') ||
      !in.number(2, day))
    return std::nullopt;
  if (!in.any_of("Tt ")) return std::nullopt;
  if (!in.number(2, hour) || !in.literal(':') || !in.number(2, minute) || !in.literal(':') ||
      !in.number(2, second))
    return std::nullopt;
  std::int64_t nanos = 0;
  if (in.any_of(".,") && !in.fraction(nanos)) return std::nullopt;
  const auto offset = parse_offset(in);
  if (!offset || !in.done()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  if (second == 60) second = 59;
  const std::chrono::seconds whole = sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
                                     std::chrono::minutes(minute) + std::chrono::seconds(second) -
                                     std::chrono::floor<std::chrono::seconds>(*offset);
  if (whole.count() < -kMaxSeconds || whole.count() > kMaxSeconds) return std::nullopt;
  return Timestamp(whole + Duration(nanos));
}

std::optional<Timestamp> parse_epoch_seconds(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  constexpr std::size_t kMostDigits = 18;  // which always fit, so that none needs a check of its own
  std::int64_t seconds = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && is_digit(text[digits]); ++digits) {
    if (digits == kMostDigits) return std::nullopt;
    seconds = seconds * 10 + (text[digits] - '0');
  }
  if (digits == 0 || seconds > kMaxSeconds) return std::nullopt;
  text.remove_prefix(digits);
  std::int64_t nanos = 0;
  if (!text.empty() && text.front() == '.') {
    Fields in(text.substr(1));
    if (!in.fraction(nanos) || !in.done()) return std::nullopt;
  } else if (!text.empty()) {
    return std::nullopt;
  }
  const std::int64_t total = seconds * kNanosPerSecond + nanos;
  return Timestamp(Duration(negative ? -total : total));
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  // A year and a dash begins every RFC 3339 time and no number.
  if (text.size() > 4 && text[4] == '-') return parse_rfc3339(text);
  return parse_epoch_seconds(text);
}

double to_seconds(Duration d) {
  return static_cast<double>(d.count()) / static_cast<double>(kNanosPerSecond);
}
double to_seconds(Timestamp t) {
  return to_seconds(t.time_since_epoch());
}

Duration duration_from_seconds(double seconds) {
  const double limit = static_cast<double>(kMaxSeconds);
  if (!(seconds > -limit)) seconds = -limit;
  if (seconds > limit) seconds = limit;
  const double whole = std::floor(seconds);
  return std::chrono::seconds(static_cast<std::int64_t>(whole)) +
         Duration(static_cast<std::int64_t>(std::llround((seconds - whole) * 1e9)));
}

Timestamp from_seconds(double epoch_seconds) {
  return Timestamp(duration_from_seconds(epoch_seconds));
}

std::string format_duration(Duration d) {
  if (d < Duration::zero()) return "-" + format_duration(-d);
  if (d < std::chrono::seconds(1)) return fmt::format("{} ms", d / std::chrono::milliseconds(1));
  const std::int64_t total = d / std::chrono::seconds(1);
  struct Unit {
    std::int64_t seconds;
    std::string_view name;
  };
  static constexpr std::array<Unit, 4> kUnits{{{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}}};
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    if (total < kUnits[i].seconds) continue;
    std::string text = fmt::format("{} {}", total / kUnits[i].seconds, kUnits[i].name);
    if (i + 1 < kUnits.size()) {
      const std::int64_t rest = total % kUnits[i].seconds / kUnits[i + 1].seconds;
      if (rest > 0) text += fmt::format(" {} {}", rest, kUnits[i + 1].name);
    }
    return text;
  }
  return "0 s";
}

}  // namespace midwatch::base
