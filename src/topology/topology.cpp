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
  if (known.ref == telemetry::RecordRef{}) known.ref = entity.ref;
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

Topology TopologyBuilder::build() && {
  for (const auto& relation : relations_) {
    mention(relation.from);
    mention(relation.to);
  }
  for (const auto& [instance, entity] : instances_) mention(entity);

  std::map<std::string, telemetry::Entity> ordered;
  for (auto& [id, entity] : entities_) ordered.emplace(id, std::move(entity));

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
    const EntityIndex from = t.by_id_.at(relation.from);
    const EntityIndex to = t.by_id_.at(relation.to);
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
    const EntityIndex owner = t.by_id_.at(entity);
    t.by_instance_.emplace(instance, owner);
    t.instances_[owner].push_back(instance);
  }
  for (auto& list : t.instances_) std::sort(list.begin(), list.end());

  std::map<std::string, std::vector<EntityIndex>> names;
  for (EntityIndex i = 0; i < n; ++i) {
    if (!t.entities_[i].name.empty()) names[t.entities_[i].name].push_back(i);
  }
  for (const auto& [name, owners] : names) {
    if (owners.size() == 1) t.by_name_.emplace(name, owners.front());
  }
  return t;
}

}  // namespace midwatch::topology
