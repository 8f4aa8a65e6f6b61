#include "src/observe/changes/value.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::changes {
namespace {

std::optional<Value> value_of(std::string_view code) {
  const auto tokens = tokens_of(code);
  std::size_t at = 0;
  return read_value(tokens, at);
}

TEST(ReadValue, KnowsNumbersInTheWaysOfManyLanguages) {
  struct Case {
    const char* code;
    double number;
    const char* unit;
  };
  const Case cases[] = {
      {"5*time.Second", 5, "s"},
      {"300 * time.Millisecond", 0.3, "s"},
      {"time.Minute * 2", 120, "s"},
      {"time.Second", 1, "s"},
      {"Duration.ofMillis(250)", 0.25, "s"},
      {"Duration::from_secs(3)", 3, "s"},
      {"std::chrono::minutes(2)", 120, "s"},
      {"TimeSpan.FromSeconds(4)", 4, "s"},
      {"timedelta(hours=1)", 3600, "s"},
      {"5.minutes", 300, "s"},
      {"\"1500ms\"", 1.5, "s"},
      {"'512Mi'", 536870912, "By"},
      {"10 * 1024 * 1024", 10485760, ""},
      {"1 << 20", 1048576, ""},
      {"5_000", 5000, ""},
      {"0x10", 16, ""},
      {"30L", 30, ""},
      {"-1", -1, ""},
      {"0.25", 0.25, ""},
      {"80%", 80, "%"},
  };
  for (const Case& c : cases) {
    const auto value = value_of(c.code);
    ASSERT_TRUE(value.has_value()) << c.code;
    EXPECT_EQ(value->kind, Value::Kind::kNumber) << c.code;
    EXPECT_DOUBLE_EQ(value->number, c.number) << c.code;
    EXPECT_EQ(value->unit, c.unit) << c.code;
  }
}

TEST(ReadValue, KnowsSwitchesAndConstants) {
  EXPECT_EQ(value_of("True")->kind, Value::Kind::kSwitch);
  EXPECT_EQ(value_of("false")->number, 0);
  EXPECT_EQ(value_of("tls.VersionTLS13")->text, "tls.VersionTLS13");
  EXPECT_EQ(value_of("\"orders.internal\"")->text, "orders.internal");
}

TEST(ReadValue, LeavesWhatIsComputed) {
  for (const char* code : {"limit()", "5 * n", "sizes[0]", "Config{}"})
    EXPECT_FALSE(value_of(code).has_value()) << code;
}

TEST(ReadScalar, ReadsWhatConfigurationHolds) {
  EXPECT_DOUBLE_EQ(read_scalar("15m").number, 900);
  EXPECT_DOUBLE_EQ(read_scalar("1.5Gi").number, 1610612736);
  EXPECT_EQ(read_scalar(" \"debug\" ").text, "debug");
  EXPECT_EQ(read_scalar("10.0.0.12").kind, Value::Kind::kWord);
  EXPECT_EQ(read_scalar("off").kind, Value::Kind::kSwitch);
  EXPECT_EQ(read_scalar("").kind, Value::Kind::kWord);
}

TEST(Value, SameSaysTheSameInOtherWords) {
  EXPECT_TRUE(read_scalar("60s").same_as(read_scalar("1m")));
  EXPECT_FALSE(read_scalar("60s").same_as(read_scalar("60")));
  EXPECT_FALSE(read_scalar("on").same_as(read_scalar("off")));
}

RC_GTEST_PROP(ReadValue, TakesAnyTextAndMovesOn, (const std::string& code)) {
  const auto tokens = tokens_of(code);
  std::size_t at = 0;
  const auto value = read_value(tokens, at);
  RC_ASSERT(at <= tokens.size());
  RC_ASSERT(!value || at > 0U);
}

RC_GTEST_PROP(TokensOf, AreInTheTextInOrder, (const std::string& code)) {
  const char* last = code.data();
  for (const Token& token : tokens_of(code)) {
    RC_ASSERT(token.text.data() >= last);
    RC_ASSERT(token.text.data() + token.text.size() <= code.data() + code.size());
    last = token.text.data() + token.text.size();
  }
}

}  // namespace
}  // namespace midwatch::observe::changes
