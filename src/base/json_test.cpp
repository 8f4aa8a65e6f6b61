#include "src/base/json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace midwatch::base {
namespace {

TEST(Json, ErrorsSayWhere) {
  const auto result = parse_json("{\n \"a\": 1,\n \"b\": }");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kMalformed);
  EXPECT_EQ(result.error().message, "not valid JSON at line 3, column 7");
}

TEST(Json, RefusesHostileNesting) {
  EXPECT_FALSE(parse_json(std::string(100000, '[')));
}

TEST(Json, LoneSurrogatesAreReplacedAndPairsStay) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("\udcff")", R"("\ufffd")"},
      {R"("a\ud800z")", R"("a\ufffdz")"},
      {R"("\ud83d\ude00 \uDE00")", R"("\ud83d\ude00 \ufffd")"},
      {R"("\ud800\ud83d\ude00")", R"("\ufffd\ud83d\ude00")"},
      {R"("\\\ud800")", R"("\\\ufffd")"},
      {R"("\ud800\n")", R"("\ufffd\n")"},
  };
  for (const auto& [json, expected] : cases) {
    EXPECT_FALSE(parse_json(json)) << json;
    EXPECT_EQ(repair_surrogates(json).value_or("nothing"), expected);
    EXPECT_TRUE(parse_json(expected)) << expected;
  }
  for (const char* json : {R"("\\ud800")", R"("\ud83d\ude00")", R"("\u00e9")", R"("\ud80")", "\"\\", ""})
    EXPECT_FALSE(repair_surrogates(json)) << json;
}

}  // namespace
}  // namespace midwatch::base
