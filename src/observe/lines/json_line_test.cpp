#include "src/observe/lines/json_line.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::lines {
namespace {

TEST(JsonLineReader, FindsFieldsByWhateverNameALoggerGivesThem) {
  const struct {
    const char* line;
    const char* message;
    const char* level;
  } cases[] = {
      {R"({"level":"warn","ts":17,"msg":"slow query"})", "slow query", "warn"},
      {R"({"severity": "ERROR", "message": "a \"b\"\n\tc é", "x": {"message": "not this"}})",
       "a \"b\"\n\tc \xC3\xA9", "ERROR"},
      {R"({"log":"plain\n","stream":"stderr"})", "plain\n", ""},
      {R"({"log":"{\"level\":\"error\",\"msg\":\"inner\"}\n","stream":"stdout"})", "inner", "error"},
      {R"({"log":{"level":"info"},"message":"m"})", "m", "info"},
      {R"({"log.level":"info","@timestamp":"x","message":"ecs"})", "ecs", "info"},
      {R"({"level":50,"time":1,"pid":2,"msg":"pino"})", "pino", "50"},
      {R"({"PRIORITY":"3","MESSAGE":"journal"})", "journal", "3"},
      {R"({"list":[1,{"message":"no"},"]"],"message":"behind a list"})", "behind a list", ""},
      {R"({"message":"cut)", "cut", ""},
      {R"({"message":{"deep":1},"level":"warn"})", "", "warn"},
  };
  JsonLineReader reader;
  for (const auto& c : cases) {
    const JsonLine* line = reader.read(c.line);
    ASSERT_NE(line, nullptr) << c.line;
    EXPECT_EQ(line->message, c.message) << c.line;
    EXPECT_EQ(line->level, c.level) << c.line;
  }
}

TEST(JsonLineReader, FindsErrorsStacksAndRequests) {
  JsonLineReader reader;
  const JsonLine* line = reader.read(
      R"({"message":"failed","error":{"type":"OrderError","message":"no stock","stack":"at a\nat b"},)"
      R"("traceId":"4bf92f35","span_id":"00f0","logger":"orders"})");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->message, "failed");
  EXPECT_EQ(line->exception, "OrderError");
  EXPECT_EQ(line->error, "no stock");
  EXPECT_EQ(line->stack, "at a\nat b");
  EXPECT_EQ(line->trace, "4bf92f35");
  EXPECT_EQ(line->span, "00f0");
  EXPECT_EQ(line->logger, "orders");

  line = reader.read(
      R"({"errorType":"KeyError","errorMessage":"'x'","stackTrace":["  File \"a.py\", line 1","  b"]})");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->exception, "KeyError");
  EXPECT_EQ(line->error, "'x'");
  EXPECT_EQ(line->stack, "  File \"a.py\", line 1\n  b");
}

TEST(JsonLineReader, RefusesWhatIsNoObjectOrSaysNothing) {
  JsonLineReader reader;
  for (const char* line : {"", "plain", "[1]", "{}", R"({"a":1})", "{", R"("message")"})
    EXPECT_EQ(reader.read(line), nullptr) << line;
}

TEST(JsonLineReader, EndsWithDeepNesting) {
  std::string line;
  for (int i = 0; i < 200'000; ++i) line += "{\"a\":[";
  JsonLineReader reader;
  EXPECT_EQ(reader.read(line), nullptr);
}

RC_GTEST_PROP(JsonLineReader, TakesAnyBytes, (const std::string& bytes)) {
  JsonLineReader reader;
  reader.read("{" + bytes);
  reader.read("{\"message\":\"" + bytes + "\"}");
}

}  // namespace
}  // namespace midwatch::observe::lines
