#include "src/observe/lines/severity.h"

#include <gtest/gtest.h>

namespace midwatch::observe::lines {
namespace {

TEST(SeverityFromWord, KnowsTheWordsAndNumbersOfLoggers) {
  const struct {
    const char* word;
    Severity severity;
  } cases[] = {
      {"ERROR", Severity::kError},    {"err", Severity::kError},   {"Fatal", Severity::kError},
      {"WARN", Severity::kWarning},   {"W", Severity::kWarning},   {"Info", Severity::kInfo},
      {"notice", Severity::kInfo},    {"DEBUG", Severity::kDebug}, {"V", Severity::kDebug},
      {"3", Severity::kError},        {"4", Severity::kWarning},   {"6", Severity::kInfo},
      {"7", Severity::kDebug},        {"50", Severity::kError},    {"40", Severity::kWarning},
      {"30", Severity::kInfo},        {"20", Severity::kDebug},    {"17", Severity::kError},
      {"13", Severity::kWarning},     {"9", Severity::kInfo},      {"99", Severity::kUnknown},
      {"errors", Severity::kUnknown}, {"", Severity::kUnknown},    {"1x", Severity::kUnknown},
  };
  for (const auto& c : cases) EXPECT_EQ(severity_from_word(c.word), c.severity) << c.word;
}

TEST(SeverityOfLine, ReadsALevelNearTheStartOrWordsOfFailing) {
  const struct {
    const char* line;
    Severity severity;
  } cases[] = {
      {"2026-01-05 02:00:00 ERROR lost connection", Severity::kError},
      {"level=warn msg=slow", Severity::kWarning},
      {"java.lang.IllegalStateException: closed", Severity::kError},
      {"Traceback (most recent call last):", Severity::kError},
      {"panic: runtime error", Severity::kError},
      {"DEBUG caught exception, ignored", Severity::kDebug},
      {"stored 3 errors_total", Severity::kUnknown},
      {"", Severity::kUnknown},
      {"2026-01-05T02:00:00.123456789Z gateway-7d9f8b6c5d-x2lkq [main] error no route", Severity::kError},
  };
  for (const auto& c : cases) EXPECT_EQ(severity_of_line(c.line), c.severity) << c.line;
}

}  // namespace
}  // namespace midwatch::observe::lines
