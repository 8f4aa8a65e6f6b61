#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "src/observe/configuration/detectors.h"

namespace midwatch::observe::configuration {
namespace {

using telemetry::Entity;
using topology::EntityIndex;

/// Fewer that end alike may be chance.
constexpr std::size_t kLeastEnded = 3;
/// From the last failed check until the platform says that an instance has stopped.
constexpr double kStopping = 75;
/// Checks come at fixed times: instances that are ended by the clock end at about the same age.
constexpr double kMostSpread = 60;
/// Records of so many of them are shown.
constexpr std::size_t kShown = 3;

/// An instance that was ended because its health checks failed.
struct Ended {
  EntityIndex instance;
  base::Timestamp started;
  base::Timestamp stopped;
  double age() const { return base::to_seconds(stopped - started); }
};

/// In the order of their ages.
std::vector<Ended> ended_by_checks(const topology::Topology& topology, EntityIndex workload) {
  std::vector<Ended> ended;
  for (const EntityIndex part : topology.parts(workload)) {
    const auto& attributes = topology.entity(part).attributes;
    const auto started = base::parse_timestamp(attributes.get("platform.started"));
    const auto stopped = base::parse_timestamp(attributes.get("platform.stopped"));
    if (attributes.get("platform.ended_by") == "health_check" && started && stopped)
      ended.push_back({part, *started, *stopped});
  }
  std::stable_sort(ended.begin(), ended.end(),
                   [](const Ended& a, const Ended& b) { return a.age() < b.age(); });
  return ended;
}

/// How long a balancer before the workload checks until it gives up a target; the longest of several.
double patience(const topology::Topology& topology, EntityIndex workload) {
  double longest = 0;
  for (const topology::Neighbour& n : topology.in(workload)) {
    const auto& attributes = topology.entity(n.entity).attributes;
    longest = std::max(longest, attributes.number("health_check.interval").value_or(0) *
                                    attributes.number("health_check.failures").value_or(0));
  }
  return longest;
}

/// Instances that run on although they started before any of those.
std::size_t older_ones(const topology::Topology& topology, EntityIndex workload,
                       const std::vector<Ended>& ended) {
  const auto first = std::min_element(ended.begin(), ended.end(), [](const Ended& a, const Ended& b) {
                       return a.started < b.started;
                     })->started;
  const auto& parts = topology.parts(workload);
  return static_cast<std::size_t>(std::count_if(parts.begin(), parts.end(), [&](EntityIndex part) {
    const auto& attributes = topology.entity(part).attributes;
    const auto started = base::parse_timestamp(attributes.get("platform.started"));
    return started && *started < first && attributes.find("platform.stopped") == nullptr;
  }));
}

}  // namespace

void detect_short_grace(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  const auto seconds = [](double length) { return fmt::format("{:.0f}", length); };
  for (EntityIndex i = 0; i < input.topology.size(); ++i) {
    const Entity& workload = input.topology.entity(i);
    if (workload.attributes.get("platform.kind") != "workload") continue;
    const auto ended = ended_by_checks(input.topology, i);
    if (ended.size() < kLeastEnded) continue;
    const double grace = workload.attributes.number("health_check.grace").value_or(0);
    const double least = ended.front().age();
    const double most = ended.back().age();
    // Whoever was in service before is not ended by the clock of its start.
    if (most > grace + patience(input.topology, i) + kStopping || most - least > kMostSpread) continue;
    auto o = about(input, i, "state.start.cut_short", kSure, {"health_check.grace"});
    const Ended& typical = ended[ended.size() / 2];
    o.subject = seconds(typical.age()) + " s";
    o.onset = std::min_element(ended.begin(), ended.end(), [](const Ended& a, const Ended& b) {
                return a.stopped < b.stopped;
              })->stopped;
    o.facts["count"] = std::to_string(ended.size());
    o.facts["age"] = seconds(typical.age());
    o.facts["age_doubled"] = seconds(2 * std::round(typical.age()));
    o.facts["least"] = seconds(least);
    o.facts["most"] = seconds(most);
    o.facts["grace"] = seconds(grace);
    if (const std::size_t older = older_ones(input.topology, i, ended); older > 0)
      o.facts["older"] = std::to_string(older);
    for (std::size_t k = 0; k < std::min(ended.size(), kShown); ++k)
      o.evidence.push_back(model::attribute_evidence(
          input.topology.entity(ended[k].instance),
          {"platform.started", "platform.stopped", "platform.message"}, input.source_name));
    out.push_back(std::move(o));
  }
}

}  // namespace midwatch::observe::configuration
