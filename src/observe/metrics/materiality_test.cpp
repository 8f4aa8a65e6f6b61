#include "src/observe/metrics/materiality.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/prepared_world.h"

namespace midwatch::observe::metrics {
namespace {

using testing::PreparedWorld;
using testing::quiet;
using testing::series_of;

TEST(Materiality, IsTheShareOfALimit) {
  const PreparedWorld world({series_of("a", "cpu", 0, quiet(150, 1.5, 0))});
  EXPECT_LT(materiality(world.only(), 2), 0.35);
  EXPECT_GT(materiality(world.only(), 50), 0.9);
  EXPECT_EQ(materiality(world.only(), 100), 1);
}

TEST(Materiality, OfAShareOfOneIsTheShare) {
  const PreparedWorld world({series_of("a", "cpu", 0, quiet(90, 0.3, 0) + quiet(60, 0.9, 0))});
  EXPECT_GT(materiality(world.only(), 0.9), 0.95);
}

TEST(Materiality, IsTheShareOfWhatOthersUse) {
  const PreparedWorld world(
      {series_of("a", "memory", 0, quiet(150, 1e6, 0)), series_of("b", "memory", 0, quiet(150, 1e9, 0))});
  EXPECT_LT(materiality(world.all()[0], 2e6), 0.1);
  EXPECT_EQ(materiality(world.all()[1], 1e9), 1);
}

TEST(Materiality, OfWhatIsNoAmountIsFull) {
  const PreparedWorld world({series_of("a", "latency", 0, quiet(150, 1, 0))});
  EXPECT_EQ(materiality(world.only(), 1e-9), 1);
}

TEST(Materiality, OfNothingAnywhereIsFull) {
  const PreparedWorld world({series_of("a", "memory", 0, quiet(150, 0, 0))});
  EXPECT_EQ(materiality(world.only(), 0), 1);
}

}  // namespace
}  // namespace midwatch::observe::metrics
