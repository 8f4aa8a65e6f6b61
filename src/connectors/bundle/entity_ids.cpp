#include "src/connectors/bundle/entity_ids.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/base/ascii.h"

namespace midwatch::connectors::bundle {
namespace {

using telemetry::Entity;
using Renames = std::map<std::string, std::string, std::less<>>;

bool is_decoded(const Entity& entity) {
  return entity.attributes.find("platform.kind") != nullptr;
}

/// What people mean by a name that several objects have: what runs.
int rank_of(std::string_view kind) {
  if (kind == "workload") return 0;
  if (kind == "job") return 1;
  if (kind == "pod") return 2;
  return kind == "service" ? 3 : 4;
}

/// An entity as the bundle itself names it.
struct Given {
  std::string type;
  std::string name;
  std::string name_space;
};

std::map<std::string, Given> given_entities(const telemetry::IncidentScope& scope,
                                            const telemetry::TelemetryBatch& batch) {
  std::map<std::string, Given> given;
  for (const auto& candidate : scope.candidates) given[candidate].name = candidate;
  for (const auto& [instance, entity] : scope.instances) given[entity].name = entity;
  for (const Entity& entity : batch.entities) {
    if (is_decoded(entity)) continue;
    Given& g = given[entity.id];
    g.type = entity.type;
    g.name = entity.name.empty() ? entity.id : entity.name;
    for (const char* path : {"metadata.namespace", "namespace"}) {
      if (g.name_space.empty()) g.name_space = std::string(entity.attributes.get(path));
    }
  }
  return given;
}

/// The decoded object that a given entity is; empty where there is none, or no one of several.
std::string decoded_as(const Given& given, const std::vector<const Entity*>& namesakes) {
  const Entity* best = nullptr;
  bool shared = false;
  for (const Entity* e : namesakes) {
    const bool same_type = given.type.empty() || base::to_lower(given.type) == base::to_lower(e->type);
    const std::string_view name_space = e->attributes.get("metadata.namespace");
    if (!same_type || (!given.name_space.empty() && name_space != given.name_space)) continue;
    const int rank = rank_of(e->attributes.get("platform.kind"));
    const int best_rank = best == nullptr ? 100 : rank_of(best->attributes.get("platform.kind"));
    if (rank < best_rank) {
      best = e;
      shared = false;
    } else if (rank == best_rank && best->id != e->id) {
      shared = true;
    }
  }
  return best == nullptr || shared ? std::string() : best->id;
}

void rename(const Renames& renames, telemetry::TelemetryBatch& batch) {
  const auto apply = [&](std::string& id) {
    if (const auto at = renames.find(id); at != renames.end()) id = at->second;
  };
  for (auto& entity : batch.entities) apply(entity.id);
  for (auto& relation : batch.relations) {
    apply(relation.from);
    apply(relation.to);
  }
  for (auto& [instance, entity] : batch.instances) apply(entity);
  for (auto& event : batch.events) apply(event.entity);
  for (auto& absence : batch.absences) apply(absence.entity);
}

/// Pods that the scope lists as instances belong to whom it says.
void place_instances(const telemetry::IncidentScope& scope, telemetry::TelemetryBatch& batch) {
  std::map<std::string, std::string, std::less<>> owner_of(scope.instances.begin(), scope.instances.end());
  std::set<std::pair<std::string, std::string>> owned;
  for (const auto& relation : batch.relations) {
    if (relation.kind == telemetry::RelationKind::kContains) owned.emplace(relation.from, relation.to);
  }
  std::set<std::string> owners;
  const std::size_t known = batch.entities.size();
  for (std::size_t i = 0; i < known; ++i) {
    const Entity& pod = batch.entities[i];
    if (pod.attributes.get("platform.kind") != "pod") continue;
    const auto at = owner_of.find(pod.name);
    if (at == owner_of.end() || at->second == pod.id || !owned.emplace(at->second, pod.id).second) continue;
    batch.relations.push_back({at->second, pod.id, telemetry::RelationKind::kContains, pod.ref});
    owners.insert(at->second);
  }
  for (const std::string& owner : owners) {
    Entity entity;
    entity.id = owner;
    entity.attributes.set("platform.kind", "workload");
    // What is known of the owner already keeps its record: this one only says what kind of thing it is.
    batch.entities.push_back(std::move(entity));
  }
}

}  // namespace

void use_the_bundles_ids(const telemetry::IncidentScope& scope, telemetry::TelemetryBatch& batch) {
  std::map<std::string, std::vector<const Entity*>> by_name;
  for (const Entity& entity : batch.entities) {
    if (is_decoded(entity) && !entity.name.empty()) by_name[entity.name].push_back(&entity);
  }
  if (by_name.empty()) return;
  Renames renames;
  for (const auto& [id, given] : given_entities(scope, batch)) {
    const auto at = by_name.find(given.name);
    if (at == by_name.end()) continue;
    const std::string decoded = decoded_as(given, at->second);
    if (!decoded.empty() && decoded != id) renames.emplace(decoded, id);
  }
  rename(renames, batch);
  place_instances(scope, batch);
}

}  // namespace midwatch::connectors::bundle
