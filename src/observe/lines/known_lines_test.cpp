#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/observe/lines/access_line.h"
#include "src/observe/lines/lambda_line.h"
#include "src/observe/lines/statement_line.h"

namespace midwatch::observe::lines {
namespace {

constexpr const char* kRequest = "b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f";

TEST(ReadLambdaLine, ReadsAReport) {
  const auto line = read_lambda_line(
      "REPORT RequestId: b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f\tDuration: 3000.00 ms\tBilled Duration: 3403 "
      "ms\tMemory Size: "
      "128 MB\tMax Memory Used: 73 MB\tInit Duration: 402.04 ms\tStatus: timeout");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->kind, LambdaLine::Kind::kReport);
  EXPECT_EQ(line->request, kRequest);
  EXPECT_EQ(line->duration_ms, 3000.0);
  EXPECT_EQ(line->init_ms, 402.04);
  EXPECT_EQ(line->memory_mb, 128.0);
  EXPECT_EQ(line->used_mb, 73.0);
  EXPECT_EQ(line->status, "timeout");
}

TEST(ReadLambdaLine, ReadsAReportThatATraceFollows) {
  const auto line = read_lambda_line(
      "REPORT RequestId: b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f\tDuration: 2.37 ms\tBilled Duration: 427 "
      "ms\tMemory Size: 1024 "
      "MB\tMax Memory Used: 95 MB\tInit Duration: 423.98 ms\t\nXRAY TraceId: 1-6ac7d554-62c6be2f\tSegmentId: "
      "8\tSampled: true");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->duration_ms, 2.37);
  EXPECT_EQ(line->status, "");
}

TEST(ReadLambdaLine, ReadsTheOtherLines) {
  using Kind = LambdaLine::Kind;
  const struct {
    const char* line;
    Kind kind;
    const char* status;
    const char* error_type;
  } cases[] = {
      {"START RequestId: b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f Version: $LATEST", Kind::kStart, "", ""},
      {"END RequestId: b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f", Kind::kEnd, "", ""},
      {"INIT_REPORT Init Duration: 9999.47 ms\tPhase: init\tStatus: timeout", Kind::kInitReport, "timeout",
       ""},
      {"INIT_REPORT Init Duration: 488.22 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError",
       Kind::kInitReport, "error", "Runtime.ExitError"},
      {"2026-01-05T02:00:46.542Z b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f Task timed out after 5.01 seconds\n\n",
       Kind::kTimedOut, "timeout", ""},
      {"RequestId: b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f Error: Runtime exited with error: signal: "
       "killed\nRuntime.ExitError",
       Kind::kExited, "error", "Runtime.ExitError"},
      {R"({"time":"t","type":"platform.report","record":{"requestId":"b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f","metrics":{"durationMs":5000.0,"billedDurationMs":5000,"memorySizeMB":128,"maxMemoryUsedMB":94},"status":"timeout"}})",
       Kind::kReport, "timeout", ""},
      {R"({"time":"t","type":"platform.start","record":{"requestId":"b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f"}})",
       Kind::kStart, "", ""},
  };
  for (const auto& c : cases) {
    const auto line = read_lambda_line(c.line);
    ASSERT_TRUE(line) << c.line;
    EXPECT_EQ(line->kind, c.kind) << c.line;
    EXPECT_EQ(line->status, c.status) << c.line;
    EXPECT_EQ(line->error_type, c.error_type) << c.line;
    EXPECT_EQ(line->request, c.kind == Kind::kInitReport ? "" : kRequest) << c.line;
  }
}

TEST(ReadLambdaLine, LeavesOtherLinesAlone) {
  for (const char* line : {"", "STARTING", "REPORT of the day", "Error", "{\"type\":\"order\"}",
                           "2026 Task timed out after lunch"})
    EXPECT_FALSE(read_lambda_line(line)) << line;
}

TEST(LambdaLine, ALineOfTheProgramNamesItsRun) {
  const std::string run = "6d68ca91-49c9-448d-89b8-7ca3e6dc0001";
  for (const std::string& line :
       {"2026-03-03T09:52:00.020Z\t" + run + "\tERROR\tInvoke Error \t{}",
        "[ERROR]\t2026-03-03T09:52:00.020Z\t" + run + "\tno answer",
        R"({"timestamp":"2026-03-03T09:52:00Z","level":"ERROR","requestId":")" + run + R"("})"})
    EXPECT_EQ(run_named_in(line), run) << line;
  for (const char* line :
       {"", "no run here", "2026-03-03T09:52:00.020Z\tundefined\tERROR\tUncaught Exception",
        "6d68ca91-49c9-448d-89b8-7ca3e6dc000", "6D68CA91_49c9-448d-89b8-7ca3e6dc0001", "a-b-c-d-e-f-g-h"})
    EXPECT_EQ(run_named_in(line), "") << line;
}

