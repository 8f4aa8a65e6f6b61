#include "src/observe/metrics/begun.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/metric_world.h"

namespace midwatch::observe::metrics {
namespace {

using telemetry::MetricSeries;
using testing::minute;
using testing::quiet;
using testing::series_of;

MetricSeries reporting(const char* entity) {
  return series_of(entity, "requests", 0, quiet(150, 10, 1));
}

std::vector<model::Observation> begun(const std::vector<MetricSeries>& incident,
                                      const std::vector<MetricSeries>& baseline = {}) {
  return find_begun(testing::incident_at_two(), incident, baseline, testing::knowledge_of_metrics());
}

TEST(Begun, ACountOfFailuresThatIsReportedFromTheFirstOn) {
  const auto found = begun({reporting("a"), reporting("b"), series_of("a", "errors", 119, quiet(31, 5, 1))});
  ASSERT_EQ(found.size(), 1U);
  const auto& o = found[0];
  EXPECT_EQ(o.entity, "a");
  EXPECT_EQ(o.type, "metric.errors.new");
  EXPECT_EQ(o.onset, minute(119));
  EXPECT_FALSE(o.baseline) << "missing is not zero";
  EXPECT_GT(o.strength, 0.5);
  EXPECT_EQ(o.evidence.at(0).count, 31);
}

TEST(Begun, HasNothingToSay) {
  const auto errors = series_of("a", "errors", 119, quiet(31, 5, 1));
  EXPECT_TRUE(begun({}).empty());
  EXPECT_TRUE(begun({errors}).empty()) << "nobody reported before";
  EXPECT_TRUE(begun({reporting("a"), reporting("b"), errors}, {errors}).empty()) << "known before";
  EXPECT_TRUE(begun({reporting("a"), reporting("b"), series_of("a", "errors", 119, quiet(31, 0, 0))}).empty())
      << "zero";
  EXPECT_TRUE(begun({reporting("a"), reporting("b"), series_of("a", "errors", 119, {5, 5})}).empty())
      << "two points";
  MetricSeries seldom{errors.key, {}};
  for (const int m : {100, 101, 102, 140}) seldom.points.push_back({minute(m), 1});
  EXPECT_TRUE(begun({reporting("a"), reporting("b"), seldom}).empty()) << "comes and goes";
}

}  // namespace
}  // namespace midwatch::observe::metrics
