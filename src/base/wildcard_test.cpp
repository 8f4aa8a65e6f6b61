#include "src/base/wildcard.h"

#include <gtest/gtest.h>

namespace midwatch::base {
namespace {

TEST(Wildcard, FitsTheWholeText) {
  struct Row {
    const char* pattern;
    const char* text;
    bool matches;
  };
  for (const Row& row : {Row{"lambda/*", "lambda/orders", true}, Row{"lambda/*", "ecs/lambda/x", false},
                         Row{"*", "", true}, Row{"", "", true}, Row{"", "x", false}, Row{"a?c", "abc", true},
                         Row{"a?c", "ac", false}, Row{"*a*b", "xxaxxab", true}, Row{"*a*b", "xxaxxa", false},
                         Row{"shop-*-api", "shop-eu-api", true}, Row{"shop-*-api", "shop-eu-api2", false}}) {
    EXPECT_EQ(fits(row.pattern, row.text), row.matches) << row.pattern << " and " << row.text;
  }
}

}  // namespace
}  // namespace midwatch::base
