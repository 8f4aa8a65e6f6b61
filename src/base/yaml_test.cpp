#include "src/base/yaml.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace midwatch::base {
namespace {

TEST(Yaml, BecomesJsonWithTextScalars) {
  const auto value = parse_yaml("a: 1\nb: [x, null]\nc:\n  d: 'true'\n");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(dump_json(*value), R"({"a":"1","b":["x",null],"c":{"d":"true"}})");
}

TEST(Yaml, SeveralDocumentsBecomeAList) {
  const auto value = parse_yaml("---\na: 1\n---\n---\nb: 2\n");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(dump_json(*value), R"([{"a":"1"},{"b":"2"}])");
}

TEST(Yaml, SaysTheLineOfAFault) {
  const auto value = parse_yaml("a: 1\nb: [1,\n");
  ASSERT_FALSE(value.has_value());
  EXPECT_EQ(value.error().code, ErrorCode::kMalformed);
  EXPECT_NE(value.error().message.find("line"), std::string::npos);
}

TEST(Yaml, RefusesWhatTheParserCannotPass) {
  for (const char* text : {"---\n, x", ",", "a: 1\n---\n,\"ki\"8{\"c\":[", "]", "}", "--- ]"}) {
    const auto parsed = parse_yaml(text);
    EXPECT_TRUE(!parsed || parsed->empty()) << text;
  }
}

TEST(Yaml, RefusesWhatAliasesBlowUp) {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) text += (k == 0 ? "" : ",") + before;
    text += "]\n";
  }
  const auto value = parse_yaml(text);
  ASSERT_FALSE(value.has_value());
  EXPECT_EQ(value.error().code, ErrorCode::kResourceExhausted);
}

TEST(Yaml, RefusesDeepNesting) {
  const auto value = parse_yaml(std::string(200, '[') + std::string(200, ']'));
  EXPECT_FALSE(value.has_value());
}

}  // namespace
}  // namespace midwatch::base
