#include "src/observe/lines/trace_lines.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::lines {
namespace {

/// How many lines belong to each record.
std::vector<int> records_of(const std::vector<std::string>& lines) {
  TraceLines trace;
  std::vector<int> records;
  for (const auto& line : lines) {
    if (trace.continues(line) && !records.empty()) {
      ++records.back();
    } else {
      records.push_back(1);
    }
  }
  return records;
}

TEST(TraceLines, JoinTheLinesOfATraceToTheRecordBeforeIt) {
  const struct {
    std::vector<std::string> lines;
    std::vector<int> records;
  } cases[] = {
      {{"request 1", "ERROR failed", "java.lang.IllegalStateException: x", "\tat a.B.c(B.java:1)",
        "Caused by: a.D: y", "\tat a.D.e(D.java:2)", "\t... 3 more", "request 2"},
       {1, 1, 5, 1}},
      {{"Traceback (most recent call last):", "  File \"/a.py\", line 1, in f", "    f()", "KeyError: 'x'",
        "request 2"},
       {4, 1}},
      {{"Traceback (most recent call last):", "  File \"/a.py\", line 1, in f", "KeyError: 'x'", "",
        "During handling of the above exception, another exception occurred:", "",
        "Traceback (most recent call last):", "  File \"/b.py\", line 2, in g", "app.Failed: y", "ready"},
       {9, 1}},
      {{"panic: boom", "", "goroutine 1 [running]:", "main.f(0x1)", "\t/app/main.go:5 +0x1", "main.main()",
        "\t/app/main.go:9 +0x2", "exit status 2", "starting"},
       {8, 1}},
      {{"Error: x", "    at f (/a.js:1:2)", "    at g (/b.js:3:4) {", "  code: 'E'", "}", "ready"}, {5, 1}},
      {{"Unhandled exception. System.Exception: x", " ---> System.IO.IOException: y",
        "   at A.B() in /a.cs:line 1", "   --- End of inner exception stack trace ---", "ready"},
       {4, 1}},
      {{"==1==ERROR: AddressSanitizer: heap-use-after-free", "    #0 0x1 in f /a.cpp:1", "",
        "freed by thread T0 here:", "    #0 0x2 in g /a.cpp:2", "==1==ABORTING", "ready"},
       {6, 1}},
      {{"PHP Fatal error:  Uncaught E: x in /a.php:1", "Stack trace:", "#0 /b.php(2): f()", "#1 {main}",
        "  thrown in /a.php on line 1", "ready"},
       {1, 4, 1}},
      {{"plain", "  indented words", "at noon"}, {1, 1, 1}},
      {{"\tat a.B.c(B.java:1)", "\tat a.B.d(B.java:2)"}, {2}},
      {{"", "", "x"}, {1, 1, 1}},
  };
  for (const auto& c : cases) EXPECT_EQ(records_of(c.lines), c.records) << c.lines.front();
}

RC_GTEST_PROP(TraceLines, TakeAnyLines, (const std::vector<std::string>& lines)) {
  TraceLines trace;
  for (const auto& line : lines) trace.continues(line);
}

}  // namespace
}  // namespace midwatch::observe::lines
