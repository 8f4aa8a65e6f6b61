#include "src/clients/postgresql/values.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/telemetry/number.h"

namespace midwatch::clients::postgresql {
namespace {

constexpr std::size_t kLongestValue = 100;
constexpr std::size_t kMostPids = 500;

std::string number_text(double value) {
  return fmt::format("{}", value);
}

/// "01:02:03.5", also with a sign and with more hours than a day has.
std::optional<double> parse_clock(std::string_view text) {
  double sign = 1;
  if (text.starts_with('-') || text.starts_with('+')) {
    sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
  }
  const auto parts = base::split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  double seconds = 0;
  for (const std::string_view part : parts) {
    const auto value = telemetry::parse_number(part);
    if (!value || *value < 0) return std::nullopt;
    seconds = 60 * seconds + *value;
  }
  return sign * (parts.size() == 2 ? 60 * seconds : seconds);
}

std::optional<double> seconds_of_unit(std::string_view unit) {
  static constexpr std::array<std::pair<std::string_view, double>, 9> kUnits{{{"year", 12.0 * 30 * 86400},
                                                                              {"mon", 30.0 * 86400},
                                                                              {"month", 30.0 * 86400},
                                                                              {"week", 7.0 * 86400},
                                                                              {"day", 86400},
                                                                              {"hour", 3600},
                                                                              {"min", 60},
                                                                              {"minute", 60},
                                                                              {"second", 1}}};
  if (unit.ends_with('s')) unit.remove_suffix(1);
  if (unit.empty() || unit == "sec") return 1;
  const auto* at = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& u) { return u.first == unit; });
  return at == kUnits.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::string> pids_of(std::string_view text) {
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  std::string out;
  std::size_t count = 0;
  for (const std::string_view part : base::split(text, ',')) {
    if (part.empty()) continue;
    const bool digits = part.find_first_not_of("0123456789") == std::string_view::npos && part.size() < 11;
    if (!digits || ++count > kMostPids) return std::nullopt;
    if (!out.empty()) out += ',';
    out += part;
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<std::uint64_t> parse_hexadecimal(std::string_view text) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : base::to_lower(text)) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = 16 * value + digit;
  }
  return value;
}

std::optional<std::string> position_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto high = parse_hexadecimal(text.substr(0, slash));
  const auto low = parse_hexadecimal(text.substr(slash + 1));
  if (!high || !low) return std::nullopt;
  return fmt::format("{}", (*high << 32U) + *low);
}

std::optional<std::string> boolean_of(std::string_view text) {
  const std::string word = base::to_lower(text);
  for (const std::string_view yes : {"t", "true", "yes", "on"}) {
    if (word == yes) return "true";
  }
  for (const std::string_view no : {"f", "false", "no", "off"}) {
    if (word == no) return "false";
  }
  return std::nullopt;
}

std::optional<std::string> as_number(const std::optional<double>& value) {
  return value ? std::optional(number_text(*value)) : std::nullopt;
}

}  // namespace

std::optional<double> parse_interval(std::string_view text) {
  text = base::trim(text);
  if (text.empty() || text.size() > kLongestValue) return std::nullopt;
  if (const auto plain = telemetry::parse_number(text)) return plain;
  double seconds = 0;
  const auto words = base::split_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].find(':') != std::string_view::npos) {
      const auto clock = parse_clock(words[i]);
      if (!clock) return std::nullopt;
      seconds += *clock;
      continue;
    }
    const auto value = telemetry::parse_number(words[i]);
    const auto unit = i + 1 < words.size() ? seconds_of_unit(words[i + 1]) : std::nullopt;
    if (!value || !unit) return std::nullopt;
    seconds += *value * *unit;
    ++i;
  }
  return seconds;
}

std::optional<double> parse_size(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, int>, 10> kUnits{{{"", 0},
                                                                            {"b", 0},
                                                                            {"byte", 0},
                                                                            {"bytes", 0},
                                                                            {"kb", 10},
                                                                            {"mb", 20},
                                                                            {"gb", 30},
                                                                            {"tb", 40},
                                                                            {"pb", 50},
                                                                            {"mib", 20}}};
  text = base::trim(text);
  if (text.empty() || text.size() > kLongestValue) return std::nullopt;
  const std::size_t end = std::min(text.find_first_not_of("-+.0123456789"), text.size());
  const auto value = telemetry::parse_number(text.substr(0, end));
  const std::string unit = base::to_lower(base::trim(text.substr(end)));
  const auto* at = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& u) { return u.first == unit; });
  if (!value || at == kUnits.end()) return std::nullopt;
  return *value * static_cast<double>(std::uint64_t{1} << static_cast<unsigned>(at->second));
}

std::optional<base::Timestamp> parse_time(std::string_view text) {
  text = base::trim(text);
  if (text.size() < 19 || text.size() > 40) return std::nullopt;
  std::string time(text);
  const std::size_t zone = time.find_first_of("+-", 19);
  if (zone == std::string::npos && !time.ends_with('Z')) time += 'Z';
  if (zone != std::string::npos && time.size() - zone == 3) time += ":00";
  return base::parse_rfc3339(time);
}

std::optional<std::string> normalized(ValueKind kind, std::string_view text) {
  text = base::trim(text);
  if (text.empty() || text == "NULL" || text == "(null)" || text == "∅" || text == "<null>")
    return std::nullopt;
  if (kind != ValueKind::kText && kind != ValueKind::kPids && text.size() > kLongestValue)
    return std::nullopt;
  switch (kind) {
    case ValueKind::kText:
      return std::string(text);
    case ValueKind::kNumber:
    case ValueKind::kMilliseconds:
      return as_number(telemetry::parse_number(text));
    case ValueKind::kBytes:
      return as_number(parse_size(text));
    case ValueKind::kMegabytes: {
      const auto value = telemetry::parse_number(text);
      return as_number(value ? std::optional(*value * 1024 * 1024) : std::nullopt);
    }
    case ValueKind::kSeconds:
      return as_number(parse_interval(text));
    case ValueKind::kTime: {
      const auto time = parse_time(text);
      return time ? std::optional(base::format_rfc3339(*time)) : std::nullopt;
    }
    case ValueKind::kBoolean:
      return boolean_of(text);
    case ValueKind::kPids:
      return pids_of(text);
    case ValueKind::kLsn:
      return position_of(text);
  }
  return std::nullopt;
}

}  // namespace midwatch::clients::postgresql
