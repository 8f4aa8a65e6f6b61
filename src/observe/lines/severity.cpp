#include "src/observe/lines/severity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <utility>

#include "src/base/ascii.h"

namespace midwatch::observe::lines {
namespace {

/// A level stands near the start of a line.
constexpr std::size_t kLevelBytes = 120;
constexpr std::size_t kFailureBytes = 400;

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

/// Levels as numbers: 0 … 7 of syslog (RFC 5424), 10, 20 … 60 of bunyan and pino, else 1 … 24 of
/// OpenTelemetry.
Severity severity_from_number(std::string_view digits) {
  int n = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (error != std::errc() || end != digits.data() + digits.size()) return Severity::kUnknown;
  const bool tens = n >= 10 && n <= 60 && n % 10 == 0;
  if (n < 8)
    return n <= 3   ? Severity::kError
           : n == 4 ? Severity::kWarning
           : n == 7 ? Severity::kDebug
                    : Severity::kInfo;
  if (tens)
    return n >= 50   ? Severity::kError
           : n == 40 ? Severity::kWarning
           : n == 30 ? Severity::kInfo
                     : Severity::kDebug;
  if (n > 24) return Severity::kUnknown;
  return n >= 17 ? Severity::kError : n >= 13 ? Severity::kWarning : Severity::kInfo;
}

}  // namespace

Severity severity_from_word(std::string_view word) {
  using Level = std::pair<std::string_view, Severity>;
  static constexpr std::array<Level, 27> kLevels{
      {{"error", Severity::kError},      {"err", Severity::kError},       {"fatal", Severity::kError},
       {"critical", Severity::kError},   {"crit", Severity::kError},      {"severe", Severity::kError},
       {"alert", Severity::kError},      {"emerg", Severity::kError},     {"panic", Severity::kError},
       {"failure", Severity::kError},    {"emergency", Severity::kError}, {"e", Severity::kError},
       {"f", Severity::kError},          {"warning", Severity::kWarning}, {"warn", Severity::kWarning},
       {"wrn", Severity::kWarning},      {"w", Severity::kWarning},       {"info", Severity::kInfo},
       {"information", Severity::kInfo}, {"notice", Severity::kInfo},     {"log", Severity::kInfo},
       {"i", Severity::kInfo},           {"debug", Severity::kDebug},     {"trace", Severity::kDebug},
       {"verbose", Severity::kDebug},    {"d", Severity::kDebug},         {"v", Severity::kDebug}}};
  if (!word.empty() && word.front() >= '0' && word.front() <= '9') return severity_from_number(word);
  const auto same = [word](const Level& level) {
    return word.size() == level.first.size() &&
           std::equal(word.begin(), word.end(), level.first.begin(), [](char a, char b) {
             return static_cast<char>(std::tolower(static_cast<unsigned char>(a))) == b;
           });
  };
  const auto* const at = std::find_if(kLevels.begin(), kLevels.end(), same);
  return at == kLevels.end() ? Severity::kUnknown : at->second;
}

Severity severity_of_line(std::string_view line) {
  // Level words count where they stand alone: not "errors", not "error_count".
  const std::string_view head = line.substr(0, kLevelBytes);
  Severity first = Severity::kUnknown;
  for (std::size_t i = 0; i < head.size();) {
    if (!is_letter(head[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < head.size() && (is_letter(head[end]) || head[end] == '_' || head[end] == '-')) ++end;
    const std::string_view word = head.substr(i, end - i);
    const bool shouted =
        std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isupper(c) != 0; });
    if (word.size() >= 3 && (shouted || end - i == word.size())) {
      const Severity s = severity_from_word(word);
      if (s == Severity::kError && (shouted || first == Severity::kUnknown)) return s;
      if (first == Severity::kUnknown && s != Severity::kUnknown && (shouted || i < 40)) first = s;
      if (shouted && s != Severity::kUnknown) return s;
    }
    i = end;
  }
  const std::string text = base::to_lower(line.substr(0, kFailureBytes));
  static constexpr std::array<std::string_view, 9> kFailing{
      "exception",   "traceback (most", "panic:",        "fatal error", "unhandled",
      "stack trace", "segmentation",    "out of memory", "core dumped"};
  if (first != Severity::kDebug && std::any_of(kFailing.begin(), kFailing.end(), [&](std::string_view w) {
        return text.find(w) != std::string::npos;
      })) {
    return Severity::kError;
  }
  return first;
}

}  // namespace midwatch::observe::lines
