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

// As the library's own parser builds it; objects of 1, 4, 32, 33 and 500 members, keys twice, lists within.
TEST(Json, BuildsWhatTheTextSays) {
  for (const int members : {0, 1, 3, 4, 5, 31, 32, 33, 34, 500}) {
    std::string text = "{";
    for (int i = 0; i < members; ++i) {
      text += (i == 0 ? "" : ",") + std::string("\"k") + std::to_string(i % 400) + R"(":[)" +
              std::to_string(i) + R"(,-1,2.5,null,true,{"in":{"x":"a","y":[]}}])";
    }
    text += "}";
    const auto built = parse_json(text);
    ASSERT_TRUE(built) << text;
    EXPECT_EQ(*built, Json::parse(text)) << members;
    EXPECT_EQ(dump_json(*built), dump_json(Json::parse(text))) << members;
  }
  EXPECT_EQ(*parse_json(R"("alone")"), Json("alone"));
  EXPECT_FALSE(parse_json("{} {}"));
  EXPECT_EQ(parse_json("[1e999]").error().message, "a number too large for JSON at line 1, column 6");
  EXPECT_FALSE(parse_json(""));
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
