#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/telemetry/entity.h"

namespace midwatch::topology {

/// Position of an entity in a Topology; positions follow the order of ids, so they do not depend on the order
/// of input.
using EntityIndex = std::uint32_t;

struct Neighbour {
  EntityIndex entity = 0;
  telemetry::RelationKind kind = telemetry::RelationKind::kRelated;
  friend auto operator<=>(const Neighbour&, const Neighbour&) = default;
};

/// The entities of an incident and how they depend on each other. Immutable; made by TopologyBuilder.
/// Threads: safe.
class Topology {
 public:
  std::size_t size() const { return entities_.size(); }
  const telemetry::Entity& entity(EntityIndex i) const { return entities_[i]; }
  const std::string& id(EntityIndex i) const { return entities_[i].id; }

  /// By id; then by the id of one of its instances; then by its name: one that only one entity has, or only
  /// one that runs (a workload before a service of the same name).
  std::optional<EntityIndex> find(std::string_view id) const;

  /// Whom `i` points to, and who points to `i`, ordered by entity and kind.
  std::span<const Neighbour> out(EntityIndex i) const { return out_[i]; }
  std::span<const Neighbour> in(EntityIndex i) const { return in_[i]; }

  /// What `i` depends on: whom it calls, routes to, reads from, writes to, and where its secrets and
  /// configuration are.
  const std::vector<EntityIndex>& dependencies(EntityIndex i) const { return dependencies_[i]; }
  /// Who depends on `i`: the reverse of dependencies().
  const std::vector<EntityIndex>& dependents(EntityIndex i) const { return dependents_[i]; }
  /// What `i` runs on or is part of (a pod's node, a task's service), and what runs on or is part of `i`.
  const std::vector<EntityIndex>& hosts(EntityIndex i) const { return hosts_[i]; }
  const std::vector<EntityIndex>& parts(EntityIndex i) const { return parts_[i]; }
  /// What a pod, a task or a job belongs to: the outermost workload or job that contains it; itself where
  /// there is none.
  EntityIndex owner(EntityIndex i) const;

  /// Steps from `from` along dependencies to every entity; nothing where there is no path. `from` itself is
  /// 0.
  std::vector<std::optional<int>> distances_downstream(EntityIndex from) const;
  /// The same against the arrows: to everything that depends on `from`.
  std::vector<std::optional<int>> distances_upstream(EntityIndex from) const;
  /// A shortest dependency path `from` … `to`, both included; empty where there is none.
  std::vector<EntityIndex> path(EntityIndex from, EntityIndex to) const;

  /// The instances (pods, tasks) known of an entity, ordered.
  const std::vector<std::string>& instances(EntityIndex i) const { return instances_[i]; }

 private:
  friend class TopologyBuilder;

  std::vector<telemetry::Entity> entities_;
  std::vector<std::vector<Neighbour>> out_;
  std::vector<std::vector<Neighbour>> in_;
  std::vector<std::vector<EntityIndex>> dependencies_;
  std::vector<std::vector<EntityIndex>> dependents_;
  std::vector<std::vector<EntityIndex>> hosts_;
  std::vector<std::vector<EntityIndex>> parts_;
  std::vector<std::vector<std::string>> instances_;
  std::unordered_map<std::string, EntityIndex> by_id_;
  std::unordered_map<std::string, EntityIndex> by_instance_;
  std::unordered_map<std::string, EntityIndex> by_name_;
};

/// Merges what several sources say of the same entities. The result does not depend on the order of the
/// calls, except that of two sources giving the same attribute, the later one wins.
class TopologyBuilder {
 public:
  /// Adds an entity, or adds to what is known of it.
  void add(telemetry::Entity entity);
  /// Makes sure that an entity exists that was only named. A name of a known entity or of one of its
  /// instances does not become one itself.
  void mention(std::string_view id);
  void relate(telemetry::Relation relation);
  void add_instance(std::string instance, std::string entity);

  Topology build() &&;

 private:
  /// Ids that were only named, and the known entity that each stands for.
  std::map<std::string, std::string> what_bare_names_mean() const;

  std::unordered_map<std::string, telemetry::Entity> entities_;
  std::vector<telemetry::Relation> relations_;
  std::unordered_map<std::string, std::string> instances_;
};

}  // namespace midwatch::topology
