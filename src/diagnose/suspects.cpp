#include "src/diagnose/suspects.h"

#include <algorithm>

#include "src/diagnose/trouble.h"

namespace midwatch::diagnose {

/// A pod or task is represented by what it belongs to: the owner that lists it as an instance, else the
/// outermost workload that contains it.
std::string Suspects::canonical(std::string_view entity) const {
  const topology::Topology& t = file_.topology;
  for (const auto& [instance, owner] : file_.scope.instances) {
    if (instance == entity) return owner;
  }
  const auto index = t.find(entity);
  if (!index) return std::string(entity);
  return t.id(t.owner(*index));
}

/// Whom somebody in trouble calls may be at fault without a word of its own: often only its callers say so.
void Suspects::add_called(std::string_view entity, std::set<std::string>& names) const {
  const topology::Topology& t = file_.topology;
  const auto index = t.find(entity);
  if (!index) return;
  const topology::EntityIndex owner = t.owner(*index);
  std::vector<topology::EntityIndex> callers = t.parts(owner);
  callers.push_back(owner);
  for (const topology::EntityIndex caller : callers) {
    for (const topology::Neighbour& n : t.out(caller)) {
      if (n.kind == telemetry::RelationKind::kCalls) names.insert(canonical(t.id(n.entity)));
    }
  }
}

Suspects::Suspects(const CaseFile& file, const knowledge::KnowledgeBase& knowledge) : file_(file) {
  std::set<std::string> names;
  if (!file.scope.candidates.empty()) {
    names.insert(file.scope.candidates.begin(), file.scope.candidates.end());
  } else {
    for (const auto& o : file.observations) {
      if (!o.entity.empty()) names.insert(canonical(o.entity));
    }
    for (const auto& o : file.observations) {
      if (is_trouble(o.type) && o.strength >= kTroubleStrength) add_called(o.entity, names);
    }
    if (!file.scope.alarm.entity.empty()) names.insert(canonical(file.scope.alarm.entity));
  }
  for (const auto& name : names) {
    Suspect suspect;
    suspect.entity = name;
    suspect.index = file.topology.find(name);
    telemetry::Entity entity;
    entity.id = name;
    if (suspect.index) entity = file.topology.entity(*suspect.index);
    suspect.entity_class = knowledge::entity_class(entity, knowledge.entity_class_rules);
    all_.push_back(std::move(suspect));
  }
}

std::optional<SuspectIndex> Suspects::find(std::string_view entity) const {
  const auto at = [&](std::string_view name) -> std::optional<SuspectIndex> {
    const auto found =
        std::lower_bound(all_.begin(), all_.end(), name,
                         [](const Suspect& s, std::string_view key) { return s.entity < key; });
    if (found == all_.end() || found->entity != name) return std::nullopt;
    return static_cast<SuspectIndex>(found - all_.begin());
  };
  if (const auto direct = at(entity)) return direct;
  return at(canonical(entity));
}

}  // namespace midwatch::diagnose
