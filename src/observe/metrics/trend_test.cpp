#include "src/observe/metrics/trend.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/prepared_world.h"

namespace midwatch::observe::metrics {
namespace {

using testing::minute;
using testing::PreparedWorld;
using testing::quiet;
using testing::series_of;
using testing::Values;

Values ramp(std::size_t n, double from, double step) {
  Values values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = from + step * static_cast<double>(i);
  return values;
}

/// `values` with a wobble that repeats itself.
Values wobbled(Values values, double wobble) {
  const auto noise = quiet(values.size(), 0, wobble);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += noise[i];
  return values;
}

std::optional<model::Observation> trend_of(const char* metric, const std::vector<double>& values) {
  const PreparedWorld world({series_of("a", metric, 0, values)});
  return observe_trend(world.only());
}

TEST(Trend, RisesBeyondTheOrdinaryRange) {
  const auto o = trend_of("latency", wobbled(ramp(90, 100, 0) + ramp(60, 100, 2), 3));
  ASSERT_TRUE(o);
  EXPECT_EQ(o->type, "metric.latency.rising");
  EXPECT_EQ(o->onset, minute(90));
  EXPECT_GT(o->strength, 0.9);
}

TEST(Trend, Falls) {
  const auto o = trend_of("requests", wobbled(ramp(90, 500, 0) + ramp(60, 500, -5), 3));
  ASSERT_TRUE(o);
  EXPECT_EQ(o->type, "metric.requests.falling");
}

TEST(Trend, ASlowLeakShowsOverAllThatWasRecorded) {
  const auto o = trend_of("memory", wobbled(ramp(150, 1e9, 5e6), 2e6));
  ASSERT_TRUE(o);
  EXPECT_EQ(o->type, "metric.memory.rising");
  EXPECT_EQ(o->onset, minute(0));
  EXPECT_EQ(o->evidence.at(0).count, 150) << "all of its points are the evidence";
  EXPECT_GT(o->strength, 0.5);
}

TEST(Trend, ASlowDrainOfSpace) {
  const auto o = trend_of("free", wobbled(ramp(150, 100e9, -0.3e9), 0.1e9));
  ASSERT_TRUE(o);
  EXPECT_EQ(o->type, "metric.disk_space.falling");
}

TEST(Trend, HasNothingToSay) {
  EXPECT_FALSE(trend_of("latency", quiet(150, 100, 5))) << "level";
  EXPECT_FALSE(trend_of("latency", wobbled(ramp(150, 100, 0.02), 5))) << "inside the ordinary range";
  EXPECT_FALSE(trend_of("requests", wobbled(ramp(150, 100, 0.2), 3))) << "slow, and no stock";
  EXPECT_FALSE(trend_of("memory", wobbled(ramp(150, 1e9, 5e5), 1e6))) << "slow, and little";
  Values saw;
  while (saw.size() < 150) saw = saw + ramp(30, 1e9, 10e6);
  EXPECT_FALSE(trend_of("memory", saw)) << "and back, again and again";
  EXPECT_FALSE(trend_of("latency", quiet(90, 100, 5) + Values{1, 2, 3, 4, 5})) << "five points";
}

}  // namespace
}  // namespace midwatch::observe::metrics
