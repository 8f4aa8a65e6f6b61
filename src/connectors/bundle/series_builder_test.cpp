#include "src/connectors/bundle/series_builder.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::connectors::bundle {
namespace {

base::Timestamp at(int second) {
  return base::Timestamp(std::chrono::seconds(second));
}

telemetry::MetricSeries finished(SeriesBuilder& builder, std::uint64_t expected_replaced = 0) {
  std::uint64_t replaced = 0;
  auto series = builder.finish(replaced);
  EXPECT_EQ(replaced, expected_replaced);
  return series;
}

TEST(SeriesBuilder, SortsAndKeepsTheLastOfEqualTimes) {
  SeriesBuilder builder({"web", "cpu", {}, {}, {}});
  for (const auto& [second, value] : {std::pair{30, 3.0}, {10, 1.0}, {20, 9.0}, {20, 2.0}, {30, 3.0}})
    builder.add({at(second), value});
  const auto series = finished(builder, 1);  // 20 s had another value; 30 s said the same twice
  ASSERT_EQ(series.points.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(series.points[i].time, at(10 * static_cast<int>(i + 1)));
    EXPECT_EQ(series.points[i].value, static_cast<double>(i + 1));
  }
  EXPECT_EQ(series.key.entity, "web");
}

TEST(SeriesBuilder, OnePointIsASeries) {
  SeriesBuilder builder({});
  builder.add({at(1), 5});
  EXPECT_EQ(finished(builder).points.size(), 1U);
}

TEST(SeriesBuilder, HalvingAveragesPairsAndKeepsTheRate) {
  SeriesBuilder builder({});
  for (int i = 0; i < 5; ++i) builder.add({at(i), static_cast<double>(i)});
  builder.halve();
  EXPECT_EQ(builder.size(), 3U);  // (0,1) (2,3) (4)
  for (int i = 5; i < 8; ++i) builder.add({at(i), static_cast<double>(i)});
  const auto points = finished(builder).points;  // … (5,6) and what was left over: (7)
  ASSERT_EQ(points.size(), 5U);
  const std::pair<int, double> expected[] = {{0, 0.5}, {2, 2.5}, {4, 4}, {5, 5.5}, {7, 7}};
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(points[i].time, at(expected[i].first));
    EXPECT_DOUBLE_EQ(points[i].value, expected[i].second);
  }
}

TEST(SeriesBuilder, HalvingHugeValuesStaysFinite) {
  SeriesBuilder builder({});
  builder.add({at(0), 1.7e308});
  builder.add({at(1), 1.7e308});
  builder.halve();
  EXPECT_DOUBLE_EQ(finished(builder).points.front().value, 1.7e308);
}

RC_GTEST_PROP(SeriesBuilder, ThinningKeepsTheMeanOfFullGroups, ()) {
  const auto halvings = *rc::gen::inRange(0, 4);
  const auto groups = *rc::gen::inRange(1, 20);
  SeriesBuilder builder({});
  const int stride = 1 << halvings;
  double sum = 0;
  // All points of the first half come before the halvings, the others after.
  for (int i = 0; i < groups * stride * 2; ++i) {
    if (i == groups * stride) {
      for (int h = 0; h < halvings; ++h) builder.halve();
    }
    builder.add({at(i), static_cast<double>(i % 7)});
    sum += i % 7;
  }
  std::uint64_t replaced = 0;
  const auto series = builder.finish(replaced);
  RC_ASSERT(series.points.size() == static_cast<std::size_t>(2 * groups));
  double thinned = 0;
  for (const auto& point : series.points) thinned += point.value;
  RC_ASSERT(std::abs(thinned * stride - sum) < 1e-6);
}

}  // namespace
}  // namespace midwatch::connectors::bundle
