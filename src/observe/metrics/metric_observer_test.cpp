#include "src/observe/metrics/metric_observer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/observe/metrics/testing/metric_world.h"

namespace midwatch::observe::metrics {
namespace {

using telemetry::MetricSeries;
using testing::minute;
using testing::quiet;
using testing::series_of;
using testing::Values;

MetricFindings observe(const std::vector<MetricSeries>& incident,
                       const telemetry::IncidentScope& scope = testing::incident_at_two()) {
  return observe_metrics(scope, incident, {}, testing::knowledge_of_metrics());
}

std::vector<std::string> types_of(const MetricFindings& findings) {
  std::vector<std::string> types;
  for (const auto& o : findings.observations) types.push_back(o.type);
  return types;
}

struct Shape {
  const char* name;
  const char* metric;
  Values values;
  std::vector<std::string> types;
};

class MetricShapes : public ::testing::TestWithParam<Shape> {};

TEST_P(MetricShapes, AreNamed) {
  const auto findings = observe({series_of("a", GetParam().metric, 0, GetParam().values)});
  EXPECT_EQ(types_of(findings), GetParam().types);
  EXPECT_EQ(findings.coverage.at("a").size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    All, MetricShapes,
    ::testing::Values(
        Shape{"quiet", "latency", quiet(150, 100, 10), {}},
        Shape{"constant", "latency", quiet(150, 100, 0), {}},
        Shape{"level_up", "latency", quiet(120, 100, 10) + quiet(30, 300, 10), {"metric.latency.up"}},
        Shape{"level_up_from_constant",
              "latency",
              quiet(120, 100, 0) + quiet(30, 200, 0),
              {"metric.latency.up"}},
        Shape{"up_from_zero", "errors", quiet(120, 0, 0) + quiet(30, 20, 1), {"metric.errors.up"}},
        Shape{"level_down", "requests", quiet(120, 100, 5) + quiet(30, 30, 5), {"metric.requests.down"}},
        Shape{"spike",
              "latency",
              quiet(120, 100, 10) + Values{900} + quiet(29, 100, 10),
              {"metric.latency.spike"}},
        Shape{"dip", "requests", quiet(120, 100, 5) + Values{5} + quiet(29, 100, 5), {"metric.requests.dip"}},
        Shape{"zero",
              "requests",
              quiet(120, 100, 5) + quiet(30, 0, 0),
              {"metric.requests.down", "metric.requests.zero"}},
        Shape{"saturated",
              "cpu",
              quiet(120, 30, 5) + quiet(30, 99, 0.5),
              {"metric.cpu.saturated", "metric.cpu.up"}},
        Shape{"tiny_change_of_a_constant", "latency", quiet(120, 100, 0) + quiet(30, 101, 0), {}}),
    [](const auto& shape) { return std::string(shape.param.name); });

TEST(MetricObserver, ACounterThatRestartsIsNoDrop) {
  std::vector<double> totals{0};
  for (int i = 1; i < 150; ++i) totals.push_back(i == 125 ? 30 : totals.back() + 60);
  EXPECT_TRUE(types_of(observe({series_of("a", "counted", 0, totals)})).empty());
}

TEST(MetricObserver, ACounterThatStopsIsADropOfTheRate) {
  std::vector<double> totals{0};
  for (int i = 1; i < 150; ++i) totals.push_back(totals.back() + (i < 120 ? 60 : 0));
  const auto types = types_of(observe({series_of("a", "counted", 0, totals)}));
  EXPECT_EQ(types, (std::vector<std::string>{"metric.requests.down", "metric.requests.zero"}));
}

TEST(MetricObserver, ANightlyJobIsOrdinaryOnceItsHourIsKnown) {
  const auto nightly = [](int days) {
    std::vector<double> values;
    for (int m = 0; m < days * 1440 + 150; ++m)
      values.push_back((m % 1440 >= 100 && m % 1440 < 140 ? 80 : 10) + m * 7 % 3);
    telemetry::IncidentScope scope;
    scope.window = testing::minutes_from_to(days * 1440 + 90, days * 1440 + 150);
    scope.alarm.time = minute(days * 1440 + 120);
    return types_of(observe({series_of("a", "cpu", 0, values)}, scope));
  };
  EXPECT_FALSE(nightly(1).empty()) << "one night is no habit";
  EXPECT_TRUE(nightly(5).empty());
}

TEST(MetricObserver, ObservationsAreOrdered) {
  const auto up = quiet(120, 100, 10) + quiet(30, 300, 10);
  const auto findings = observe({series_of("b", "latency", 0, up), series_of("a", "latency b", 0, up),
                                 series_of("a", "latency a", 0, up)});
  ASSERT_EQ(findings.observations.size(), 3U);
  EXPECT_EQ(findings.observations[0].subject, "latency a");
  EXPECT_EQ(findings.observations[1].subject, "latency b");
  EXPECT_EQ(findings.observations[2].entity, "b");
}

TEST(MetricObserver, AlarmQuantityIsReadFromMetricNameOrSummary) {
  const auto knowledge = testing::knowledge_of_metrics();
  telemetry::Alarm alarm;
  EXPECT_EQ(alarm_quantity(alarm, knowledge), "");
  alarm.summary = "p99 latency of web is high";
  EXPECT_EQ(alarm_quantity(alarm, knowledge), "latency");
  alarm.metric = "errors";
  EXPECT_EQ(alarm_quantity(alarm, knowledge), "errors");
}

/// Random incidents: some series with random noise, one of them shifted.
std::vector<MetricSeries> random_incident() {
  static const std::vector<const char*> kMetrics{"latency", "errors", "requests", "memory", "connections"};
  std::vector<MetricSeries> series;
  const int count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i) {
    const auto noise = *rc::gen::container<std::vector<double>>(
        150, rc::gen::map(rc::gen::inRange(0, 64), [](int v) { return v / 4.0; }));
    auto s = series_of("entity " + std::to_string(i), *rc::gen::elementOf(kMetrics), 0, noise);
    const double shift = *rc::gen::inRange(0, 3) * 50;
    for (std::size_t k = 120; k < s.points.size(); ++k) s.points[k].value += shift;
    series.push_back(std::move(s));
  }
  return series;
}

bool same(const std::vector<model::Observation>& a, const std::vector<model::Observation>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.entity == y.entity && x.type == y.type && x.subject == y.subject && x.strength == y.strength &&
           x.onset == y.onset && x.magnitude == y.magnitude;
  });
}

