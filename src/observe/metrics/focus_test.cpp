#include "src/observe/metrics/focus.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/metric_world.h"

namespace midwatch::observe::metrics {
namespace {

using std::chrono::minutes;
using testing::minute;
using testing::minutes_from_to;

TEST(Focus, IsTheWindowWhereThereIsNoAlarmTime) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.alarm.time.reset();
  EXPECT_EQ(focus_of(scope, minutes(1)), scope.window);
}

TEST(Focus, IsHalfAnHourAroundTheAlarm) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.window = minutes_from_to(0, 1000);
  EXPECT_EQ(focus_of(scope, minutes(1)), minutes_from_to(90, 150));
}

TEST(Focus, IsSixPointsOfASparseSeries) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.window = minutes_from_to(0, 1000);
  EXPECT_EQ(focus_of(scope, minutes(10)), minutes_from_to(60, 180));
}

TEST(Focus, StaysInsideTheWindow) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.window = minutes_from_to(110, 125);
  EXPECT_EQ(focus_of(scope, minutes(1)), scope.window);
}

TEST(Focus, AnAlarmFarFromTheWindowDoesNotEmptyIt) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.alarm.time = minute(5000);
  EXPECT_EQ(focus_of(scope, minutes(1)), scope.window);
}

TEST(UsualInterval, IsTheMedianGap) {
  auto s = testing::series_of("a", "cpu", 0, testing::quiet(9, 1, 0));
  EXPECT_EQ(usual_interval(s.points), minutes(1));
  s.points.push_back({minute(500), 1});
  EXPECT_EQ(usual_interval(s.points), minutes(1));
  EXPECT_EQ(usual_interval({}), minutes(0));
  EXPECT_EQ(usual_interval({s.points.front()}), minutes(0));
}

}  // namespace
}  // namespace midwatch::observe::metrics
