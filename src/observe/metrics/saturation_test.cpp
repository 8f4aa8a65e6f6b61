#include "src/observe/metrics/saturation.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/prepared_world.h"

namespace midwatch::observe::metrics {
namespace {

using testing::minute;
using testing::PreparedWorld;
using testing::quiet;
using testing::series_of;

std::optional<model::Observation> saturation_of(const char* metric, const std::vector<double>& values) {
  const PreparedWorld world({series_of("a", metric, 0, values)});
  return observe_saturation(world.only());
}

TEST(Saturation, AtTheLimitOfAPercentage) {
  const auto o = saturation_of("cpu", quiet(120, 30, 5) + quiet(30, 99, 0.5));
  ASSERT_TRUE(o);
  EXPECT_EQ(o->type, "metric.cpu.saturated");
  EXPECT_EQ(o->onset, minute(120));
  EXPECT_NEAR(o->value.value_or(0), 99, 1);
}

TEST(Saturation, OnsetIsTheBeginningOfTheLastStayAtTheLimit) {
  const auto o =
      saturation_of("cpu", quiet(110, 30, 5) + quiet(5, 99, 0) + quiet(25, 30, 5) + quiet(10, 98, 0.5));
  ASSERT_TRUE(o);
  EXPECT_EQ(o->onset, minute(140));
}

TEST(Saturation, AFreeAmountNearNothing) {
  const auto o = saturation_of("free", quiet(120, 50e9, 1e9) + quiet(30, 1e9, 1e7));
  ASSERT_TRUE(o);
  EXPECT_EQ(o->type, "metric.disk_space.saturated");
  EXPECT_EQ(o->onset, minute(120));
}

TEST(Saturation, HasNothingToSay) {
  EXPECT_FALSE(saturation_of("cpu", quiet(120, 30, 5) + quiet(30, 90, 1))) << "below the limit";
  EXPECT_FALSE(saturation_of("cpu", quiet(120, 30, 5) + quiet(20, 99, 0) + quiet(10, 30, 5))) << "over";
  EXPECT_FALSE(saturation_of("cpu", quiet(120, 30, 5) + quiet(30, 400, 1))) << "not of one processor";
  EXPECT_FALSE(saturation_of("free", quiet(120, 50e9, 1e9) + quiet(30, 20e9, 1e7))) << "space is left";
  EXPECT_FALSE(saturation_of("free", quiet(150, 0, 0))) << "there never was space";
  EXPECT_FALSE(saturation_of("connections", quiet(120, 10, 1) + quiet(30, 500, 1))) << "limit unknown";
  EXPECT_FALSE(saturation_of("latency", quiet(120, 10, 1) + quiet(30, 500, 1))) << "cannot run out";
}

}  // namespace
}  // namespace midwatch::observe::metrics