RC_GTEST_PROP(MetricObserver, TheOrderOfSeriesDoesNotMatter, ()) {
  auto series = random_incident();
  const auto before = observe(series);
  std::reverse(series.begin(), series.end());
  RC_ASSERT(same(before.observations, observe(series).observations));
}

RC_GTEST_PROP(MetricObserver, TheUnitDoesNotMatter, ()) {
  auto series = random_incident();
  const auto before = observe(series);
  const double unit = std::ldexp(1.0, *rc::gen::inRange(-8, 9));
  for (auto& s : series) {
    for (auto& p : s.points) p.value *= unit;
  }
  RC_ASSERT(same(before.observations, observe(series).observations));
}

RC_GTEST_PROP(MetricObserver, WhenItHappensDoesNotMatter, ()) {
  auto series = random_incident();
  const auto before = observe(series);
  const auto later = std::chrono::hours(*rc::gen::inRange(-5000, 5000));
  auto scope = testing::incident_at_two();
  scope.window = {scope.window.start + later, scope.window.end + later};
  scope.alarm.time = *scope.alarm.time + later;
  for (auto& s : series) {
    for (auto& p : s.points) p.time += later;
  }
  auto after = observe(series, scope);
  for (auto& o : after.observations) {
    if (o.onset) o.onset = *o.onset - later;
  }
  RC_ASSERT(same(before.observations, after.observations));
}

RC_GTEST_PROP(MetricObserver, AHigherZeroPointMakesNoDeviationStronger, ()) {
  // What is ordinary for a level is a share of it: on a higher level the same movement counts no more.
  const auto series = random_incident();
  auto raised = series;
  for (auto& s : raised) {
    for (auto& p : s.points) p.value += 4096;
  }
  const auto low = observe(series);
  for (const auto& o : observe(raised).observations) {
    const double before = std::accumulate(
        low.observations.begin(), low.observations.end(), 0.0, [&](double most, const auto& other) {
          const bool is_same = other.entity == o.entity && other.subject == o.subject && other.type == o.type;
          return is_same ? std::max(most, other.strength) : most;
        });
    RC_ASSERT(o.strength <= before + 1e-9);
  }
}

RC_GTEST_PROP(MetricObserver, StrengthsAndMagnitudesAreFinite, ()) {
  for (const auto& o : observe(random_incident()).observations) {
    RC_ASSERT(o.strength > 0 && o.strength <= 1);
    RC_ASSERT(std::isfinite(o.magnitude));
    RC_ASSERT(!o.evidence.empty());
  }
}

}  // namespace
}  // namespace midwatch::observe::metrics
