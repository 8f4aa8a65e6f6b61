#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/knowledge/metric_meaning.h"
#include "src/observe/configuration/detectors.h"
#include "src/observe/configuration/releases.h"
#include "src/observe/series/robust.h"

namespace midwatch::observe::configuration {
namespace {

using telemetry::MetricSeries;
using topology::EntityIndex;

/// A task that uses this share (percent) of its processor time is held back by its limit.
constexpr double kAtLimit = 95.0;
constexpr std::size_t kLeastPoints = 3;
/// Requests that grew by this factor explain the work; less is ordinary.
constexpr double kMoreRequests = 1.5;
/// A processor that is busy from this close to the start of its task on is busy with starting.
constexpr base::Duration kAtStart = std::chrono::minutes(3);
/// Requests come by way of balancers and gateways; more steps are other services' requests.
constexpr int kStepsToEntrance = 3;

std::optional<EntityIndex> entity_of(const ConfigurationInput& input, const MetricSeries& series) {
  return input.topology.find(series.key.entity);
}

/// The time that a processor was at its limit.
struct AtLimit {
  base::Timestamp since;
  base::Timestamp until;  ///< the last point of it
  std::size_t points = 0;
  double most = 0;
  std::optional<double> after;  ///< the middle of what followed; nothing where it is still at its limit
};

/// The longest time in the window that a series was at its limit; of equally long ones the last. A task that
/// is replaced for being too busy measures nothing until the next one starts, so holes do not end it.
std::optional<AtLimit> longest_at_limit(const MetricSeries& series, const base::TimeRange& window) {
  std::optional<AtLimit> longest;
  AtLimit run;
  for (const auto& point : series.points) {
    if (!window.contains(point.time) || point.value < kAtLimit) {
      run = {};
      continue;
    }
    if (run.points++ == 0) run.since = point.time;
    run.until = point.time;
    run.most = std::max(run.most, point.value);
    if (run.points >= kLeastPoints && (!longest || run.points >= longest->points)) longest = run;
  }
  if (!longest) return std::nullopt;
  std::vector<double> after;
  for (const auto& point : series.points) {
    if (point.time > longest->until) after.push_back(point.value);
  }
  if (after.size() >= kLeastPoints) longest->after = series::median_of(after);
  return longest;
}

/// The entity and what routes to it.
std::set<EntityIndex> entrances_of(const topology::Topology& topology, EntityIndex index) {
  std::set<EntityIndex> found{index};
  std::set<EntityIndex> front{index};
  for (int step = 0; step < kStepsToEntrance; ++step) {
    std::set<EntityIndex> next;
    for (const EntityIndex i : front) {
      for (const topology::Neighbour& n : topology.in(i)) {
        if (n.kind == telemetry::RelationKind::kRoutesTo && found.insert(n.entity).second)
          next.insert(n.entity);
      }
    }
    front = std::move(next);
  }
  return found;
}

/// Requests before, during and after a time; medians of a point.
struct Requests {
  double before = 0;
  double during = 0;
  std::optional<double> after;
  double factor = 1;
};

/// The requests that grew the most of those that come to the entity.
Requests growth_of_requests(const ConfigurationInput& input, EntityIndex index, const AtLimit& limit) {
  const auto entrances = entrances_of(input.topology, index);
  Requests most;
  for (const MetricSeries& series : input.incident) {
    if (knowledge::metric_meaning(series.key, input.knowledge.metric_rules).quantity != "requests") continue;
    const auto entity = entity_of(input, series);
    if (!entity || !entrances.contains(*entity)) continue;
    std::vector<double> before;
    std::vector<double> during;
    std::vector<double> after;
    for (const auto& p : series.points) {
      auto& part = p.time < limit.since ? before : p.time <= limit.until ? during : after;
      part.push_back(p.value);
    }
    if (before.size() < kLeastPoints || during.size() < kLeastPoints) continue;
    Requests requests;
    requests.before = series::median_of(before);
    requests.during = series::median_of(during);
    if (after.size() >= kLeastPoints) requests.after = series::median_of(after);
    if (requests.before > 0) requests.factor = requests.during / requests.before;
    if (most.before <= 0 || requests.factor > most.factor) most = requests;
  }
  return most;
}

/// When the task started whose start is nearest to a time; nothing where none started around it.
std::optional<base::Timestamp> start_around(const topology::Topology& topology, EntityIndex index,
                                            base::Timestamp time) {
  std::optional<base::Timestamp> nearest;
  const auto distance = [&](base::Timestamp at) { return at < time ? time - at : at - time; };
  for (const EntityIndex part : topology.parts(index)) {
    const auto started = base::parse_timestamp(topology.entity(part).attributes.get("platform.started"));
    if (!started || distance(*started) > kAtStart) continue;
    if (!nearest || distance(*started) < distance(*nearest)) nearest = started;
  }
  return nearest;
}

/// The facts that tell work that requests bring from work that the code does by itself.
void add_driver(const Requests& requests, const AtLimit& limit, model::Observation& o) {
  const auto rounded = [](double value) { return fmt::format("{:.0f}", value); };
  if (requests.before > 0) {
    o.facts["factor"] = fmt::format("{:.1f}", requests.factor);
    o.facts["requests_before"] = rounded(requests.before);
    o.facts["requests_during"] = rounded(requests.during);
  }
  if (!limit.after) return;
  o.facts["cpu_after"] = rounded(*limit.after) + "%";
  o.facts["until"] = base::format_rfc3339(limit.until);
  if (requests.after) o.facts["requests_after"] = rounded(*requests.after);
}

}  // namespace

void detect_cpu_limits(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (const MetricSeries& series : input.incident) {
    const auto meaning = knowledge::metric_meaning(series.key, input.knowledge.metric_rules);
    const auto index = entity_of(input, series);
    if (meaning.quantity != "cpu" || meaning.unit != "%" || !index) continue;
    const auto limit = input.topology.entity(*index).attributes.number("limit.cpu");
    const auto reached = longest_at_limit(series, input.scope.window);
    if (!limit || !reached) continue;
    const Requests requests = growth_of_requests(input, *index, *reached);
    const bool by_requests = requests.factor >= kMoreRequests;
    const auto started = start_around(input.topology, *index, reached->since);
    const char* way = by_requests ? "by_requests" : started ? "at_start" : "alone";
    auto o = about(input, *index, fmt::format("state.limit.cpu_reached.{}", way), kSure, {"limit.cpu"});
    o.subject = series.key.metric;
    o.onset = reached->since;
    o.value = reached->most;
    o.unit = "%";
    o.facts["limit"] = fmt::format("{} vCPU", base::format_number(*limit));
    add_driver(requests, *reached, o);
    if (by_requests) o.facts["grown"] = o.facts["factor"];
    if (!by_requests && started) {
      o.facts["busy_from_start"] = base::format_rfc3339(*started);
      // The time alone tells the release: what runs since then is what is busy.
      if (const auto release = release_of(input.topology, *index)) add_release(*release, o);
    }
    o.evidence.push_back(model::series_evidence(
        series, {series.points.front().time, series.points.back().time + base::Duration(1)}));
    out.push_back(std::move(o));
  }
}

}  // namespace midwatch::observe::configuration
