#include "src/observe/series/upper_tail.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/observe/series/testing/noise.h"

namespace midwatch::observe::series {
namespace {

using testing::Noise;

UpperTail tail_of(const std::vector<double>& values) {
  UpperTail tail;
  for (const double v : values) tail.add(v);
  return tail;
}

std::vector<double> normal_values(std::uint64_t seed, std::size_t n) {
  Noise noise(seed);
  std::vector<double> values(n);
  for (double& v : values) v = noise.normal();
  return values;
}

TEST(UpperTail, KnowsNothingOfAShortHistory) {
  UpperTail tail;
  EXPECT_EQ(tail.surprise(1e9), 0);
  for (int i = 0; i < 99; ++i) tail.add(i % 7);
  EXPECT_EQ(tail.surprise(1e9), 0);
  tail.add(3);
  EXPECT_GT(tail.surprise(1e9), 2);
}

TEST(UpperTail, TheBodyIsNoSurprise) {
  const UpperTail tail = tail_of(normal_values(1, 1000));
  EXPECT_EQ(tail.surprise(0), 0);
  EXPECT_EQ(tail.surprise(1.5), 0);
  EXPECT_EQ(tail.surprise(-1000), 0);
}

TEST(UpperTail, EstimatesTheProbabilityOfWhatWasNeverSeen) {
  // −log10 P(X ≥ x) of a standard normal: 4.5 at 4, and 6.5 at 5. A fit of few excesses is careful.
  const UpperTail tail = tail_of(normal_values(2, 5000));
  EXPECT_NEAR(tail.surprise(4), 4.5, 1.2);
  EXPECT_NEAR(tail.surprise(5), 6.5, 2.0);
}

TEST(UpperTail, AlarmsAboutAsOftenAsItSays) {
  // Of 40 streams of 2,000 values, a surprise of three decades has to come about once in a thousand values.
  int alarms = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Noise noise(100 + seed);
    UpperTail tail;
    for (int i = 0; i < 2000; ++i) {
      const double value = -std::log(noise.uniform());
      alarms += tail.surprise(value) >= 3 ? 1 : 0;
      tail.add(value);
    }
  }
  EXPECT_GT(alarms, 30);
  EXPECT_LT(alarms, 130);
}

TEST(UpperTail, AHeavyTailIsSurprisedLater) {
  Noise noise(3);
  UpperTail light;
  UpperTail heavy;
  for (int i = 0; i < 5000; ++i) {
    const double u = noise.uniform();
    light.add(-std::log(u));
    heavy.add(std::pow(u, -0.7));
  }
  // Both values are truly one in 100,000.
  EXPECT_NEAR(light.surprise(5 * std::log(10)), 5, 1.5);
  EXPECT_LT(heavy.surprise(std::pow(10, 0.7 * 5)), 10);
  EXPECT_GT(light.surprise(std::pow(10, 0.7 * 5)), 30);
}

TEST(UpperTail, ConstantHistoryGivesAFiniteSurprise) {
  const UpperTail tail = tail_of(std::vector<double>(1000, 5.0));
  EXPECT_EQ(tail.surprise(5), 0);
  EXPECT_NEAR(tail.surprise(5.001), 4, 1e-9);
  EXPECT_NEAR(tail.surprise(1e100), 4, 1e-9);
}

TEST(UpperTail, ALastingLevelBecomesOrdinary) {
  UpperTail tail = tail_of(normal_values(4, 1000));
  EXPECT_GT(tail.surprise(100), 8);
  for (int i = 0; i < 40; ++i) tail.add(100 + 0.1 * (i % 5));
  EXPECT_LT(tail.surprise(100), 2);
}

TEST(UpperTail, NeverForgetsAnExtreme) {
  UpperTail tail = tail_of(normal_values(5, 500));
  const double at_first = tail.surprise(50);
  tail.add(50);
  Noise noise(6);
  for (int i = 0; i < 20'000; ++i) tail.add(noise.normal());
  EXPECT_LT(tail.surprise(50), at_first / 2);
}

RC_GTEST_PROP(UpperTail, LargerValuesSurpriseNoLess, (std::uint16_t seed)) {
  const UpperTail tail = tail_of(normal_values(seed, 400));
  double last = 0;
  for (double v = -2; v < 40; v += 0.25) {
    const double now = tail.surprise(v);
    RC_ASSERT(now >= last);
    RC_ASSERT(now <= UpperTail::kMostSurprise);
    last = now;
  }
}

RC_GTEST_PROP(UpperTail, TheUnitDoesNotMatter, (std::uint16_t seed)) {
  const auto values = normal_values(seed, 400);
  const int exponent = *rc::gen::inRange(-30, 30);
  const double unit = std::ldexp(1.0, exponent);
  std::vector<double> scaled;
  scaled.reserve(values.size());
  for (const double v : values) scaled.push_back(v * unit);
  const UpperTail a = tail_of(values);
  const UpperTail b = tail_of(scaled);
  for (const double v : {1.0, 3.0, 10.0}) RC_ASSERT(a.surprise(v) == b.surprise(v * unit));
}

RC_GTEST_PROP(UpperTail, TheOrderOfThePastDoesNotMatter, (std::uint16_t seed)) {
  auto values = normal_values(seed, 300);
  const UpperTail before = tail_of(values);
  std::reverse(values.begin(), values.end());
  const UpperTail after = tail_of(values);
  for (const double v : {2.0, 4.0, 8.0}) RC_ASSERT(before.surprise(v) == after.surprise(v));
}

}  // namespace
}  // namespace midwatch::observe::series
