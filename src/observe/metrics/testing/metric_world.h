#pragma once

#include <string>
#include <utility>
#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics::testing {

/// Times of the tests: minutes after an arbitrary midnight.
inline base::Timestamp minute(double m) {
  return base::Timestamp(std::chrono::hours(24 * 20'000)) + base::duration_from_seconds(60 * m);
}

inline base::TimeRange minutes_from_to(double from, double to) {
  return {minute(from), minute(to)};
}

/// A series of one point a minute.
inline telemetry::MetricSeries series_of(std::string entity, std::string metric, double first_minute,
                                         const std::vector<double>& values) {
  telemetry::MetricSeries s;
  s.key.entity = std::move(entity);
  s.key.metric = std::move(metric);
  for (std::size_t i = 0; i < values.size(); ++i)
    s.points.push_back({minute(first_minute + static_cast<double>(i)), values[i]});
  return s;
}

/// The values of a series; `a + b` is b after a.
struct Values : std::vector<double> {
  using vector::vector;
  friend Values operator+(Values a, const Values& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }
};

/// `n` values around a level that repeat themselves: level −1, 0, +1 times `wobble`.
inline Values quiet(std::size_t n, double level, double wobble) {
  Values values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = level + wobble * (static_cast<double>(i * 7 % 3) - 1);
  return values;
}

/// Knowledge of a few metrics, by the first word of their names.
inline knowledge::KnowledgeBase knowledge_of_metrics() {
  using knowledge::BadWay;
  knowledge::KnowledgeBase knowledge;
  const auto rule = [&](const char* word, knowledge::MetricMeaning meaning) {
    knowledge.metric_rules.add({{{word}}, {}, {}, std::move(meaning)});
  };
  rule("latency", {"latency", BadWay::kUp, "ms", {}, false});
  rule("errors", {"errors", BadWay::kUp, "", {}, false});
  rule("requests", {"requests", BadWay::kBoth, "", {}, false});
  rule("cpu", {"cpu", BadWay::kUp, "%", 100.0, false});
  rule("memory", {"memory", BadWay::kUp, "By", {}, false});
  rule("free", {"disk_space", BadWay::kDown, "By", {}, false});
  rule("connections", {"connections", BadWay::kUp, "", {}, false});
  rule("counted", {"requests", BadWay::kBoth, "", {}, true});
  return knowledge;
}

/// An incident with its alarm at minute 120, a window of an hour around it, and no baseline.
inline telemetry::IncidentScope incident_at_two() {
  telemetry::IncidentScope scope;
  scope.window = minutes_from_to(90, 150);
  scope.alarm.time = minute(120);
  return scope;
}

}  // namespace midwatch::observe::metrics::testing
