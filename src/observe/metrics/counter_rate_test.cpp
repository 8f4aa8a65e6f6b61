#include "src/observe/metrics/counter_rate.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/observe/metrics/testing/metric_world.h"

namespace midwatch::observe::metrics {
namespace {

std::vector<double> rates(const std::vector<double>& totals) {
  std::vector<double> out;
  for (const auto& point : rates_of(testing::series_of("a", "counted", 0, totals).points))
    out.push_back(point.value * 60);
  return out;
}

TEST(CounterRate, IsGrowthByTime) {
  EXPECT_EQ(rates({100, 160, 160, 280}), (std::vector<double>{60, 0, 120}));
  EXPECT_TRUE(rates({5}).empty());
  EXPECT_TRUE(rates({}).empty());
}

TEST(CounterRate, AFallIsARestartOfWhichNothingIsKnown) {
  EXPECT_EQ(rates({1000, 1060, 30, 90}), (std::vector<double>{60, 60}));
  EXPECT_TRUE(rates({9, 8, 7}).empty());
}

TEST(CounterRate, AHoleIsNoRush) {
  std::vector<telemetry::MetricPoint> totals{{testing::minute(0), 0}, {testing::minute(10), 600}};
  EXPECT_DOUBLE_EQ(rates_of(totals).at(0).value, 1.0);
}

RC_GTEST_PROP(CounterRate, IsNeverNegative, (const std::vector<std::uint16_t>& totals)) {
  for (const double rate : rates({totals.begin(), totals.end()})) RC_ASSERT(rate >= 0);
}

RC_GTEST_PROP(CounterRate, WhereACountBeginsDoesNotMatter, (const std::vector<std::uint8_t>& growth)) {
  std::vector<double> totals{0};
  for (const auto g : growth) totals.push_back(totals.back() + g);
  std::vector<double> later = totals;
  for (double& t : later) t += 1000;
  RC_ASSERT(rates(totals) == rates(later));
}

}  // namespace
}  // namespace midwatch::observe::metrics
