#include "src/observe/series/seasonal_level.h"

#include <gtest/gtest.h>

namespace midwatch::observe::series {
namespace {

using base::Timestamp;
using std::chrono::hours;
using std::chrono::minutes;

constexpr SeasonalLevel::Shape kDay{hours(24), minutes(15), 3, 5};

Timestamp at(int day, int minute) {
  return Timestamp(hours(24) * day + minutes(minute));
}

/// A value that is high between 09:00 and 17:00.
double business(int minute) {
  return minute >= 540 && minute < 1020 ? 100 : 10;
}

void add_days(SeasonalLevel& level, int from, int to) {
  for (int day = from; day < to; ++day) {
    for (int minute = 0; minute < 1440; minute += 5) level.add(at(day, minute), business(minute));
  }
}

TEST(SeasonalLevel, KnowsNothingBeforeEnoughCycles) {
  SeasonalLevel level(kDay);
  EXPECT_FALSE(level.ordinary_at(at(0, 0)));
  add_days(level, 0, 2);
  EXPECT_FALSE(level.ordinary_at(at(2, 600)));
  add_days(level, 2, 3);
  EXPECT_TRUE(level.ordinary_at(at(3, 600)));
}

TEST(SeasonalLevel, KnowsTheTimeOfTheDay) {
  SeasonalLevel level(kDay);
  add_days(level, 0, 4);
  EXPECT_EQ(level.ordinary_at(at(4, 600)), 100);
  EXPECT_EQ(level.ordinary_at(at(4, 60)), 10);
  EXPECT_EQ(level.ordinary_at(at(4, 0)), 10);  // the first slot's neighbour is the last
}

TEST(SeasonalLevel, OneBadDayDoesNotChangeAHabit) {
  SeasonalLevel level(kDay);
  add_days(level, 0, 3);
  for (int minute = 0; minute < 1440; minute += 5) level.add(at(3, minute), 100'000);
  EXPECT_EQ(level.ordinary_at(at(4, 600)), 100);
}

TEST(SeasonalLevel, TheDayAtHandDoesNotCount) {
  SeasonalLevel level(kDay);
  add_days(level, 0, 3);
  for (int minute = 0; minute <= 600; minute += 5) {
    ASSERT_EQ(level.ordinary_at(at(3, minute)).value_or(-1), business(minute)) << minute;
    level.add(at(3, minute), 5000);
  }
}

TEST(SeasonalLevel, ForgetsOldCycles) {
  SeasonalLevel level(kDay);
  add_days(level, 0, 4);
  for (int day = 4; day < 9; ++day) {
    for (int minute = 0; minute < 1440; minute += 5) level.add(at(day, minute), 42);
  }
  EXPECT_EQ(level.ordinary_at(at(9, 600)), 42);
}

TEST(SeasonalLevel, DaysWithoutValuesAreNoDaysOfZero) {
  SeasonalLevel level(kDay);
  add_days(level, 0, 2);
  add_days(level, 9, 10);
  EXPECT_EQ(level.ordinary_at(at(20, 600)), 100);
}

TEST(SeasonalLevel, TimesBefore1970) {
  SeasonalLevel level(kDay);
  add_days(level, -5, -1);
  EXPECT_EQ(level.ordinary_at(at(-1, 600)), 100);
  EXPECT_EQ(level.ordinary_at(at(-1, 60)), 10);
}

}  // namespace
}  // namespace midwatch::observe::series
