#include "src/observe/metrics/gone.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/model/record_evidence.h"
#include "src/observe/metrics/focus.h"
#include "src/observe/metrics/metric_fact.h"

namespace midwatch::observe::metrics {
namespace {

using base::Duration;
using base::TimeRange;
using telemetry::IncidentScope;
using telemetry::MetricSeries;

/// With fewer points expected, finding none is chance: e^-4 is under 2 %.
constexpr double kLeastExpected = 4;
/// Silence is certain (1 − 1/e of the way) after this many expected points: reporters pause together.
constexpr double kExpectedForCertainty = 3;
/// A silent series may have nothing to report (no requests, no errors): it counts less than a measured zero.
constexpr double kSilence = 0.6;
constexpr std::size_t kLeastBefore = 4;
constexpr std::size_t kNameBytes = 200;

/// How surely the silence of `current` in the time asked about is none of its ordinary ones; none where it is
/// not silent.
std::optional<double> silence_of(const IncidentScope& scope, const MetricSeries& reference,
                                 const MetricSeries* current, TimeRange of) {
  const Duration interval = usual_interval(reference.points);
  if (interval <= Duration::zero() || of.empty()) return std::nullopt;
  const double expected_each = base::to_seconds(of.length()) / base::to_seconds(interval);
  const double density = static_cast<double>(reference.points.size()) / std::max(1.0, expected_each);
  const TimeRange focus = focus_of(scope, interval);
  const double expected =
      std::min(1.0, density) * base::to_seconds(focus.length()) / base::to_seconds(interval);
  const bool reports =
      current != nullptr && std::any_of(current->points.begin(), current->points.end(),
                                        [&](const auto& p) { return focus.contains(p.time); });
  if (reports || expected < kLeastExpected) return std::nullopt;
  return 1 - std::exp(-expected / kExpectedForCertainty);
}

model::Observation gone_fact(const IncidentScope& scope, const MetricSeries& series, double strength,
                             const knowledge::KnowledgeBase& knowledge) {
  const auto meaning = knowledge::metric_meaning(series.key, knowledge.metric_rules);
  model::Observation o;
  o.entity = series.key.entity;
  o.type = fmt::format("metric.{}.gone", meaning.quantity);
  o.subject =
      base::printable(series.key.metric + (series.key.stat.empty() ? "" : " " + series.key.stat), kNameBytes);
  o.strength = kSilence * strength;
  o.facts["metric"] = base::printable(series.key.metric, kNameBytes);
  o.facts["series"] = series_name(series.key);
  o.unit = meaning.unit;
  const MetricSeries silent{series.key, {}};
  o.evidence.push_back(model::series_evidence(silent, focus_of(scope, usual_interval(series.points))));
  return o;
}

}  // namespace

std::vector<model::Observation> find_gone(const IncidentScope& scope,
                                          const std::vector<MetricSeries>& incident,
                                          const std::vector<MetricSeries>& baseline,
                                          const knowledge::KnowledgeBase& knowledge) {
  std::vector<model::Observation> gone;
  const auto examine = [&](const MetricSeries& reference, const MetricSeries* current, TimeRange of) {
    if (const auto strength = silence_of(scope, reference, current, of))
      gone.push_back(gone_fact(scope, reference, *strength, knowledge));
  };
  if (!baseline.empty() && scope.baseline) {
    std::map<telemetry::MetricKey, const MetricSeries*> now;
    for (const auto& s : incident) now.emplace(s.key, &s);
    for (const auto& s : baseline) {
      const auto at = now.find(s.key);
      examine(s, at == now.end() ? nullptr : at->second, *scope.baseline);
    }
    return gone;
  }
  for (const auto& s : incident) {
    MetricSeries before{s.key, {}};
    for (const auto& p : s.points) {
      if (p.time < scope.window.start) before.points.push_back(p);
    }
    if (before.points.size() < kLeastBefore) continue;
    examine(before, &s, {before.points.front().time, scope.window.start});
  }
  return gone;
}

}  // namespace midwatch::observe::metrics