TEST(ReadAccessLine, ReadsWebServersProxiesAndLoadBalancers) {
  const struct {
    const char* line;
    int status;
    const char* path;
    const char* upstream;
    double seconds;  // below 0: not said
    bool unanswered;
  } cases[] = {
      {R"(10.0.0.1 - - [05/Jan/2026:02:00:00 +0000] "GET /api/items/1?x=2 HTTP/1.1" 200 12 "-" "curl/8.5")",
       200, "/api/items/1", "", -1, false},
      {R"(10.0.0.1 - bob [05/Jan/2026:02:00:00 +0000] "POST /orders HTTP/1.1" 502 150 "-" "curl" 0.512)", 502,
       "/orders", "", 0.512, true},
      {R"(10.0.0.1 - - [t] "GET /a HTTP/2.0" 504 0 "-" "-" rt=60.001 upstream=10.0.0.9:8080 us=504)", 504,
       "/a", "10.0.0.9:8080", 60.001, false},
      {R"(10.0.0.1 - - [t] "GET /a HTTP/1.1" 200 12 "-" "-" 7 "web@docker" "http://10.0.0.2:80" 12ms)", 200,
       "/a", "10.0.0.2:80", 0.012, false},
      {R"(https 2026-01-05T02:00:00.186641Z app/shop/50dc 1.2.3.4:2817 10.0.0.1:80 0.001 0.250 0.000 200 200 34 366 "GET https://shop.example:443/items?p=1 HTTP/2.0" "curl/7.46.0" - - arn:aws:x)",
       200, "/items", "10.0.0.1:80", 0.251, false},
      {R"(http 2026-01-05T02:00:00.186641Z app/shop/50dc 1.2.3.4:2817 10.0.0.1:80 0.001 -1 -1 504 - 34 366 "GET http://shop.example:80/ HTTP/1.1" "curl/7.46.0" - - arn:aws:x)",
       504, "/", "10.0.0.1:80", -1, true},
      {R"([2026-01-05T02:00:00.310Z] "POST /api HTTP/2" 503 UF 154 0 226 - "10.0.35.28" "agent" "cc21" "orders" "10.0.2.1:80")",
       503, "/api", "10.0.2.1:80", 0.226, true},
      {R"(GET-only words "GET /x HTTP/1.1" 404)", 404, "/x", "", -1, false},
  };
  for (const auto& c : cases) {
    const auto line = read_access_line(c.line);
    ASSERT_TRUE(line) << c.line;
    EXPECT_EQ(line->status, c.status) << c.line;
    EXPECT_EQ(line->path, c.path) << c.line;
    EXPECT_EQ(line->upstream, c.upstream) << c.line;
    EXPECT_EQ(line->seconds.has_value(), c.seconds >= 0) << c.line;
    EXPECT_NEAR(line->seconds.value_or(-1), c.seconds, 1e-9) << c.line;
    EXPECT_EQ(line->unanswered, c.unanswered) << c.line;
  }
}

TEST(ReadAccessLine, LeavesOtherLinesAlone) {
  for (const char* line : {"", "\"", "said \"GET well soon\" 200 times", "http is a protocol",
                           "\"GET /\" 999 x", "said \"FETCH / HTTP/1.1\" 200 1"})
    EXPECT_FALSE(read_access_line(line)) << line;
}

TEST(ReadStatementLine, ReadsWhatDatabasesLogOfSlowStatements) {
  auto line = read_statement_line("duration: 2002.695 ms  statement: select pg_sleep(2)");
  ASSERT_TRUE(line);
  EXPECT_NEAR(line->seconds, 2.002695, 1e-9);
  EXPECT_EQ(line->statement, "select pg_sleep(2)");
  line = read_statement_line("duration: 5 ms");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->statement, "");
  line = read_statement_line(
      "# Query_time: 3.5  Lock_time: 0.1 Rows_sent: 1\nSET timestamp=1767571200;\nSELECT 1;");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->seconds, 3.5);
  EXPECT_EQ(line->statement, "SELECT 1;");
  for (const char* other : {"", "duration: long", "duration: 5 s", "# Query_time: x"})
    EXPECT_FALSE(read_statement_line(other)) << other;
}

RC_GTEST_PROP(KnownLines, TakeAnyBytes, (const std::string& bytes)) {
  for (const char* start : {"", "REPORT RequestId: ", "{\"type\":\"platform.report\"", "https ",
                            "x \"GET / HTTP/1.1\" 200 ", "duration: 1 ms", "# Query_time: 1\n"}) {
    read_lambda_line(start + bytes);
    read_access_line(start + bytes);
    read_statement_line(start + bytes);
  }
}

}  // namespace
}  // namespace midwatch::observe::lines
