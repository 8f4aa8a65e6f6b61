#include "src/observe/series/robust.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/observe/series/testing/noise.h"

namespace midwatch::observe::series {
namespace {

TEST(Quantile, InterpolatesBetweenValues) {
  const std::vector<double> values{1, 2, 3, 4};
  EXPECT_EQ(sorted_quantile(values, 0), 1);
  EXPECT_EQ(sorted_quantile(values, 1), 4);
  EXPECT_EQ(sorted_quantile(values, 0.5), 2.5);
  EXPECT_EQ(sorted_quantile(std::vector<double>{7}, 0.9), 7);
}

TEST(Ordinary, ANormalSampleHasItsStandardDeviationAsScale) {
  testing::Noise noise(1);
  std::vector<double> values(2000);
  for (double& v : values) v = 10 + 2 * noise.normal();
  const Ordinary o = ordinary_of(values);
  EXPECT_NEAR(o.middle, 10, 0.2);
  EXPECT_NEAR(o.above, 2, 0.2);
  EXPECT_NEAR(o.below, 2, 0.2);
  EXPECT_EQ(o.count, 2000U);
}

TEST(Ordinary, AnEarlierIncidentDoesNotBecomeOrdinary) {
  std::vector<double> values;
  for (int i = 0; i < 96; ++i) values.push_back(10 + i % 3);
  for (int i = 0; i < 4; ++i) values.push_back(1000);
  const Ordinary o = ordinary_of(values);
  EXPECT_LT(o.above, 2);
  EXPECT_EQ(o.highest, 1000);
}

TEST(Ordinary, FewValuesAreWidened) {
  const double few = ordinary_of({1, 2, 3, 4}).above;
  std::vector<double> many;
  for (int i = 0; i < 100; ++i) many.push_back(1 + i % 4);
  EXPECT_GT(few, ordinary_of(many).above);
}

TEST(Ordinary, NothingIsAnAnswer) {
  EXPECT_EQ(ordinary_of({}).count, 0U);
}

TEST(Deviation, AConstantSeriesHasTheFloorAsScale) {
  const Ordinary o = ordinary_of(std::vector<double>(50, 5));
  EXPECT_EQ(o.above, 0);
  EXPECT_EQ(deviation(o, 5, 0.5), 0);
  EXPECT_EQ(deviation(o, 7, 0.5), 4);
  EXPECT_EQ(deviation(o, 4, 0.5), -2);
}

RC_GTEST_PROP(Deviation, NeitherUnitNorZeroPointMatters,
              (std::vector<std::int16_t> raw, std::int16_t value)) {
  RC_PRE(raw.size() >= 2);
  const double unit = std::ldexp(1.0, *rc::gen::inRange(-10, 10));
  const double zero = *rc::gen::inRange(-1000, 1000);
  std::vector<double> values(raw.begin(), raw.end());
  std::vector<double> moved;
  moved.reserve(values.size());
  for (const double v : values) moved.push_back(v * unit + zero);
  const double a = deviation(ordinary_of(values), value, 1);
  const double b = deviation(ordinary_of(moved), value * unit + zero, unit);
  RC_ASSERT(std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(a)));
}

RC_GTEST_PROP(Ordinary, TheOrderOfValuesDoesNotMatter, (std::vector<std::int16_t> raw)) {
  std::vector<double> values(raw.begin(), raw.end());
  const Ordinary a = ordinary_of(values);
  std::reverse(values.begin(), values.end());
  const Ordinary b = ordinary_of(values);
  RC_ASSERT(a.middle == b.middle && a.above == b.above && a.below == b.below);
}

TEST(TheilSen, IsTheSlopeDespiteOutliers) {
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < 100; ++i) {
    x.push_back(i);
    y.push_back(i % 10 == 0 ? 1e6 : 3.0 * i);
  }
  EXPECT_NEAR(theil_sen_slope(x, y), 3, 0.5);
  EXPECT_EQ(theil_sen_slope(std::vector<double>{1}, std::vector<double>{5}), 0);
}

TEST(TheilSen, ALongSeriesIsThinned) {
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < 20'000; ++i) {
    x.push_back(i);
    y.push_back(-2.0 * i);
  }
  EXPECT_DOUBLE_EQ(theil_sen_slope(x, y), -2);
  EXPECT_EQ(monotony(y), -1);
}

TEST(Monotony, SaysTheDirection) {
  EXPECT_EQ(monotony(std::vector<double>{1, 2, 3, 9}), 1);
  EXPECT_EQ(monotony(std::vector<double>{5, 5, 5}), 0);
  EXPECT_EQ(monotony(std::vector<double>{1}), 0);
  EXPECT_LT(std::abs(monotony(std::vector<double>{1, 3, 1, 3, 1, 3})), 0.5);
}

}  // namespace
}  // namespace midwatch::observe::series
