#include "src/observe/lines/log_line.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::lines {
namespace {

TEST(LogLineReader, TakesEveryFormatApart) {
  const struct {
    const char* body;
    const char* message;
    Severity severity;
  } cases[] = {
      {"stored order 12", "stored order 12", Severity::kUnknown},
      {"2026-01-05 02:00:00,123 WARN  [http-3] c.e.Orders - slow", "slow", Severity::kWarning},
      {R"({"level":"error","msg":"failed","err":"no such host"})", "failed: no such host", Severity::kError},
      {R"({"level":"info","message":"2026-01-05 02:00:00 ERROR lost"})", "lost", Severity::kInfo},
      {R"({"errorType":"TypeError","errorMessage":"x is undefined"})", "TypeError: x is undefined",
       Severity::kUnknown},
      {R"(time="2026-01-05T02:00:00Z" level=error msg="failed to \"sync\"" error="no such host")",
       "failed to \"sync\": no such host", Severity::kError},
      {"2026-01-05T02:00:00Z level=warn msg=slow table=orders", "slow", Severity::kWarning},
      {"level=info count=3", "level=info count=3", Severity::kInfo},
      {"2026-01-05T02:00:00.123Z\tb1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f\tERROR\tInvoke Error \t"
       "{\"errorType\":\"OrderError\",\"errorMessage\":\"no stock\",\"stack\":[\"OrderError: no stock\",\"   "
       " at f (/a.js:1:2)\"]}",
       "Invoke Error: OrderError: no stock", Severity::kError},
      {"first\nsecond", "first", Severity::kUnknown},
      {"\n\nERROR late", "ERROR late", Severity::kError},
      {"one\rtwo", "one", Severity::kUnknown},
      {"", "", Severity::kUnknown},
      {"{not json", "{not json", Severity::kUnknown},
  };
  LogLineReader reader;
  for (const auto& c : cases) {
    const LogLine line = reader.read(c.body);
    EXPECT_EQ(line.message, c.message) << c.body;
    EXPECT_EQ(severity_of(line, ""), c.severity) << c.body;
  }
}

TEST(LogLineReader, RestoresTheLineEndsOfAStack) {
  LogLineReader reader;
  const LogLine line =
      reader.read(R"json({"level":"error","msg":"failed","stack":"Error: x\n    at f (/app/a.js:1:2)"})json");
  EXPECT_EQ(line.text, "failed\nError: x\n    at f (/app/a.js:1:2)");
}

TEST(SeverityOf, PrefersTheLineToItsStream) {
  LogLineReader reader;
  EXPECT_EQ(severity_of(reader.read("2026-01-05 02:00:00 INFO [a] b - ready"), "error"), Severity::kInfo);
  EXPECT_EQ(severity_of(reader.read("ready"), "error"), Severity::kError);
  EXPECT_EQ(severity_of(reader.read("2026-01-05 02:00:00 INFO [a] b - x\nTraceback (most recent call last):"),
                        "info"),
            Severity::kError);
}

RC_GTEST_PROP(LogLineReader, GivesOneLine, (const std::string& body)) {
  LogLineReader reader;
  const LogLine line = reader.read(body);
  RC_ASSERT(line.message.find('\n') == std::string_view::npos);
}

}  // namespace
}  // namespace midwatch::observe::lines
