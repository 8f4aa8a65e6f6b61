#include "src/base/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::base {
namespace {

TEST(Time, FormatsAsFewFractionDigitsAsAreExact) {
  EXPECT_EQ(format_rfc3339(Timestamp{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(*parse_epoch_seconds("1681841381.5")), "2023-04-18T18:09:41.500Z");
  EXPECT_EQ(format_rfc3339(*parse_epoch_seconds("1681841381.000001")), "2023-04-18T18:09:41.000001Z");
  EXPECT_EQ(format_rfc3339(*parse_epoch_seconds("1681841381.000000001")), "2023-04-18T18:09:41.000000001Z");
}

TEST(Time, ReadsZonesFractionsAndSpaces) {
  const auto expected = parse_epoch_seconds("1681841381");
  for (const char* text : {"2023-04-18T18:09:41Z", "2023-04-19T03:09:41+09:00", "2023-04-19 03:09:41+0900",
                           "2023-04-18t18:09:41.000z", "2023-04-18T18:09:41,0Z"}) {
    EXPECT_EQ(parse_timestamp(text), expected) << text;
  }
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text : {"", "now", "2023-13-01T00:00:00Z", "2023-02-30T00:00:00Z", "2023-04-18T18:09:41",
                           "2023-04-18T25:00:00Z", "2023-04-18T18:09:41Zx", "12x", "1.", ".5", "1e9",
                           "99999999999999999999", "0001-01-01T00:00:00Z", "2023-04-18T18:09:41+99:00"}) {
    EXPECT_FALSE(parse_timestamp(text).has_value()) << text;
  }
}

RC_GTEST_PROP(Time, PrintedTimesReadBackExactly, ()) {
  const auto nanos =
      *rc::gen::inRange<std::int64_t>(-4'000'000'000LL * 1'000'000'000, 8'000'000'000LL * 1'000'000'000);
  const Timestamp t{Duration(nanos)};
  RC_ASSERT(parse_rfc3339(format_rfc3339(t)) == t);
}

TEST(Time, TheEdgesOfTheTimeLineAreHeld) {
  const auto last = parse_rfc3339("2261-12-31T23:59:59-23:59");
  ASSERT_TRUE(last);
  EXPECT_EQ(format_rfc3339(*last), "2262-01-01T23:58:59Z");
  EXPECT_EQ(parse_rfc3339(format_rfc3339(*last)), last);
  for (const char* text : {"2263-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1600-01-01T00:00:00Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Time, DurationsReadWell) {
  using namespace std::chrono_literals;
  EXPECT_EQ(format_duration(250ms), "250 ms");
  EXPECT_EQ(format_duration(45s), "45 s");
  EXPECT_EQ(format_duration(725s), "12 min 5 s");
  EXPECT_EQ(format_duration(12000s), "3 h 20 min");
  EXPECT_EQ(format_duration(-90s), "-1 min 30 s");
}

TEST(Time, RangeIsHalfOpen) {
  const TimeRange range{from_seconds(10), from_seconds(20)};
  EXPECT_TRUE(range.contains(from_seconds(10)));
  EXPECT_FALSE(range.contains(from_seconds(20)));
}

}  // namespace
}  // namespace midwatch::base
