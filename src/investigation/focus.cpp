#include "src/investigation/focus.h"

#include <algorithm>

namespace midwatch::investigation {
namespace {

using topology::EntityIndex;
using topology::Topology;

/// Half: the clearest trouble elsewhere (0.95) then lies below what counts as trouble (0.5), and above what a
/// mode needs to be proposed (0.3).
constexpr double kElsewhere = 0.5;

/// Kinds whose objects govern every pod of their namespace.
bool governs_namespace(std::string_view kind) {
  return kind == "network_policy" || kind == "quota" || kind == "limit_range" || kind == "disruption_budget";
}

void mark_related(const Topology& t, EntityIndex from, std::vector<char>& near) {
  near[from] = 1;
  for (const auto& steps : {t.distances_downstream(from), t.distances_upstream(from)}) {
    for (EntityIndex i = 0; i < t.size(); ++i) {
      if (steps[i]) near[i] = 1;
    }
  }
  for (const EntityIndex host : t.hosts(from)) near[host] = 1;
  for (const topology::Neighbour& n : t.out(from)) {
    if (n.kind == telemetry::RelationKind::kDeployedBy) near[n.entity] = 1;
  }
  const std::string_view name_space = t.entity(from).attributes.get("metadata.namespace");
  for (EntityIndex i = 0; i < t.size() && !name_space.empty(); ++i) {
    const auto& a = t.entity(i).attributes;
    if (governs_namespace(a.get("platform.kind")) && a.get("metadata.namespace") == name_space) near[i] = 1;
  }
}

}  // namespace

void weaken_what_lies_elsewhere(const Asked& asked, const Topology& topology,
                                std::vector<model::Observation>& observations) {
  std::vector<char> near(topology.size(), 0);
  if (asked.entity) {
    const EntityIndex owner = topology.owner(*asked.entity);
    mark_related(topology, owner, near);
    for (const EntityIndex part : topology.parts(owner)) mark_related(topology, part, near);
    // Whose neighbours nobody knows: then nothing is known to lie elsewhere.
    const auto own = static_cast<std::ptrdiff_t>(1 + topology.parts(owner).size());
    if (std::count(near.begin(), near.end(), 1) <= own) return;
  } else if (asked.name_space.empty()) {
    return;
  }
  for (model::Observation& o : observations) {
    const auto index = topology.find(o.entity);
    if (!index) continue;
    const telemetry::Entity& entity = topology.entity(*index);
    if (entity.attributes.find("platform.kind") == nullptr) continue;
    const std::string_view name_space = entity.attributes.get("metadata.namespace");
    const bool here = asked.entity ? near[*index] || near[topology.owner(*index)]
                                   : name_space.empty() || name_space == asked.name_space;
    if (!here) o.strength *= kElsewhere;
  }
}

}  // namespace midwatch::investigation
