#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/knowledge/metric_meaning.h"
#include "src/observe/configuration/detectors.h"
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

/// Since when a series is at its limit to the end of the window; nothing where it is not.
std::optional<base::Timestamp> at_limit_since(const MetricSeries& series) {
  std::size_t count = 0;
  std::optional<base::Timestamp> since;
  for (auto point = series.points.rbegin(); point != series.points.rend(); ++point) {
    if (point->value < kAtLimit) break;
    since = point->time;
    ++count;
  }
  return count >= kLeastPoints ? since : std::nullopt;
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

/// How much more requests there are after a time than before it; the largest factor of any series.
double growth_of_requests(const ConfigurationInput& input, EntityIndex index, base::Timestamp since) {
  const auto entrances = entrances_of(input.topology, index);
  double most = 1;
  for (const MetricSeries& series : input.incident) {
    if (knowledge::metric_meaning(series.key, input.knowledge.metric_rules).quantity != "requests") continue;
    const auto entity = entity_of(input, series);
    if (!entity || !entrances.contains(*entity)) continue;
    std::vector<double> before;
    std::vector<double> after;
    for (const auto& p : series.points) (p.time < since ? before : after).push_back(p.value);
    if (before.size() < kLeastPoints || after.size() < kLeastPoints) continue;
    const double ordinary = series::median_of(before);
    if (ordinary > 0) most = std::max(most, series::median_of(after) / ordinary);
  }
  return most;
}

/// True where tasks of the entity started just before its processor was busy.
bool began_at_start(const topology::Topology& topology, EntityIndex index, base::Timestamp since) {
  const auto& parts = topology.parts(index);
  return std::any_of(parts.begin(), parts.end(), [&](EntityIndex part) {
    const auto started = base::parse_timestamp(topology.entity(part).attributes.get("platform.started"));
    return started && since - *started <= kAtStart && *started - since <= kAtStart;
  });
}

}  // namespace

void detect_cpu_limits(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (const MetricSeries& series : input.incident) {
    const auto meaning = knowledge::metric_meaning(series.key, input.knowledge.metric_rules);
    const auto index = entity_of(input, series);
    if (meaning.quantity != "cpu" || meaning.unit != "%" || !index) continue;
    const auto limit = input.topology.entity(*index).attributes.number("limit.cpu");
    const auto since = at_limit_since(series);
    if (!limit || !since) continue;
    const double factor = growth_of_requests(input, *index, *since);
    const char* way = factor >= kMoreRequests                          ? "by_requests"
                      : began_at_start(input.topology, *index, *since) ? "at_start"
                                                                       : "alone";
    auto o = about(input, *index, fmt::format("state.limit.cpu_reached.{}", way), kSure, {"limit.cpu"});
    o.subject = series.key.metric;
    o.onset = since;
    o.value = series.points.back().value;
    o.unit = "%";
    o.facts["limit"] = fmt::format("{} vCPU", base::format_number(*limit));
    o.facts["factor"] = base::format_number(factor);
    o.evidence.push_back(model::series_evidence(
        series, {series.points.front().time, series.points.back().time + base::Duration(1)}));
    out.push_back(std::move(o));
  }
}

}  // namespace midwatch::observe::configuration
