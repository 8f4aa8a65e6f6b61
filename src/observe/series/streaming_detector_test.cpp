#include "src/observe/series/streaming_detector.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/observe/series/testing/noise.h"

namespace midwatch::observe::series {
namespace {

using base::Timestamp;
using std::chrono::minutes;
using testing::Noise;

constexpr std::size_t kRowsOfDay = 288;

Timestamp at(std::size_t row) {
  return Timestamp(minutes(5) * static_cast<std::int64_t>(row));
}

std::vector<double> scores_of(const std::vector<double>& values) {
  StreamingDetector detector;
  std::vector<double> scores;
  scores.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) scores.push_back(detector.score(at(i), values[i]));
  return scores;
}

/// Ten days of a daily wave with noise.
std::vector<double> daily(std::uint64_t seed) {
  Noise noise(seed);
  std::vector<double> values(10 * kRowsOfDay);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double phase = 2 * std::numbers::pi * static_cast<double>(i) / kRowsOfDay;
    values[i] = 50 + 20 * std::sin(phase) + noise.normal();
  }
  return values;
}

struct Anomaly {
  const char* name;
  std::function<void(std::vector<double>&, std::size_t)> put;  ///< at a row
};

class FindsAnomaly : public ::testing::TestWithParam<Anomaly> {};

TEST_P(FindsAnomaly, MoreThanAnythingBefore) {
  constexpr std::size_t kBegin = 8 * kRowsOfDay + 100;
  constexpr std::size_t kSoon = kRowsOfDay / 2;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    auto values = daily(seed);
    GetParam().put(values, kBegin);
    const auto scores = scores_of(values);
    const double before = *std::max_element(scores.begin() + 2 * kRowsOfDay, scores.begin() + kBegin);
    const double then = *std::max_element(scores.begin() + kBegin, scores.begin() + kBegin + kSoon);
    EXPECT_GT(then, before) << "seed " << seed;
    EXPECT_GT(then, 0.3) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, FindsAnomaly,
                         ::testing::Values(Anomaly{"spike", [](auto& v, std::size_t i) { v[i] += 60; }},
                                           Anomaly{"dip", [](auto& v, std::size_t i) { v[i] -= 60; }},
                                           Anomaly{"level",
                                                   [](auto& v, std::size_t i) {
                                                     for (; i < v.size(); ++i) v[i] += 30;
                                                   }},
                                           Anomaly{"zero",
                                                   [](auto& v, std::size_t i) {
                                                     for (; i < v.size(); ++i) v[i] = 0;
                                                   }},
                                           Anomaly{"noisy",
                                                   [](auto& v, std::size_t i) {
                                                     for (; i < v.size(); ++i) v[i] += i % 2 == 0 ? 12 : -12;
                                                   }},
                                           Anomaly{"flat",
                                                   [](auto& v, std::size_t i) {
                                                     for (std::size_t k = i; k < v.size(); ++k) v[k] = v[i];
                                                   }},
                                           Anomaly{"wave_upside_down",
                                                   [](auto& v, std::size_t i) {
                                                     for (; i < v.size(); ++i) v[i] = 100 - v[i];
                                                   }}),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST(StreamingDetector, NothingHappensInOrdinaryNoise) {
  int loud = 0;
  for (std::uint64_t seed = 10; seed < 20; ++seed) {
    const auto scores = scores_of(daily(seed));
    loud += static_cast<int>(std::count_if(scores.begin(), scores.end(), [](double s) { return s > 0.45; }));
  }
  EXPECT_LE(loud, 2) << "in 100 days";
}

TEST(StreamingDetector, AConstantStreamScoresZero) {
  for (const double s : scores_of(std::vector<double>(3000, 45.0))) EXPECT_EQ(s, 0);
}

TEST(StreamingDetector, OneEventIsAnnouncedOnce) {
  auto values = daily(4);
  for (std::size_t i = 8 * kRowsOfDay; i < values.size(); ++i) values[i] += 200;
  const auto scores = scores_of(values);
  const auto loud =
      std::count_if(scores.begin() + 8 * kRowsOfDay, scores.end(), [](double s) { return s > 0.45; });
  EXPECT_GE(loud, 1);
  EXPECT_LE(loud, 5);
}

TEST(StreamingDetector, WhatIsNoValueScoresZeroAndTeachesNothing) {
  auto values = daily(5);
  values[2500] += 80;
  StreamingDetector plain;
  StreamingDetector disturbed;
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(plain.score(at(i), values[i]), disturbed.score(at(i), values[i])) << i;
    EXPECT_EQ(disturbed.score(at(i), std::numeric_limits<double>::quiet_NaN()), 0);
    EXPECT_EQ(disturbed.score(at(i), std::numeric_limits<double>::infinity()), 0);
    if (i > 0) {
      EXPECT_EQ(disturbed.score(at(i - 1), 1e6), 0);
    }
  }
}

TEST(StreamingDetector, AbsurdValuesStayInRange) {
  StreamingDetector detector;
  Noise noise(6);
  for (std::size_t i = 0; i < 2000; ++i) {
    const double exponent = 600 * noise.uniform() - 300;
    const double value = (i % 2 == 0 ? 1 : -1) * std::pow(10, exponent);
    const double score = detector.score(at(i), value);
    ASSERT_GE(score, 0);
    ASSERT_LE(score, 1);
  }
  const double score = detector.score(at(2000), std::numeric_limits<double>::max());
  EXPECT_TRUE(score >= 0 && score <= 1);
}

RC_GTEST_PROP(StreamingDetector, TheUnitDoesNotMatter, (std::uint16_t seed)) {
  auto values = daily(seed);
  values[2400] += 40;
  const auto expected = scores_of(values);
  const double unit = std::ldexp(1.0, *rc::gen::inRange(-40, 40));
  for (double& v : values) v *= unit;
  RC_ASSERT(scores_of(values) == expected);
}

RC_GTEST_PROP(StreamingDetector, TheFutureDoesNotMatter, (std::uint16_t seed)) {
  const auto values = daily(seed);
  const auto cut = *rc::gen::inRange<std::size_t>(1, values.size());
  auto other = values;
  for (std::size_t i = cut; i < other.size(); ++i) other[i] = -other[i];
  const auto a = scores_of(values);
  const auto b = scores_of(other);
  RC_ASSERT(std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(cut), b.begin()));
}

}  // namespace
}  // namespace midwatch::observe::series
