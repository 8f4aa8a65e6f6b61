#include "src/base/log.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::base {
namespace {

/// A reason may hold what an account or a database said; nobody reads more of it.
constexpr std::size_t kMostBytes = 2000;
constexpr std::size_t kMostFields = 32;

constexpr std::array<std::pair<LogLevel, std::string_view>, 4> kLevels{{
    {LogLevel::kDebug, "debug"},
    {LogLevel::kInfo, "info"},
    {LogLevel::kWarning, "warning"},
    {LogLevel::kError, "error"},
}};

std::string safe(std::string_view text) {
  return printable(redact(text), kMostBytes);
}

/// A text of a field, without the secret that its name says it is.
std::string safe_value(std::string_view name, const std::string& value) {
  return is_secret_key(name) ? std::string(kRedacted) : safe(value);
}

Json json_value(const LogField& field) {
  const auto& [name, value] = field;
  if (const auto* text = std::get_if<std::string>(&value)) return safe_value(name, *text);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  return std::get<double>(value);
}

/// In quotes where it could be taken for more than one word.
std::string text_value(const LogField& field) {
  const auto& [name, value] = field;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:.6g}", *real);
  const std::string text = safe_value(name, std::get<std::string>(value));
  const bool plain = !text.empty() && text.find_first_of(" \"=") == std::string::npos;
  return plain ? text : fmt::format("\"{}\"", escape_json(text));
}

}  // namespace

std::string_view to_string(LogLevel level) {
  return kLevels.at(static_cast<std::size_t>(level)).second;
}

std::optional<LogLevel> log_level_of(std::string_view word) {
  for (const auto& [level, name] : kLevels)
    if (name == word) return level;
  return std::nullopt;
}

std::optional<LogFormat> log_format_of(std::string_view word) {
  if (word == "text") return LogFormat::kText;
  if (word == "json") return LogFormat::kJson;
  return std::nullopt;
}

LogRecord trouble(std::string_view message, const Error& error, std::vector<LogField> fields) {
  fields.emplace_back("reason", error.describe());
  return {LogLevel::kWarning, message, std::move(fields)};
}

std::string log_line(const LogRecord& record, Timestamp time, LogFormat format) {
  const std::size_t shown = std::min(record.fields.size(), kMostFields);
  if (format == LogFormat::kJson) {
    Json line{{"time", format_rfc3339(time)},
              {"severity", to_string(record.level)},
              {"message", safe(record.message)}};
    for (std::size_t i = 0; i < shown; ++i)
      line[std::string(record.fields[i].first)] = json_value(record.fields[i]);
    return dump_json(line) + "\n";
  }
  std::string line =
      fmt::format("{} {:<7} {}", format_rfc3339(time), to_string(record.level), safe(record.message));
  for (std::size_t i = 0; i < shown; ++i)
    line += fmt::format(" {}={}", record.fields[i].first, text_value(record.fields[i]));
  return line + "\n";
}

}  // namespace midwatch::base
