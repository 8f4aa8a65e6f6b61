#include "src/observe/metrics/metric_fact.h"

#include <gtest/gtest.h>

#include "src/observe/metrics/testing/prepared_world.h"

namespace midwatch::observe::metrics {
namespace {

using testing::minute;
using testing::PreparedWorld;
using testing::quiet;
using testing::series_of;

TEST(MetricFact, NamesTheSeriesAndItsOrdinaryRange) {
  auto s = series_of("web", "latency", 0, quiet(90, 100, 10) + quiet(60, 400, 10));
  s.key.stat = "p99";
  s.key.dimensions = {{"route", "/a\x1b[31m"}};
  const PreparedWorld world({s});
  const auto o = metric_fact(world.only(), "up", 0.7);
  EXPECT_EQ(o.type, "metric.latency.up");
  EXPECT_EQ(o.entity, "web");
  EXPECT_EQ(o.baseline, 100);
  EXPECT_EQ(o.unit, "ms");
  EXPECT_EQ(o.facts.at("lowest_ordinary"), "90 ms");
  EXPECT_EQ(o.facts.at("highest_ordinary"), "110 ms");
  EXPECT_EQ(o.subject.rfind("latency p99 route=/a", 0), 0U);
  EXPECT_EQ(o.subject.find('\x1b'), std::string::npos) << "printable";
  EXPECT_EQ(o.evidence.at(0).count, 60);
}

TEST(MetricFact, MagnitudeIsFiniteForZeros) {
  const PreparedWorld world({series_of("web", "errors", 0, quiet(90, 0, 0) + quiet(60, 50, 0))});
  auto o = metric_fact(world.only(), "up", 1);
  set_value(world.only(), o, 50);
  EXPECT_GT(o.magnitude, 1);
  EXPECT_LT(o.magnitude, 5);
  set_value(world.only(), o, 0);
  EXPECT_EQ(o.magnitude, 0);
}

TEST(MetricFact, OnsetIsAsUncertainAsTheDistanceToThePointBefore) {
  auto s = series_of("web", "latency", 0, quiet(150, 100, 10));
  std::erase_if(s.points, [](const auto& p) { return p.time > minute(110) && p.time < minute(120); });
  const PreparedWorld world({s});
  const auto& focus = world.only().focus;
  auto o = metric_fact(world.only(), "up", 1);
  for (std::size_t i = 0; i < focus.size(); ++i) {
    set_onset(world.only(), o, i);
    EXPECT_EQ(o.onset, focus[i].time);
    EXPECT_EQ(o.onset_uncertainty, std::chrono::minutes(focus[i].time == minute(120) ? 10 : 1)) << i;
  }
}

model::Observation about(const char* entity, const char* series, const char* type, double strength) {
  model::Observation o;
  o.entity = entity;
  o.type = type;
  o.strength = strength;
  o.facts["series"] = series;
  return o;
}

TEST(StrongestStatistic, SpeaksForTheOthers) {
  std::vector observations{
      about("a", "latency", "metric.latency.up", 0.5),     about("a", "latency", "metric.latency.up", 0.9),
      about("a", "latency", "metric.latency.rising", 0.1), about("b", "latency", "metric.latency.up", 0.2),
      about("a", "latency", "metric.latency.up", 0.9),     about("a", "other", "metric.latency.up", 0.3)};
  keep_strongest_statistic(observations);
  std::vector<double> kept;
  for (const auto& o : observations) {
    kept.push_back(o.strength);
    EXPECT_FALSE(o.facts.contains("series"));
  }
  EXPECT_EQ(kept, (std::vector<double>{0.9, 0.1, 0.2, 0.3}));
}

}  // namespace
}  // namespace midwatch::observe::metrics
