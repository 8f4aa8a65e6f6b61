#include "src/observe/metrics/daytime_reference.h"

#include <cmath>

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/metric_world.h"

namespace midwatch::observe::metrics {
namespace {

using telemetry::MetricPoint;
using testing::minute;
using testing::minutes_from_to;

constexpr double kDay = 1440;

/// A point each ten minutes of the days from `first` to before `end`; its value is the day.
std::vector<MetricPoint> days(int first, int end) {
  std::vector<MetricPoint> points;
  for (double m = first * kDay; m < end * kDay; m += 10) points.push_back({minute(m), std::floor(m / kDay)});
  return points;
}

/// From 14:00 to 15:00 of a day.
base::TimeRange afternoon(int day) {
  return minutes_from_to(day * kDay + 840, day * kDay + 900);
}

TEST(DaytimeReference, TakesTheSameTimeOfEarlierDays) {
  const auto same = of_same_daytime(days(0, 4), afternoon(4));
  EXPECT_EQ(same.size(), 4U * 12U);  // from 13:30 to 15:30
  for (const auto& point : same) {
    const double of_day = base::to_seconds(point.time - minute(0)) / 60 - point.value * kDay;
    EXPECT_GE(of_day, 810);
    EXPECT_LT(of_day, 930);
  }
}

TEST(DaytimeReference, TakesTheSameDayOfTheWeekOnceWeeksAreKnown) {
  const auto same = of_same_daytime(days(0, 21), afternoon(22));
  EXPECT_EQ(same.size(), 3U * 12U);
  for (const auto& point : same) EXPECT_EQ(static_cast<int>(point.value) % 7, 22 % 7);
}

TEST(DaytimeReference, AReferenceAfterTheIncidentIsAsGood) {
  EXPECT_EQ(of_same_daytime(days(10, 14), afternoon(2)).size(), 4U * 12U);
}

struct AllCase {
  const char* why;
  std::vector<MetricPoint> reference;
  base::TimeRange focus;
};

TEST(DaytimeReference, TakesAllWhereTheDayIsNotKnown) {
  for (const AllCase& c : {AllCase{"two days", days(0, 2), afternoon(2)},
                           AllCase{"focus longer than a day", days(0, 5), minutes_from_to(0, 2 * kDay)},
                           AllCase{"empty", {}, afternoon(3)}}) {
    EXPECT_EQ(of_same_daytime(c.reference, c.focus).size(), c.reference.size()) << c.why;
  }
}

TEST(DaytimeReference, ADaySeenInPartIsNoDay) {
  auto reference = days(0, 2);
  for (const auto& point : days(2, 3)) {
    if (point.time < minute(2 * kDay + 820)) reference.push_back(point);  // ends at 13:40
  }
  EXPECT_EQ(of_same_daytime(reference, afternoon(4)).size(), reference.size());
}

}  // namespace
}  // namespace midwatch::observe::metrics
