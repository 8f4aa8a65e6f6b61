#include "src/observe/metrics/excursion.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/prepared_world.h"

namespace midwatch::observe::metrics {
namespace {

using testing::minutes_from_to;
using testing::PreparedWorld;
using testing::quiet;
using testing::series_of;
using testing::Values;

TEST(Excursion, ALevelIsFoundWhereItBegins) {
  const PreparedWorld world({series_of("a", "latency", 0, quiet(120, 100, 5) + quiet(30, 300, 5))});
  const Excursion up = strongest_excursion(world.only(), 1);
  EXPECT_GT(up.deviation, 20);
  EXPECT_FALSE(up.brief);
  EXPECT_EQ(up.first, 30U);
  EXPECT_LT(std::abs(strongest_excursion(world.only(), -1).deviation), 2);
}

TEST(Excursion, DownIsNegative) {
  const PreparedWorld world({series_of("a", "requests", 0, quiet(120, 100, 5) + quiet(30, 20, 5))});
  EXPECT_LT(strongest_excursion(world.only(), -1).deviation, -8);
}

TEST(Excursion, OnePointAloneIsBriefAndCountsHalf) {
  const PreparedWorld one(
      {series_of("a", "latency", 0, quiet(120, 100, 5) + Values{300} + quiet(29, 100, 5))});
  const PreparedWorld two(
      {series_of("a", "latency", 0, quiet(120, 100, 5) + Values{300, 300} + quiet(28, 100, 5))});
  const Excursion brief = strongest_excursion(one.only(), 1);
  EXPECT_TRUE(brief.brief);
  EXPECT_EQ(brief.value, 300);
  const Excursion lasting = strongest_excursion(two.only(), 1);
  EXPECT_FALSE(lasting.brief);
  EXPECT_GT(lasting.deviation, 1.5 * brief.deviation);
}

TEST(Excursion, ASinglePointInFocusCountsHalf) {
  const PreparedWorld world({series_of("a", "latency", 0, quiet(90, 100, 5) + Values{300})});
  const Excursion e = strongest_excursion(world.only(), 1);
  EXPECT_DOUBLE_EQ(e.deviation, 0.75 * deviation_of(world.only(), 300));
  EXPECT_FALSE(e.brief);
}

/// A series that was at 100 on another day, and before and during an incident is at the given levels.
PreparedWorld of_another_day(double before, double during) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  scope.baseline = minutes_from_to(-9000, -8000);
  return PreparedWorld({series_of("a", "latency", 90, quiet(30, before, 5) + quiet(30, during, 5))},
                       {series_of("a", "latency", -9000, quiet(1000, 100, 5))}, scope);
}

TEST(Deviation, WhatHadDriftedBeforeTheAlarmCountsLittle) {
  EXPECT_LT(std::abs(deviation_of(of_another_day(200, 200).only(), 200)), 2);
  EXPECT_GT(deviation_of(of_another_day(100, 200).only(), 200), 10);
}

TEST(Deviation, OnTopOfADriftIsWhatMovedSince) {
  const double whole = deviation_of(of_another_day(100, 300).only(), 300);
  const double fresh = deviation_of(of_another_day(200, 300).only(), 300);
  EXPECT_GT(fresh, 0.4 * whole);
  EXPECT_LT(fresh, 0.7 * whole);
}

TEST(Deviation, BackToTheOrdinaryCountsHalf) {
  const double back = deviation_of(of_another_day(200, 100).only(), 100);
  const double away = deviation_of(of_another_day(100, 1).only(), 1);
  EXPECT_LT(back, 0);
  EXPECT_GT(back, 0.7 * away);
}

}  // namespace
}  // namespace midwatch::observe::metrics
