#include "src/observe/metrics/alarm_series.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/prepared_world.h"

namespace midwatch::observe::metrics {
namespace {

using testing::minute;
using testing::PreparedWorld;
using testing::quiet;
using testing::series_of;
using testing::Values;

telemetry::Alarm alarm_of(const char* entity, const char* metric) {
  telemetry::Alarm alarm;
  alarm.entity = entity;
  alarm.metric = metric;
  return alarm;
}

Values shifted(double from, double to) {
  return quiet(120, from, from / 50) + quiet(30, to, to / 50);
}

TEST(AlarmSeries, SaysWhatTheAlarmedSeriesDoes) {
  const PreparedWorld world(
      {series_of("web", "latency", 0, shifted(100, 900)), series_of("db", "latency", 0, shifted(100, 900))});
  const AlarmSeries alarm(alarm_of("web", "Latency"), world.all());
  EXPECT_TRUE(alarm.assessment().found);
  EXPECT_EQ(alarm.assessment().quantity, "latency");
  EXPECT_EQ(alarm.assessment().onset, minute(120));
  EXPECT_GT(alarm.assessment().strength, 0.95);
  EXPECT_EQ(alarm.assessment().series.entity, "web");
}

TEST(AlarmSeries, AMovementToTheGoodIsNoAlarm) {
  const PreparedWorld world({series_of("web", "latency", 0, shifted(900, 100))});
  EXPECT_LT(AlarmSeries(alarm_of("web", "latency"), world.all()).assessment().strength, 0.1);
}

TEST(AlarmSeries, AnUnknownSeriesIsNotFound) {
  const PreparedWorld world({series_of("web", "latency", 0, shifted(100, 900))});
  EXPECT_FALSE(AlarmSeries(alarm_of("web", "errors"), world.all()).assessment().found);
  EXPECT_FALSE(AlarmSeries(alarm_of("db", "latency"), world.all()).assessment().found);
  EXPECT_FALSE(AlarmSeries({}, world.all()).assessment().found);
}

TEST(AlarmSeries, APlainValueIsMeantWhereTheAlarmNamesNoStatistic) {
  auto p99 = series_of("web", "latency", 0, shifted(100, 900));
  p99.key.stat = "p99";
  const PreparedWorld world({series_of("web", "latency", 0, shifted(100, 100)), p99});
  EXPECT_LT(AlarmSeries(alarm_of("web", "latency"), world.all()).assessment().strength, 0.1);
}

TEST(AlarmSeries, WhatGoesWithTheAlarmKeepsItsWeight) {
  const PreparedWorld world(
      {series_of("web", "latency", 0, shifted(100, 900)), series_of("db", "latency", 0, shifted(50, 800)),
       series_of("cache", "latency", 0, shifted(10, 12)),
       series_of("job", "cpu", 0, quiet(95, 10, 1) + quiet(20, 90, 1) + quiet(35, 10, 1))});
  const AlarmSeries alarm(alarm_of("web", "latency"), world.all());
  const auto& all = world.all();
  EXPECT_EQ(alarm.relation(all[0], 1), 1) << "itself";
  EXPECT_GT(alarm.relation(all[1], 1), 0.9) << "the same course, as large";
  EXPECT_LT(alarm.relation(all[2], 1), 0.3) << "the same course, but far too small to matter";
  EXPECT_LT(alarm.relation(all[3], 1), 0.4) << "another time";
  EXPECT_GE(alarm.relation(all[3], 1), 0.3) << "a cause may come first";
}

TEST(AlarmSeries, AnAlarmThatShowsNothingTellsNothingOfOthers) {
  const PreparedWorld world(
      {series_of("web", "latency", 0, shifted(100, 100)), series_of("db", "latency", 0, shifted(50, 800))});
  EXPECT_EQ(AlarmSeries(alarm_of("web", "latency"), world.all()).relation(world.all()[1], 1), 1);
}

}  // namespace
}  // namespace midwatch::observe::metrics
