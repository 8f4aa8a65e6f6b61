#include "src/verify/filled_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/verify/word_pattern.h"

namespace midwatch::verify {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

TEST(ValuesIn, FindsWhatFillsAPattern) {
  EXPECT_EQ(values_in("{a} of {b}", "3 of 7"), (Values{{"a", "3"}, {"b", "7"}}));
  EXPECT_EQ(values_in("all [0].(x) {a}", "all [0].(x) y"), (Values{{"a", "y"}}));
  EXPECT_EQ(values_in("nothing", "nothing"), Values{});
  EXPECT_FALSE(values_in("{a} of {b}", "3 or 7"));
  EXPECT_FALSE(values_in("{a}", ""));
}

TEST(ValuesIn, PrefersValuesThatAreKnown) {
  const char* text = "no host (x) found (db.py:2)";
  EXPECT_EQ(values_in("{a} ({b})", text), (Values{{"a", "no host"}, {"b", "x) found (db.py:2"}}));
  EXPECT_EQ(values_in("{a}[? ({b})]", text, {{"a", "no host (x) found"}}),
            (Values{{"a", "no host (x) found"}, {"b", "db.py:2"}}));
  EXPECT_EQ(values_in("{a}[? ({b})]", text, {{"a", "another"}}),
            (Values{{"a", "no host"}, {"b", "x) found (db.py:2"}}));
}

TEST(ValuesIn, LetsOptionalPartsBeAbsent) {
  EXPECT_EQ(values_in("no image[? {image}] here", "no image here"), Values{});
  EXPECT_EQ(values_in("no image[? {image}] here", "no image a:1 here"), (Values{{"image", "a:1"}}));
}

TEST(WordPattern, MatchesWholeWordsInAnyCase) {
  EXPECT_TRUE(WordPattern("user <*> logged in").occurs_in("INFO User 42 LOGGED   in"));
  EXPECT_FALSE(WordPattern("user <*> logged in").occurs_in("superuser 42 logged in"));
  EXPECT_FALSE(WordPattern("user <*> logged in").occurs_in("user 42 logged into"));
  EXPECT_TRUE(WordPattern("user <*> lo…").occurs_in("user 42 logged into"));
  EXPECT_TRUE(WordPattern("a.b(c)").occurs_in("see a.b(c)!"));
  EXPECT_FALSE(WordPattern("a.b").occurs_in("see aXb"));
  EXPECT_TRUE(WordPattern("").occurs_in("anything"));
}

}  // namespace
}  // namespace midwatch::verify
