#include "src/observe/logs/severity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace midwatch::observe::logs {
namespace {

/// A level stands near the start of a line.
constexpr std::size_t kLevelBytes = 120;
constexpr std::size_t kFailureBytes = 400;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

Severity severity_from_word(std::string_view text) {
  const std::string word = lower(text);
  static constexpr std::array<std::string_view, 12> kErrors{"error", "err",     "fatal",     "critical",
                                                            "crit",  "severe",  "alert",     "emerg",
                                                            "panic", "failure", "emergency", "e"};
  static constexpr std::array<std::string_view, 4> kWarnings{"warning", "warn", "wrn", "w"};
  static constexpr std::array<std::string_view, 5> kInfos{"info", "information", "notice", "log", "i"};
  static constexpr std::array<std::string_view, 4> kDebugs{"debug", "trace", "verbose", "d"};
  const auto among = [&](const auto& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (among(kErrors)) return Severity::kError;
  if (among(kWarnings)) return Severity::kWarning;
  if (among(kInfos)) return Severity::kInfo;
  if (among(kDebugs)) return Severity::kDebug;
  return Severity::kUnknown;
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
  const std::string text = lower(line.substr(0, kFailureBytes));
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

}  // namespace midwatch::observe::logs
