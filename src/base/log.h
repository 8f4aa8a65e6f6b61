#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"

namespace midwatch::base {

/// How much something that is logged matters, least first.
enum class LogLevel { kDebug, kInfo, kWarning, kError };

std::string_view to_string(LogLevel level);
std::optional<LogLevel> log_level_of(std::string_view word);

/// What was particular: "investigation", "space", "request_id", "reason", …
using LogField = std::pair<std::string_view, std::variant<std::string, std::int64_t, double>>;

/// Something that happened. The message is the same each time, so that it can be looked for; what was
/// particular stands in the fields, whose names are literals.
struct LogRecord {
  LogLevel level = LogLevel::kInfo;
  std::string_view message;
  std::vector<LogField> fields;
};

/// Takes what happened. Threads: called by several at once.
using Log = std::function<void(const LogRecord&)>;

/// A warning about something that failed: its `reason` is the error.
LogRecord trouble(std::string_view message, const Error& error, std::vector<LogField> fields = {});

enum class LogFormat {
  kText,  ///< for people at a terminal: time, level, message, name=value
  kJson   ///< for programs: an object with `time`, `severity`, `message` and the fields
};

std::optional<LogFormat> log_format_of(std::string_view word);

/// The record as one line with its end. Secrets are redacted, what could end the line or steer a terminal is
/// escaped, and each part is bounded, whatever the fields hold.
std::string log_line(const LogRecord& record, Timestamp time, LogFormat format);

}  // namespace midwatch::base
