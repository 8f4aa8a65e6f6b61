#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/telemetry/metric.h"

namespace midwatch::knowledge {

enum class BadWay { kUp, kDown, kBoth, kNone };

/// What a metric measures.
struct MetricMeaning {
  std::string quantity = "other";  ///< docs/observations.md
  BadWay bad = BadWay::kNone;      ///< which way is a fault
  std::string unit;                ///< UCUM: what the values are in; empty where unknown
  std::optional<double> limit;     ///< a natural limit (100 for a percentage); free amounts have 0
  bool counter = false;            ///< a running total
};

/// One rule of knowledge/metrics.yaml: words of the metric's name that decide what it measures.
struct MetricRule {
  std::vector<std::vector<std::string>> all_of;  ///< each list needs one of its words in the name
  std::vector<std::string> none_of;
  std::vector<std::string> stats;  ///< where given, the statistic must be one of them
  MetricMeaning meaning;
};

/// The words of a name: split at punctuation, digits kept, camelCase split, lower case.
/// "PodClientLatencyP95(s)" → pod client latency p95 s.
std::vector<std::string> name_words(std::string_view name);

/// The meaning of a metric by the first rule that fits its name; units in the name or key refine it.
MetricMeaning metric_meaning(const telemetry::MetricKey& key, const std::vector<MetricRule>& rules);

}  // namespace midwatch::knowledge
