#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

/// The rules in the order of their file. Which of them a name could fit is looked up by its words: a meaning
/// is asked for several times a series, and most rules speak of other words.
class MetricRules {
 public:
  void add(MetricRule rule);

  const std::vector<MetricRule>& list() const { return rules_; }
  /// The rules whose first list has one of these words, in order.
  std::vector<const MetricRule*> naming(const std::vector<std::string>& words) const;

 private:
  std::vector<MetricRule> rules_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_word_;
};

/// The words of a name: split at punctuation, digits kept, camelCase split, lower case.
/// "PodClientLatencyP95(s)" → pod client latency p95 s.
std::vector<std::string> name_words(std::string_view name);

/// The meaning of a metric by the first rule that fits its name; units in the name or key refine it.
MetricMeaning metric_meaning(const telemetry::MetricKey& key, const MetricRules& rules);

}  // namespace midwatch::knowledge
