#include "src/clients/kubernetes/owner_links.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "src/clients/kubernetes/kinds.h"
#include "src/clients/kubernetes/object_index.h"

namespace midwatch::clients::kubernetes {
namespace {

using Object = ObjectIndex::Object;

struct Owner {
  std::string kind;
  std::string name;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Letters and digits of generated names; vowels and what looks like others are left out.
bool is_generated(std::string_view part) {
  return part.find_first_not_of("bcdfghjklmnpqrstvwxz2456789") == std::string_view::npos;
}

/// Cuts "-part" off the end of a name; nothing where there is no dash with something before it.
std::optional<std::pair<std::string_view, std::string_view>> cut_last(std::string_view name) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  return std::pair(name.substr(0, dash), name.substr(dash + 1));
}

std::optional<Owner> by_labels(const Object& pod) {
  const auto label = [&](std::string_view key) {
    return std::string(pod.attributes.get("metadata.labels." + std::string(key)));
  };
  for (const char* key : {"batch.kubernetes.io/job-name", "job-name"}) {
    if (const std::string name = label(key); !name.empty()) return Owner{"Job", name};
  }
  if (const std::string hash = label("pod-template-hash"); !hash.empty()) {
    const std::size_t at = pod.name.rfind("-" + hash);
    if (at != std::string::npos && at > 0) return Owner{"Deployment", pod.name.substr(0, at)};
  }
  const auto cut = cut_last(pod.name);
  if (!cut) return std::nullopt;
  if (!label("statefulset.kubernetes.io/pod-name").empty())
    return Owner{"StatefulSet", std::string(cut->first)};
  if (!label("pod-template-generation").empty()) return Owner{"DaemonSet", std::string(cut->first)};
  return std::nullopt;
}

bool ends_generated(std::string_view name) {
  const auto cut = cut_last(name);
  return cut && cut->second.size() == 5 && is_generated(cut->second) &&
         std::any_of(cut->second.begin(), cut->second.end(), is_digit);
}

/// Running pods whose names differ in nothing but what is generated, by the part that they share. Pods of a
/// job end, those of a Deployment have a hash before it.
std::map<std::pair<std::string, std::string>, std::size_t> running_siblings(const ObjectIndex& index) {
  std::map<std::pair<std::string, std::string>, std::size_t> count;
  for (const auto& [id, object] : index.objects()) {
    const bool runs = object.attributes.get("platform.phase") == "Running";
    if (object.kind == "pod" && runs && ends_generated(object.name))
      ++count[{object.name_space, std::string(cut_last(object.name)->first)}];
  }
  return count;
}

std::optional<Owner> by_name(const Object& pod, const ObjectIndex& index) {
  const auto suffix = cut_last(pod.name);
  if (!suffix) return std::nullopt;
  const auto exists = [&](const char* kind, std::string_view name) {
    return index.find(entity_id(pod.name_space, kind, name)) != nullptr;
  };
  const bool generated = suffix->second.size() == 5 && is_generated(suffix->second);
  if (generated) {
    if (const auto hash = cut_last(suffix->first)) {
      const bool hashed = hash->second.size() >= 6 && hash->second.size() <= 10 && is_generated(hash->second);
      const bool sure = std::any_of(hash->second.begin(), hash->second.end(), is_digit);
      if (hashed && (sure || exists("Deployment", hash->first)))
        return Owner{"Deployment", std::string(hash->first)};
    }
    for (const char* kind : {"DaemonSet", "Job"}) {
      if (exists(kind, suffix->first)) return Owner{kind, std::string(suffix->first)};
    }
  }
  const bool ordinal = !suffix->second.empty() && suffix->second.size() <= 4 &&
                       std::all_of(suffix->second.begin(), suffix->second.end(), is_digit);
  // Only a StatefulSet numbers its pods, from 0 on.
  const bool first_is_there = exists("Pod", std::string(suffix->first) + "-0");
  if (ordinal && (exists("StatefulSet", suffix->first) || first_is_there))
    return Owner{"StatefulSet", std::string(suffix->first)};
  return std::nullopt;
}

/// A CronJob names its jobs after the minute they are for: NAME-28912345.
std::optional<Owner> of_job(const Object& job, const ObjectIndex& index) {
  const auto cut = cut_last(job.name);
  if (!cut || cut->second.size() < 8 || !std::all_of(cut->second.begin(), cut->second.end(), is_digit))
    return std::nullopt;
  if (index.find(entity_id(job.name_space, "CronJob", cut->first)) == nullptr) return std::nullopt;
  return Owner{"CronJob", std::string(cut->first)};
}

}  // namespace

void link_owners(telemetry::TelemetryBatch& batch) {
  const ObjectIndex index(batch);
  const auto siblings = running_siblings(index);
  const auto of_daemon_set = [&](const Object& pod) -> std::optional<Owner> {
    if (!ends_generated(pod.name)) return std::nullopt;
    const std::string name(cut_last(pod.name)->first);
    const auto at = siblings.find({pod.name_space, name});
    return at != siblings.end() && at->second > 1 ? std::optional(Owner{"DaemonSet", name}) : std::nullopt;
  };
  std::set<std::string> owned;
  for (const auto& relation : batch.relations) {
    if (relation.kind == telemetry::RelationKind::kContains) owned.insert(relation.to);
  }
  for (const auto& [id, object] : index.objects()) {
    if (owned.contains(id)) continue;
    std::optional<Owner> owner;
    if (object.kind == "pod") {
      owner = by_labels(object);
      if (!owner) owner = by_name(object, index);
      if (!owner) owner = of_daemon_set(object);
    } else if (object.kind == "job") {
      owner = of_job(object, index);
    }
    if (!owner) continue;
    telemetry::Entity entity;
    entity.id = entity_id(object.name_space, owner->kind, owner->name);
    if (entity.id == id) continue;
    entity.type = owner->kind;
    entity.name = owner->name;
    entity.ref = object.ref;
    entity.attributes.set("platform.kind", platform_kind(owner->kind));
    if (!object.name_space.empty()) entity.attributes.set("metadata.namespace", object.name_space);
    batch.relations.push_back({entity.id, id, telemetry::RelationKind::kContains, object.ref});
    if (object.kind == "pod") batch.instances.emplace_back(object.name, entity.id);
    batch.entities.push_back(std::move(entity));
  }
}

}  // namespace midwatch::clients::kubernetes
