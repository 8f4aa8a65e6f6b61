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

}  // namespace
}  // namespace midwatch::base
