#include "src/observe/metrics/prepared_series.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/metric_world.h"

namespace midwatch::observe::metrics {
namespace {

using telemetry::MetricSeries;
using testing::minute;
using testing::minutes_from_to;
using testing::quiet;
using testing::series_of;
using testing::Values;

std::vector<PreparedSeries> prepare(const telemetry::IncidentScope& scope,
                                    const std::vector<MetricSeries>& incident,
                                    const std::vector<MetricSeries>& baseline = {}) {
  static const knowledge::KnowledgeBase kKnowledge = testing::knowledge_of_metrics();
  return prepare_series(scope, incident, baseline, kKnowledge);
}

TEST(Reference, IsTheTimeBeforeTheWindow) {
  const std::vector incident{series_of("a", "latency", 0, quiet(90, 10, 1) + quiet(60, 50, 1))};
  const auto prepared = prepare(testing::incident_at_two(), incident);
  ASSERT_EQ(prepared.size(), 1U);
  EXPECT_EQ(prepared[0].ordinary.count, 90U);
  EXPECT_EQ(prepared[0].ordinary.middle, 10);
  EXPECT_EQ(prepared[0].focus.size(), 60U);
}

TEST(Reference, IsTheBaselineEpisode) {
  const std::vector incident{series_of("a", "latency", 90, quiet(60, 50, 1))};
  const std::vector baseline{series_of("a", "latency", -9000, quiet(200, 10, 1)),
                             series_of("b", "latency", -9000, quiet(200, 99, 1))};
  const auto prepared = prepare(testing::incident_at_two(), incident, baseline);
  ASSERT_EQ(prepared.size(), 1U);
  EXPECT_EQ(prepared[0].ordinary.count, 200U);
  EXPECT_EQ(prepared[0].ordinary.middle, 10);
  EXPECT_FALSE(prepared[0].level_before);
}

TEST(Reference, OfAnotherDayKnowsTheLevelJustBeforeTheAlarm) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.baseline = minutes_from_to(-9000, -8800);
  const std::vector incident{series_of("a", "latency", 90, quiet(30, 20, 1) + quiet(30, 50, 1))};
  const std::vector baseline{series_of("a", "latency", -9000, quiet(200, 10, 1))};
  const auto prepared = prepare(scope, incident, baseline);
  ASSERT_EQ(prepared.size(), 1U);
  EXPECT_EQ(prepared[0].level_before, 20);
}

TEST(Reference, IsTheNamedRangeInsideTheSeries) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.baseline = minutes_from_to(30, 60);
  const std::vector incident{
      series_of("a", "latency", 0, quiet(30, 99, 1) + quiet(30, 10, 1) + quiet(90, 50, 1))};
  const auto prepared = prepare(scope, incident);
  ASSERT_EQ(prepared.size(), 1U);
  EXPECT_EQ(prepared[0].ordinary.middle, 10);
  EXPECT_EQ(prepared[0].ordinary.count, 30U);
}

TEST(Reference, IsTheQuietPartOfTheWindowWhereThereIsNothingElse) {
  const std::vector incident{series_of("a", "latency", 90, quiet(30, 10, 1) + quiet(30, 50, 1))};
  const auto prepared = prepare(testing::incident_at_two(), incident);
  ASSERT_EQ(prepared.size(), 1U);
  EXPECT_EQ(prepared[0].ordinary.middle, 10);
  EXPECT_EQ(prepared[0].focus.front().time, minute(119));
}

TEST(Reference, IsTheFirstQuarterWhereNoTimeIsKnownToBeQuiet) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.alarm.time.reset();
  const std::vector incident{series_of("a", "latency", 90, quiet(15, 10, 1) + quiet(45, 50, 1))};
  const auto prepared = prepare(scope, incident);
  ASSERT_EQ(prepared.size(), 1U);
  EXPECT_EQ(prepared[0].ordinary.middle, 10);
  EXPECT_EQ(prepared[0].focus.size(), 45U);
}

TEST(Reference, OfDaysIsTheSameTimeOfTheDay) {
  telemetry::IncidentScope scope;
  scope.window = minutes_from_to(5 * 1440 + 90, 5 * 1440 + 150);
  scope.alarm.time = minute(5 * 1440 + 120);
  // A nightly job from 01:00 to 03:00.
  std::vector<double> values;
  for (int m = 0; m < 5 * 1440 + 150; ++m) values.push_back(m % 1440 >= 60 && m % 1440 < 180 ? 80 : 5);
  const auto prepared = prepare(scope, {series_of("a", "cpu", 0, values)});
  ASSERT_EQ(prepared.size(), 1U);
  EXPECT_EQ(prepared[0].ordinary.middle, 80);
}

TEST(Reference, IsWantingInShortSeries) {
  EXPECT_TRUE(prepare(testing::incident_at_two(), {}).empty());
  EXPECT_TRUE(prepare(testing::incident_at_two(), {MetricSeries{}}).empty());
  EXPECT_TRUE(prepare(testing::incident_at_two(), {series_of("a", "latency", 120, {5})}).empty());
  EXPECT_TRUE(prepare(testing::incident_at_two(), {series_of("a", "latency", 0, quiet(50, 5, 1))}).empty())
      << "nothing in focus";
}

TEST(Reference, OfACounterIsItsRate) {
  std::vector<double> totals{0};
  for (int i = 1; i < 150; ++i) totals.push_back(totals.back() + 60);
  const auto prepared = prepare(testing::incident_at_two(), {series_of("a", "counted", 0, totals)});
  ASSERT_EQ(prepared.size(), 1U);
  EXPECT_DOUBLE_EQ(prepared[0].ordinary.middle, 1.0);
  EXPECT_EQ(prepared[0].ordinary.above, 0);
}

TEST(Reference, EndsWhereTheLevelChangedForGoodBeforeTheAlarm) {
  const struct {
    const char* name;
    Values values;
    double middle;
    std::size_t reference;
  } cases[] = {
      {"the alarm was late", quiet(20, 10, 1) + quiet(40, 50, 1), 10, 20},
      {"no lasting change", quiet(30, 10, 1) + quiet(30, 10, 1), 10, 29},
      {"a moment only", quiet(10, 10, 1) + quiet(3, 50, 1) + quiet(47, 10, 1), 10, 29},
  };
  for (const auto& c : cases) {
    const auto prepared = prepare(testing::incident_at_two(), {series_of("a", "latency", 90, c.values)});
    ASSERT_EQ(prepared.size(), 1U) << c.name;
    EXPECT_EQ(prepared[0].ordinary.middle, c.middle) << c.name;
    EXPECT_EQ(prepared[0].ordinary.count, c.reference) << c.name;
  }
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.window = minutes_from_to(0, 150);
  const auto prepared = prepare(scope, {series_of("a", "latency", 0, quiet(40, 10, 1) + quiet(110, 50, 1))});
  ASSERT_EQ(prepared.size(), 1U);
  EXPECT_EQ(prepared[0].ordinary.count, 40U) << "long before the alarm, inside the window";
  EXPECT_EQ(prepared[0].focus.size(), 110U);
}

}  // namespace
}  // namespace midwatch::observe::metrics
