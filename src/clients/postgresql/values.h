#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"

namespace midwatch::clients::postgresql {

/// What the values of a column are.
enum class ValueKind {
  kText,
  kNumber,
  kBytes,         ///< "8192", "128 MB"
  kMegabytes,     ///< a number of them, kept as bytes
  kSeconds,       ///< an interval, or seconds as a number
  kMilliseconds,  ///< a number
  kTime,          ///< timestamp with or without time zone
  kBoolean,
  kPids,  ///< "{12,34}", "12"
  kLsn,   ///< "16/B374D848"
};

/// A value in the one form that detectors read: a decimal number of bytes, seconds, milliseconds or of a
/// position in the log; RFC 3339; "true" or "false"; process ids with commas between; text as it is. Nothing
/// where the text is no such value, and for NULL.
std::optional<std::string> normalized(ValueKind kind, std::string_view text);

/// "01:02:03.5", "2 days 03:04:05", "-00:00:01", "1 mon", "3.5": seconds. A month is 30 days, a year 12 of
/// them.
/// Source: PostgreSQL manual, 8.5.5 "Interval Output", style postgres; others are ISO 8601 and not read.
std::optional<double> parse_interval(std::string_view text);

/// "12 MB", "8192 bytes", "13 kB", "4096": bytes.
std::optional<double> parse_size(std::string_view text);

/// "2026-01-05 02:00:00.123+00": as psql prints a timestamp; without a zone it is taken as UTC.
std::optional<base::Timestamp> parse_time(std::string_view text);

}  // namespace midwatch::clients::postgresql
