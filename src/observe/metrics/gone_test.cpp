#include "src/observe/metrics/gone.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/metric_world.h"

namespace midwatch::observe::metrics {
namespace {

using telemetry::MetricSeries;
using testing::minute;
using testing::minutes_from_to;
using testing::quiet;
using testing::series_of;

/// A series without its points from one minute to before another.
MetricSeries without(MetricSeries s, double from, double to) {
  std::erase_if(s.points, [&](const auto& p) { return minutes_from_to(from, to).contains(p.time); });
  return s;
}

MetricSeries reporting(const char* entity) {
  return series_of(entity, "requests", 0, quiet(150, 10, 1));
}

std::vector<model::Observation> gone(const std::vector<MetricSeries>& incident,
                                     const std::vector<MetricSeries>& baseline = {}) {
  telemetry::IncidentScope scope = testing::incident_at_two();
  if (!baseline.empty()) scope.baseline = minutes_from_to(-9000, -8800);
  return find_gone(scope, incident, baseline, testing::knowledge_of_metrics());
}

TEST(Gone, ASeriesThatEndsWhileOthersReport) {
  const auto found = gone({without(reporting("a"), 118, 150), reporting("b")});
  ASSERT_EQ(found.size(), 1U);
  const auto& o = found[0];
  EXPECT_EQ(o.entity, "a");
  EXPECT_EQ(o.type, "metric.requests.gone");
  EXPECT_EQ(o.onset, minute(118));
  EXPECT_EQ(o.onset_uncertainty, std::chrono::minutes(1));
  EXPECT_FALSE(o.value) << "missing is not zero";
  EXPECT_FALSE(o.facts.contains("resumed"));
  EXPECT_EQ(o.evidence.at(0).count, 0);
  EXPECT_EQ(o.evidence.at(0).window, minutes_from_to(118, 150));
}

TEST(Gone, AHoleSaysWhenItEnded) {
  const auto found = gone({without(reporting("a"), 118, 130), reporting("b")});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].facts.at("resumed"), base::format_rfc3339(minute(130)));
}

TEST(Gone, ASeriesOfTheBaselineThatNeverReports) {
  const std::vector baseline{series_of("a", "requests", -9000, quiet(200, 10, 1)),
                             series_of("b", "requests", -9000, quiet(200, 10, 1))};
  const auto found = gone({reporting("b")}, baseline);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].entity, "a");
  EXPECT_FALSE(found[0].onset) << "nobody saw it stop";
}

TEST(Gone, LongerSilenceIsSurer) {
  const auto brief = gone({without(reporting("a"), 118, 124), reporting("b")});
  const auto lasting = gone({without(reporting("a"), 118, 150), reporting("b")});
  ASSERT_EQ(brief.size(), 1U);
  ASSERT_EQ(lasting.size(), 1U);
  EXPECT_GT(lasting[0].strength, brief[0].strength);
}

TEST(Gone, WhereAllStopTheRecordingEnds) {
  EXPECT_TRUE(gone({without(reporting("a"), 122, 150), without(reporting("b"), 122, 150)}).empty());
}

TEST(Gone, HasNothingToSay) {
  EXPECT_TRUE(gone({}).empty());
  EXPECT_TRUE(gone({reporting("a")}).empty());
  EXPECT_TRUE(gone({without(reporting("a"), 118, 121), reporting("b")}).empty()) << "three points";
  EXPECT_TRUE(gone({without(without(reporting("a"), 20, 40), 110, 140), reporting("b")}).empty())
      << "as long a pause as before";
  EXPECT_TRUE(gone({series_of("a", "requests", 88, {1, 2}), reporting("b")}).empty()) << "no habit";
}

TEST(Gone, ASeriesThatReportsNowAndThenHasToPauseLong) {
  MetricSeries seldom{reporting("a").key, {}};
  for (int m = 0; m < 90; m += 20) seldom.points.push_back({minute(m), 1});
  EXPECT_TRUE(gone({seldom, reporting("b")}).empty());
}

}  // namespace
}  // namespace midwatch::observe::metrics
