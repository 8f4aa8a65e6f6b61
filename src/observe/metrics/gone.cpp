#include "src/observe/metrics/gone.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/model/record_evidence.h"
#include "src/observe/metrics/focus.h"
#include "src/observe/metrics/metric_fact.h"
#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {
namespace {

using base::Duration;
using base::TimeRange;
using base::Timestamp;
using telemetry::IncidentScope;
using telemetry::MetricPoint;
using telemetry::MetricSeries;

/// With fewer points expected, finding none is chance: e^-4 is under 2 %.
constexpr double kLeastExpected = 4;
/// Silence is certain (1 − 1/e of the way) after this many expected points: reporters pause together.
constexpr double kExpectedForCertainty = 3;
/// A silent series may have nothing to report (no requests, no errors): it counts less than a measured zero.
constexpr double kSilence = 0.6;
/// A pause up to this many times the longest one so far is one more of its kind.
constexpr int kUnusualPause = 2;
constexpr std::size_t kLeastBefore = 4;

/// How a series reports when nothing is wrong.
struct Habit {
  Duration interval{};
  double density = 0;  ///< the share of its intervals that have a point
  Duration longest_pause{};
};

std::optional<Habit> habit_of(const std::vector<MetricPoint>& points, TimeRange range) {
  Habit habit;
  habit.interval = usual_interval(points);
  if (habit.interval <= Duration::zero() || range.empty()) return std::nullopt;
  const double intervals = base::to_seconds(range.length()) / base::to_seconds(habit.interval);
  habit.density = std::min(1.0, static_cast<double>(points.size()) / std::max(1.0, intervals));
  for (std::size_t i = 1; i < points.size(); ++i)
    habit.longest_pause = std::max(habit.longest_pause, points[i].time - points[i - 1].time);
  return habit;
}

/// The longest stretch of a time without a point.
struct Silence {
  TimeRange when;
  std::optional<Timestamp> last;     ///< the point before it
  std::optional<Timestamp> resumed;  ///< the point after it
};

Silence longest_silence(const std::vector<MetricPoint>& points, TimeRange focus, Duration interval) {
  const auto after = [](const MetricPoint& p, Timestamp t) { return p.time < t; };
  auto next = std::lower_bound(points.begin(), points.end(), focus.start, after);
  Silence longest{{focus.start, focus.start}, std::nullopt, std::nullopt};
  std::optional<Timestamp> last;
  if (next != points.begin()) last = std::prev(next)->time;
  while (true) {
    const bool is_end = next == points.end() || next->time >= focus.end;
    const TimeRange gap{last ? std::max(*last + interval, focus.start) : focus.start,
                        is_end ? focus.end : next->time};
    if (gap.length() > longest.when.length()) {
      longest = {gap, last, std::nullopt};
      if (next != points.end()) longest.resumed = next->time;
    }
    if (is_end) return longest;
    last = next->time;
    ++next;
  }
}

/// The end of what was recorded of an incident: nobody reports after it.
std::optional<Timestamp> recorded_end(const std::vector<MetricSeries>& incident) {
  std::optional<Timestamp> end;
  for (const auto& s : incident) {
    if (s.points.empty()) continue;
    const Timestamp until = s.points.back().time + usual_interval(s.points);
    if (!end || until > *end) end = until;
  }
  return end;
}

model::Observation gone_fact(const MetricSeries& series, const Silence& silence, const Habit& habit,
                             double strength, const knowledge::KnowledgeBase& knowledge) {
  const auto meaning = knowledge::metric_meaning(series.key, knowledge.metric_rules);
  model::Observation o;
  o.entity = subject_entity(series.key, meaning);
  o.type = fmt::format("metric.{}.gone", meaning.quantity);
  o.subject = subject_of(series.key);
  o.strength = strength;
  o.facts["metric"] = base::printable(series.key.metric, kMetricNameBytes);
  o.facts["series"] = series_name(series.key);
  o.unit = meaning.unit;
  if (silence.last) {
    o.onset = *silence.last + habit.interval;
    o.onset_uncertainty = habit.interval;
  }
  if (silence.resumed) o.facts["resumed"] = base::format_rfc3339(*silence.resumed);
  const MetricSeries silent{series.key, {}};
  o.evidence.push_back(model::series_evidence(silent, silence.when));
  return o;
}

class SilenceFinder {
 public:
  SilenceFinder(const IncidentScope& scope, const std::vector<MetricSeries>& incident,
                const knowledge::KnowledgeBase& knowledge)
      : scope_(scope), recorded_end_(recorded_end(incident)), knowledge_(knowledge) {}

  /// Examines a series by its points of a quiet time and those of the incident.
  void examine(const MetricSeries& series, const std::vector<MetricPoint>& quiet, TimeRange quiet_time,
               const std::vector<MetricPoint>& now) {
    const auto habit = habit_of(quiet, quiet_time);
    if (!habit) return;
    TimeRange focus = focus_of(scope_, habit->interval);
    if (recorded_end_) focus.end = std::min(focus.end, *recorded_end_);
    if (focus.empty()) return;
    const Silence silence = longest_silence(now, focus, habit->interval);
    const double expected =
        habit->density * base::to_seconds(silence.when.length()) / base::to_seconds(habit->interval);
    if (expected < kLeastExpected || silence.when.length() <= kUnusualPause * habit->longest_pause) return;
    const double strength = kSilence * (1 - std::exp(-expected / kExpectedForCertainty));
    gone_.push_back(gone_fact(series, silence, *habit, strength, knowledge_));
  }

  std::vector<model::Observation> take() { return std::move(gone_); }

 private:
  const IncidentScope& scope_;
  std::optional<Timestamp> recorded_end_;
  const knowledge::KnowledgeBase& knowledge_;
  std::vector<model::Observation> gone_;
};

}  // namespace

std::vector<model::Observation> find_gone(const IncidentScope& scope,
                                          const std::vector<MetricSeries>& incident,
                                          const std::vector<MetricSeries>& baseline,
                                          const knowledge::KnowledgeBase& knowledge) {
  SilenceFinder finder(scope, incident, knowledge);
  if (!baseline.empty() && scope.baseline) {
    std::map<telemetry::MetricKey, const MetricSeries*> now;
    for (const auto& s : incident) now.emplace(s.key, &s);
    for (const auto& s : baseline) {
      const auto at = now.find(s.key);
      finder.examine(s, s.points, *scope.baseline,
                     at == now.end() ? std::vector<MetricPoint>{} : at->second->points);
    }
    return finder.take();
  }
  for (const auto& s : incident) {
    const auto is_before = [&](const MetricPoint& p) { return p.time < scope.window.start; };
    const auto window = std::find_if_not(s.points.begin(), s.points.end(), is_before);
    const std::vector<MetricPoint> before(s.points.begin(), window);
    if (before.size() < kLeastBefore) continue;
    finder.examine(s, before, {before.front().time, scope.window.start}, s.points);
  }
  return finder.take();
}

}  // namespace midwatch::observe::metrics
