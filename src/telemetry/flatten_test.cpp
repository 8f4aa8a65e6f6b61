#include "src/telemetry/flatten.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace midwatch::telemetry {
namespace {

TEST(Flatten, WritesPathsAndPlainTexts) {
  Attributes a;
  flatten(*base::parse_json(R"({"a":{"b":[1,"x",{"c":true}],"d":null,"e":[]},"f":2.5})"), "", a);
  EXPECT_EQ(a.get("a.b.0"), "1");
  EXPECT_EQ(a.get("a.b.1"), "x");
  EXPECT_EQ(a.get("a.b.2.c"), "true");
  EXPECT_NE(a.find("a.d"), nullptr);
  EXPECT_NE(a.find("a.e"), nullptr);
  EXPECT_EQ(a.number("f"), 2.5);
}

TEST(Flatten, KeepsNoSecret) {
  Attributes a;
  flatten(
      *base::parse_json(
          R"({"env":{"DB_PASSWORD":"hunter2","URL":"postgres://u:hunter3@h/d"},"token":{"x":["hunter4"]}})"),
      "cfg", a);
  for (const auto& [path, value] : a)
    EXPECT_EQ(value.find("hunter"), std::string::npos) << path << "=" << value;
  EXPECT_NE(a.find("cfg.env.DB_PASSWORD"), nullptr);
}

TEST(Flatten, IsBounded) {
  base::Json big = base::Json::object();
  for (int i = 0; i < 20000; ++i) big["k" + std::to_string(i)] = i;
  Attributes a;
  flatten(big, "", a);
  EXPECT_LE(a.size(), 5001U);
  EXPECT_EQ(a.get("truncated"), "true");
}

}  // namespace
}  // namespace midwatch::telemetry
