#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace midwatch::base {

using Duration = std::chrono::nanoseconds;

/// A moment on the civil time line. Units: nanoseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Half-open: `start` belongs to it, `end` does not.
struct TimeRange {
  Timestamp start;
  Timestamp end;

  bool contains(Timestamp t) const { return start <= t && t < end; }
  bool empty() const { return !(start < end); }
  Duration length() const { return end - start; }
  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// Prints RFC 3339 in UTC with `Z`; the fraction has 0, 3, 6 or 9 digits, as few as are exact.
std::string format_rfc3339(Timestamp t);

/// Reads RFC 3339: date, `T` or a space, time, fraction of any length (cut to nanoseconds), `Z` or an offset
/// (`+09:00`, `+0900`). Second 60 is read as 59. Gives nothing for any other text.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

/// Reads epoch seconds, whole or with a decimal fraction of up to nanoseconds; exact (no floating point).
std::optional<Timestamp> parse_epoch_seconds(std::string_view text);

/// Reads either of the two forms that a bundle may use.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// Epoch seconds as a floating-point number, for arithmetic; exact to about a microsecond.
double to_seconds(Timestamp t);
double to_seconds(Duration d);
Timestamp from_seconds(double epoch_seconds);
Duration duration_from_seconds(double seconds);

/// Prints a length for people with two significant parts: "45 s", "12 min", "3 h 20 min", "2 d 4 h".
std::string format_duration(Duration d);

}  // namespace midwatch::base
