#include "src/investigation/focus.h"

#include <algorithm>
#include <set>

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

/// Who is reached from `from` by one way of the arrows; what a pod does, its workload does.
template <class Next>
void mark_reached(const Topology& t, EntityIndex from, Next next, std::vector<char>& near) {
  std::vector<char> seen(t.size(), 0);
  std::vector<EntityIndex> way{t.owner(from)};
  seen[way.front()] = 1;
  while (!way.empty()) {
    const EntityIndex here = way.back();
    way.pop_back();
    near[here] = 1;
    std::vector<EntityIndex> members = t.parts(here);
    members.push_back(here);
    for (const EntityIndex member : members) {
      for (const EntityIndex other : next(member)) {
        near[other] = 1;
        const EntityIndex owner = t.owner(other);
        if (seen[owner]) continue;
        seen[owner] = 1;
        way.push_back(owner);
      }
    }
  }
}

void mark_related(const Topology& t, EntityIndex from, std::vector<char>& near) {
  near[from] = 1;
  mark_reached(
      t, from, [&](EntityIndex i) { return t.dependencies(i); }, near);
  mark_reached(
      t, from, [&](EntityIndex i) { return t.dependents(i); }, near);
  for (const EntityIndex host : t.hosts(from)) near[host] = 1;
  for (const topology::Neighbour& n : t.out(from)) {
    if (n.kind == telemetry::RelationKind::kDeployedBy) near[n.entity] = 1;
  }
  std::set<std::string_view> name_spaces;
  for (EntityIndex i = 0; i < t.size(); ++i) {
    if (near[i]) name_spaces.insert(t.entity(i).attributes.get("metadata.namespace"));
  }
  name_spaces.erase(std::string_view());
  for (EntityIndex i = 0; i < t.size(); ++i) {
    const auto& a = t.entity(i).attributes;
    if (governs_namespace(a.get("platform.kind")) && name_spaces.contains(a.get("metadata.namespace")))
      near[i] = 1;
  }
}

/// What says that a way leads nowhere: it cannot be followed to the one that is asked for, and may be why.
bool is_broken_way(std::string_view type) {
  return type == "state.service.no_endpoints" || type.starts_with("state.reference.dangling");
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
  const std::string_view own_name_space =
      asked.entity ? topology.entity(*asked.entity).attributes.get("metadata.namespace") : std::string_view();
  for (model::Observation& o : observations) {
    const auto index = topology.find(o.entity);
    if (!index) continue;
    const telemetry::Entity& entity = topology.entity(*index);
    if (entity.attributes.find("platform.kind") == nullptr) continue;
    const std::string_view name_space = entity.attributes.get("metadata.namespace");
    const bool beside = !name_space.empty() && name_space == own_name_space && is_broken_way(o.type);
    const bool here = asked.entity ? near[*index] || near[topology.owner(*index)] || beside
                                   : name_space.empty() || name_space == asked.name_space;
    if (!here) o.strength *= kElsewhere;
  }
}

}  // namespace midwatch::investigation
