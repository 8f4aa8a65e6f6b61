#include "src/observe/metrics/strength.h"

#include <gtest/gtest.h>

namespace midwatch::observe::metrics {
namespace {

TEST(Strength, IsHalfWhereObserversDisagree) {
  EXPECT_DOUBLE_EQ(strength_of(kDoubtfulDeviation), 0.5);
  EXPECT_DOUBLE_EQ(strength_of(-kDoubtfulDeviation), 0.5);
}

TEST(Strength, GrowsWithTheDeviation) {
  EXPECT_LT(strength_of(0), kLeastStrength);
  EXPECT_LT(strength_of(1.5), kLeastStrength);
  EXPECT_GT(strength_of(8), 0.95);
  EXPECT_LE(strength_of(1e300), 1);
}

}  // namespace
}  // namespace midwatch::observe::metrics
