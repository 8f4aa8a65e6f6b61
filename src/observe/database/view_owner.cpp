#include "src/observe/database/view_owner.h"

#include <optional>
#include <string_view>

#include "src/base/ascii.h"
#include "src/knowledge/entity_class.h"
#include "src/observe/database/views.h"

namespace midwatch::observe::database {
namespace {

using topology::EntityIndex;
using topology::Topology;

constexpr std::string_view kUnnamed = "postgresql";

bool is_database(const Topology& topology, EntityIndex i, const knowledge::KnowledgeBase& knowledge) {
  return knowledge::entity_class(topology.entity(i), knowledge.entity_class_rules) == "database";
}

/// The entity that is reached at `host`: by its address, else by its name, which is the first part of it.
std::optional<EntityIndex> reached_at(const Topology& topology, std::string_view host) {
  if (host.empty()) return std::nullopt;
  const std::string wanted = base::to_lower(host);
  for (EntityIndex i = 0; i < topology.size(); ++i) {
    if (base::to_lower(topology.entity(i).attributes.get("endpoint.host")) == wanted) return i;
  }
  return topology.find(host.substr(0, host.find('.')));
}

std::optional<EntityIndex> only_database(const Topology& topology,
                                         const knowledge::KnowledgeBase& knowledge) {
  std::optional<EntityIndex> only;
  for (EntityIndex i = 0; i < topology.size(); ++i) {
    if (topology.id(i) == kUnnamed || !is_database(topology, i, knowledge)) continue;
    const EntityIndex owner = topology.owner(i);
    if (only && *only != owner) return std::nullopt;
    only = owner;
  }
  return only;
}

std::string owner_of(const std::pair<std::string, std::string>& key, const DatabaseEvidence& evidence,
                     const knowledge::KnowledgeBase& knowledge) {
  const auto& [named, host] = key;
  const Topology& topology = evidence.topology;
  if (named != kUnnamed) {
    const auto index = topology.find(named);
    return index ? topology.id(topology.owner(*index)) : named;
  }
  if (const auto reached = reached_at(topology, host)) return topology.id(topology.owner(*reached));
  const auto alarmed = topology.find(evidence.scope.alarm.entity);
  if (alarmed && is_database(topology, *alarmed, knowledge)) return topology.id(topology.owner(*alarmed));
  if (const auto only = only_database(topology, knowledge)) return topology.id(*only);
  return named;
}

}  // namespace

ViewOwners::ViewOwners(const DatabaseEvidence& evidence, const knowledge::KnowledgeBase& knowledge) {
  for (const telemetry::PlatformEvent& event : evidence.events) {
    if (!is_from_console(event)) continue;
    const auto key = key_of(event);
    if (!owners_.contains(key)) owners_.emplace(key, owner_of(key, evidence, knowledge));
  }
}

std::string ViewOwners::of(const telemetry::PlatformEvent& event) const {
  return owners_.at(key_of(event));
}

std::pair<std::string, std::string> ViewOwners::key_of(const telemetry::PlatformEvent& event) {
  return {event.entity, std::string(event.attributes.get("asked.host"))};
}

}  // namespace midwatch::observe::database
