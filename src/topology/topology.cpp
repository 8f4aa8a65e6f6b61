#include "src/topology/topology.h"

#include <algorithm>
#include <deque>
#include <map>

namespace midwatch::topology {
namespace {

using telemetry::RelationKind;

/// True where a fault of the target shows at the source.
bool is_dependency(RelationKind kind) {
  switch (kind) {
    case RelationKind::kCalls:
    case RelationKind::kRoutesTo:
    case RelationKind::kReadsFrom:
    case RelationKind::kWritesTo:
    case RelationKind::kReadsSecret:
    case RelationKind::kReadsConfig:
    case RelationKind::kAssumesRole:
      return true;
    default:
      return false;
  }
}

/// Far more than any real ownership chain (task → service → cluster) has.
constexpr int kMaxOwnershipSteps = 4;

/// True for what stands for its parts, by the word of src/observe/state/README.md.
bool owns_parts(const telemetry::Entity& entity) {
  const std::string_view kind = entity.attributes.get("platform.kind");
  return kind == "workload" || kind == "job" || kind == "task" || kind == "replicaset";
}

/// Whom people mean by a name that several have: what runs, rather than what stands before or beside it.
int rank_of(const telemetry::Entity& entity) {
  const std::string_view kind = entity.attributes.get("platform.kind");
  if (kind == "workload") return 0;
  if (kind == "job") return 1;
  if (kind == "pod" || kind == "task") return 2;
  return kind == "service" ? 3 : 4;
}

/// The one of the best rank; nothing where several share it.
template <class T, class Rank>
std::optional<T> the_one_meant(const std::vector<T>& owners, Rank rank) {
  std::optional<T> best;
  bool shared = false;
  for (const T& owner : owners) {
    if (!best || rank(owner) < rank(*best)) {
      best = owner;
      shared = false;
    } else if (rank(owner) == rank(*best)) {
      shared = true;
    }
  }
  return shared ? std::nullopt : best;
}

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::vector<std::optional<int>> breadth_first(EntityIndex from, std::size_t size,
                                              const std::vector<std::vector<EntityIndex>>& next) {
  std::vector<std::optional<int>> steps(size);
  steps[from] = 0;
  std::deque<EntityIndex> queue{from};
  while (!queue.empty()) {
    const EntityIndex at = queue.front();
    queue.pop_front();
    for (const EntityIndex to : next[at]) {
      if (steps[to]) continue;
      steps[to] = *steps[at] + 1;
      queue.push_back(to);
    }
  }
  return steps;
}

}  // namespace

std::optional<EntityIndex> Topology::find(std::string_view id) const {
  const std::string key(id);
  for (const auto* index : {&by_id_, &by_instance_, &by_name_}) {
    const auto at = index->find(key);
    if (at != index->end()) return at->second;
  }
  return std::nullopt;
}

EntityIndex Topology::owner(EntityIndex i) const {
  for (int step = 0; step < kMaxOwnershipSteps; ++step) {
    std::optional<EntityIndex> container;
    for (const Neighbour& neighbour : in_[i]) {
      if (neighbour.kind == RelationKind::kContains && owns_parts(entities_[neighbour.entity]))
        container = neighbour.entity;
    }
    if (!container) break;
    i = *container;
  }
  return i;
}

std::vector<std::optional<int>> Topology::distances_downstream(EntityIndex from) const {
  return breadth_first(from, size(), dependencies_);
}

std::vector<std::optional<int>> Topology::distances_upstream(EntityIndex from) const {
  return breadth_first(from, size(), dependents_);
}

std::vector<EntityIndex> Topology::path(EntityIndex from, EntityIndex to) const {
  const auto steps = distances_upstream(to);
  if (!steps[from]) return {};
  std::vector<EntityIndex> way{from};
  while (way.back() != to) {
    for (const EntityIndex next : dependencies_[way.back()]) {
      if (steps[next] && *steps[next] == *steps[way.back()] - 1) {
        way.push_back(next);
        break;
      }
    }
  }
  return way;
}

void TopologyBuilder::add(telemetry::Entity entity) {
  auto [at, is_new] = entities_.try_emplace(entity.id, entity);
  if (is_new) return;
  telemetry::Entity& known = at->second;
  if (!entity.type.empty()) known.type = std::move(entity.type);
  if (!entity.name.empty()) known.name = std::move(entity.name);
  // The record that says most stands for the entity; others often only name it.
  if (known.ref == telemetry::RecordRef{} || entity.attributes.size() > known.attributes.size())
    known.ref = entity.ref;
  known.attributes.merge(entity.attributes);
}

void TopologyBuilder::mention(std::string_view id) {
  if (id.empty()) return;
  std::string key(id);
  if (entities_.contains(key)) return;
  telemetry::Entity entity;
  entity.id = key;
  entities_.emplace(std::move(key), std::move(entity));
}

void TopologyBuilder::relate(telemetry::Relation relation) {
  relations_.push_back(std::move(relation));
}

void TopologyBuilder::add_instance(std::string instance, std::string entity) {
  instances_.insert_or_assign(std::move(instance), std::move(entity));
}

std::map<std::string, std::string> TopologyBuilder::what_bare_names_mean() const {
  std::map<std::string, std::vector<std::string>> by_name;
  for (const auto& [id, entity] : entities_) {
    if (!entity.name.empty() && entity.attributes.find("platform.kind") != nullptr)
      by_name[entity.name].push_back(id);
  }
  std::map<std::string, std::string> meant;
  for (const auto& [id, entity] : entities_) {
    if (!entity.name.empty() || !entity.type.empty() || !entity.attributes.empty()) continue;
    if (const auto at = by_name.find(id); at != by_name.end()) {
      const auto one =
          the_one_meant(at->second, [&](const std::string& other) { return rank_of(entities_.at(other)); });
      if (one) meant.emplace(id, *one);
    } else if (const auto owner = instances_.find(id); owner != instances_.end() && owner->second != id) {
      meant.emplace(id, owner->second);
    }
  }
  // An owner that is itself only a name is kept.
  std::erase_if(meant, [&](const auto& pair) { return meant.contains(pair.second); });
  return meant;
}

Topology TopologyBuilder::build() && {
  for (const auto& relation : relations_) {
    mention(relation.from);
    mention(relation.to);
  }
  for (const auto& [instance, entity] : instances_) mention(entity);

  std::map<std::string, telemetry::Entity> ordered;
  const std::map<std::string, std::string> meant = what_bare_names_mean();
  for (auto& [id, entity] : entities_) {
    if (!meant.contains(id)) ordered.emplace(id, std::move(entity));
  }
  const auto known = [&](const std::string& id) {
    const auto at = meant.find(id);
    return at == meant.end() ? id : at->second;
  };

  Topology t;
  for (auto& [id, entity] : ordered) {
    t.by_id_.emplace(id, static_cast<EntityIndex>(t.entities_.size()));
    t.entities_.push_back(std::move(entity));
  }
  const std::size_t n = t.entities_.size();
  t.out_.resize(n);
  t.in_.resize(n);
  t.dependencies_.resize(n);
  t.dependents_.resize(n);
  t.hosts_.resize(n);
  t.parts_.resize(n);
  t.instances_.resize(n);

  for (const auto& relation : relations_) {
    const EntityIndex from = t.by_id_.at(known(relation.from));
    const EntityIndex to = t.by_id_.at(known(relation.to));
    if (from == to) continue;
    t.out_[from].push_back({to, relation.kind});
    t.in_[to].push_back({from, relation.kind});
    if (is_dependency(relation.kind)) {
      t.dependencies_[from].push_back(to);
      t.dependents_[to].push_back(from);
    } else if (relation.kind == RelationKind::kRunsOn) {
      t.hosts_[from].push_back(to);
      t.parts_[to].push_back(from);
    } else if (relation.kind == RelationKind::kContains) {
      t.parts_[from].push_back(to);
      t.hosts_[to].push_back(from);
    }
  }
  for (auto* lists : {&t.out_, &t.in_}) {
    for (auto& list : *lists) sort_unique(list);
  }
  for (auto* lists : {&t.dependencies_, &t.dependents_, &t.hosts_, &t.parts_}) {
    for (auto& list : *lists) sort_unique(list);
  }

  for (const auto& [instance, entity] : instances_) {
    const EntityIndex owner = t.by_id_.at(known(entity));
    t.by_instance_.emplace(instance, owner);
    t.instances_[owner].push_back(instance);
  }
  for (auto& list : t.instances_) std::sort(list.begin(), list.end());

  std::map<std::string, std::vector<EntityIndex>> names;
  for (EntityIndex i = 0; i < n; ++i) {
    if (!t.entities_[i].name.empty()) names[t.entities_[i].name].push_back(i);
  }
  for (const auto& [name, owners] : names) {
    if (const auto one = the_one_meant(owners, [&](EntityIndex i) { return rank_of(t.entities_[i]); }))
      t.by_name_.emplace(name, *one);
  }
  return t;
}

}  // namespace midwatch::topology
