#include "src/observe/metrics/spread.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/prepared_world.h"

namespace midwatch::observe::metrics {
namespace {

using testing::PreparedWorld;
using testing::quiet;
using testing::series_of;

TEST(Spread, AConstantSeriesHasAFiniteScale) {
  const PreparedWorld world({series_of("a", "latency", 0, quiet(90, 100, 0) + quiet(60, 103, 0))});
  EXPECT_EQ(world.only().ordinary.above, 0);
  EXPECT_DOUBLE_EQ(world.only().floor, 3);
}

TEST(Spread, WhatWasAlwaysZeroIsMeasuredByWhatIsSeenAnywhere) {
  const PreparedWorld world({series_of("a", "errors", 0, quiet(90, 0, 0) + quiet(60, 50, 0)),
                             series_of("b", "errors", 0, quiet(90, 0, 0) + quiet(60, 1, 0))});
  EXPECT_GT(world.all()[0].floor, 5);
  EXPECT_EQ(world.all()[0].floor, world.all()[1].floor);
  EXPECT_EQ(world.all()[1].peers_largest, 50);
}

TEST(Spread, ArrivalsVaryByTheirRoot) {
  const auto floor_of = [](const char* stat, double level) {
    auto series = series_of("a", "requests", 0, quiet(150, level, 0));
    series.key.stat = stat;
    return PreparedWorld({series}).only().floor;
  };
  EXPECT_DOUBLE_EQ(floor_of("Sum", 9), 3);
  EXPECT_DOUBLE_EQ(floor_of("Sum", 1e6), 3e4) << "of many, three in a hundred are more than that";
  EXPECT_LT(floor_of("Average", 9), 1) << "no count";
  EXPECT_LT(floor_of("Sum", 9.5), 1) << "no count either";
}

TEST(Spread, NothingButZerosHasAFiniteScale) {
  const PreparedWorld world({series_of("a", "errors", 0, quiet(150, 0, 0))});
  EXPECT_GT(world.only().floor, 0);
}

TEST(Spread, IsBorrowedFromTheSameMetricElsewhere) {
  // Three points around 100 that happen to be equal; elsewhere the metric varies by a tenth.
  const auto calm = series_of("a", "latency", 87, quiet(3, 100, 0) + quiet(60, 100, 0));
  const auto wild = series_of("b", "latency", 0, quiet(90, 200, 20) + quiet(60, 200, 20));
  const PreparedWorld alone({calm});
  const PreparedWorld together({calm, wild, series_of("c", "latency", 0, quiet(150, 50, 5))});
  EXPECT_GT(together.all()[0].ordinary.above, alone.all()[0].ordinary.above + 3);
}

TEST(Spread, OfAnotherMetricIsNotBorrowed) {
  const auto calm = series_of("a", "latency", 87, quiet(3, 100, 0) + quiet(60, 100, 0));
  const PreparedWorld world({calm, series_of("b", "requests", 0, quiet(150, 200, 50))});
  EXPECT_EQ(world.all()[0].ordinary.above, 0);
}

TEST(Spread, PercentagesHaveAFloorInPoints) {
  const PreparedWorld many({series_of("a", "cpu", 0, quiet(150, 2, 0))});
  const PreparedWorld few({series_of("a", "cpu", 86, quiet(64, 2, 0))});
  EXPECT_NEAR(many.only().floor, 0.15 + 0.35 * 20 / 90, 1e-9);
  EXPECT_DOUBLE_EQ(few.only().floor, 0.5);
}

TEST(Spread, SharesOfOneArePercentagesToo) {
  const PreparedWorld world({series_of("a", "cpu", 86, quiet(64, 0.02, 0))});
  EXPECT_DOUBLE_EQ(world.only().floor, 0.005);
}

TEST(Spread, AUtilizationThatNobodyHadMoreThanOneOfIsAShare) {
  const auto idle = series_of("b", "cpu", 0, quiet(150, 0.02, 0));
  const PreparedWorld shares({series_of("a", "cpu", 0, quiet(90, 0.34, 0) + quiet(60, 0.98, 0)), idle});
  EXPECT_EQ(shares.all()[0].meaning.unit, "1");
  EXPECT_EQ(shares.all()[0].meaning.limit, 1.0);
  EXPECT_EQ(shares.all()[1].meaning.unit, "1");
  const PreparedWorld over({series_of("a", "cpu", 0, quiet(90, 0.34, 0) + quiet(60, 1.04, 0))});
  EXPECT_EQ(over.only().meaning.limit, 1.0);
  EXPECT_LT(over.only().floor, 0.006);
  const PreparedWorld percentages({series_of("a", "cpu", 0, quiet(90, 3, 0) + quiet(60, 2, 0)), idle});
  EXPECT_EQ(percentages.all()[1].meaning.limit, 100.0);
  const PreparedWorld named({series_of("a", "cpu_percent", 0, quiet(90, 0.34, 0) + quiet(60, 0.98, 0)),
                             series_of("a", "cpuUtilization", 0, quiet(90, 0.34, 0) + quiet(60, 0.98, 0))});
  for (const PreparedSeries& series : named.all()) EXPECT_EQ(series.meaning.limit, 100.0);
}

}  // namespace
}  // namespace midwatch::observe::metrics
