#include "src/clients/kubernetes/object_index.h"

#include <algorithm>

namespace midwatch::clients::kubernetes {
namespace {

constexpr std::string_view kSelector = "selector.";

/// True where the object has every label that the selector asks for.
bool carries(const ObjectIndex::Object& object, const ObjectIndex::Object& selecting,
             std::string_view prefix) {
  const auto wanted = selecting.attributes.with_prefix(kSelector);
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const auto* entry) {
    const std::string path = std::string(prefix) + entry->first.substr(kSelector.size());
    return object.attributes.get(path, "\n") == entry->second;
  });
}

}  // namespace

ObjectIndex::ObjectIndex(const telemetry::TelemetryBatch& batch) {
  for (const auto& entity : batch.entities) {
    const std::string* kind = entity.attributes.find("platform.kind");
    if (kind == nullptr) continue;
    Object& object = objects_[entity.id];
    if (object.id.empty()) {
      object.id = entity.id;
      object.ref = entity.ref;
    }
    object.kind = *kind;
    object.name = entity.name;
    object.attributes.merge(entity.attributes);
    object.name_space = std::string(object.attributes.get("metadata.namespace"));
    // A mention by another object says its kind and namespace, nothing else.
    const std::size_t mentioned = entity.attributes.find("metadata.namespace") == nullptr ? 1 : 2;
    object.described = object.described || entity.attributes.size() > mentioned;
  }
  for (const auto& listing : batch.listings) listings_.emplace(listing.kind, listing.name_space);
  for (const auto& absence : batch.absences) absences_.emplace(absence.entity, absence.message);
}

const ObjectIndex::Object* ObjectIndex::find(std::string_view id) const {
  const auto at = objects_.find(id);
  return at == objects_.end() ? nullptr : &at->second;
}

std::vector<const ObjectIndex::Object*> ObjectIndex::selected_by(const Object& selecting) const {
  std::vector<const Object*> workloads;
  std::vector<const Object*> pods;
  for (const auto& [id, object] : objects_) {
    if (object.name_space != selecting.name_space) continue;
    // What a workload selects is among the labels of its pods.
    if (object.kind == "workload" && object.id != selecting.id &&
        (carries(object, selecting, "template.label.") || carries(object, selecting, kSelector)))
      workloads.push_back(&object);
    if (object.kind == "pod" && carries(object, selecting, "metadata.labels.")) pods.push_back(&object);
  }
  return workloads.empty() ? pods : workloads;
}

bool ObjectIndex::is_listed(std::string_view kind, std::string_view name_space) const {
  return listings_.contains({std::string(kind), std::string(name_space)}) ||
         listings_.contains({std::string(kind), ""});
}

bool ObjectIndex::labels_are_known(std::string_view kind, std::string_view name_space) const {
  return std::all_of(objects_.begin(), objects_.end(), [&](const auto& entry) {
    const Object& object = entry.second;
    if (object.kind != kind || object.name_space != name_space || !object.described) return true;
    return kind == "workload" ? !object.attributes.with_prefix("template.label.").empty()
                              : !object.attributes.get("labels.shown").empty();
  });
}

std::string_view ObjectIndex::absence_of(std::string_view id) const {
  const auto at = absences_.find(id);
  return at == absences_.end() ? std::string_view{} : std::string_view(at->second);
}

}  // namespace midwatch::clients::kubernetes
