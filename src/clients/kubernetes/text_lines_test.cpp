#include "src/clients/kubernetes/text_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::clients::kubernetes {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(TextLines, KeepNumbersAndIndentsAndLeaveOutBlanks) {
  const auto lines = lines_of("a\n\n   b \r\n", 4);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].number, 6U);
  EXPECT_EQ(lines[1].indent, 3U);
  EXPECT_EQ(lines[1].text, "b");
}

TEST(TextLines, CellsAreTwoSpacesApart) {
  EXPECT_THAT(cells_of("web-0   1/1   3 (6h7m ago)   10.0.0.1"),
              testing::ElementsAre("web-0", "1/1", "3 (6h7m ago)", "10.0.0.1"));
}

TEST(Age, IsReadAsKubectlPrintsIt) {
  EXPECT_EQ(parse_age("2m12s"), base::Duration(seconds(132)));
  EXPECT_EQ(parse_age("6h"), base::Duration(minutes(360)));
  EXPECT_EQ(parse_age("3d4h"), base::Duration(minutes(76 * 60)));
  EXPECT_EQ(parse_age("2y10d"), base::Duration(minutes(740 * 1440)));
  for (const char* text : {"", "12", "m", "<unknown>", "5x", "99999999999999999y"})
    EXPECT_FALSE(parse_age(text).has_value()) << text;
}

TEST(Age, IsFoundInsideARemark) {
  EXPECT_EQ(age_in("13 (6h7m ago)"), base::Duration(minutes(367)));
  EXPECT_EQ(age_in("2m12s (x42 over 12m)"), base::Duration(seconds(132)));
  EXPECT_FALSE(age_in("13").has_value());
}

TEST(DescribeTime, BecomesRfc3339) {
  EXPECT_EQ(rfc3339_of_describe_time("Tue, 01 Jul 2025 12:14:59 +0300"), "2025-07-01T12:14:59+0300");
  for (const char* text : {"", "yesterday", "Tue, 01 Foo 2025 12:14:59 +0300", "2025-07-01"})
    EXPECT_EQ(rfc3339_of_describe_time(text), "") << text;
}

}  // namespace
}  // namespace midwatch::clients::kubernetes
