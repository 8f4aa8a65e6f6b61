#include "src/base/json_access.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace midwatch::base {
namespace {

TEST(JsonAccess, MissingMembersAreNull) {
  const Json json = Json::parse(R"({"a":{"b":[1,"x",true]},"n":"2.5","big":3})");
  EXPECT_TRUE(at(json, "a", "c", "d").is_null());
  EXPECT_EQ(list_at(at(json, "a"), "b").size(), 3U);
  EXPECT_TRUE(list_at(json, "a").empty());
  EXPECT_TRUE(list_at(Json(7), "a").empty());
  EXPECT_EQ(text_at(json, "a", "b"), "");
  EXPECT_EQ(text(list_at(at(json, "a"), "b")[2]), "true");
}

TEST(JsonAccess, TheItemsOfATemporaryOutliveIt) {
  std::string seen;
  for (const Json& item : list_at(Json::parse(R"({"a":["a text too long to be kept in place", 2]})"), "a"))
    seen += text(item);
  EXPECT_EQ(seen, "a text too long to be kept in place2");
}

TEST(JsonAccess, NumbersAlsoAsText) {
  const Json json = Json::parse(R"({"n":"2.5","big":3,"word":"three","no":"1 2","flag":true})");
  EXPECT_EQ(number_at(json, "n"), 2.5);
  EXPECT_EQ(number_at(json, "big"), 3);
  for (const char* key : {"word", "no", "flag", "none"}) EXPECT_FALSE(number_at(json, key)) << key;
}

}  // namespace
}  // namespace midwatch::base
