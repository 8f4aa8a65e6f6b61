#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// What all outputs together say of each object.
class ObjectIndex {
 public:
  explicit ObjectIndex(const telemetry::TelemetryBatch& batch);

  struct Object {
    std::string id;
    std::string kind;  ///< platform.kind
    std::string name;
    std::string name_space;
    telemetry::Attributes attributes;
    telemetry::RecordRef ref;
    bool described = false;  ///< false: only named by others
  };

  /// Ordered by id.
  const std::map<std::string, Object, std::less<>>& objects() const { return objects_; }
  const Object* find(std::string_view id) const;
  /// The objects of a namespace whose labels (of a workload: those of its pods) hold every `selector.KEY` of
  /// `selecting`; workloads where there are such, else pods.
  std::vector<const Object*> selected_by(const Object& selecting) const;
  /// True where the labels of every known object of the kind there were shown: a listing does not show them
  /// unless it is asked to. Of workloads, the labels of their pods.
  bool labels_are_known(std::string_view kind, std::string_view name_space) const;
  /// True where some output listed all objects of the kind in the namespace.
  bool is_listed(std::string_view kind, std::string_view name_space) const;
  /// The server's words where it said that the object does not exist; empty where it did not.
  std::string_view absence_of(std::string_view id) const;

 private:
  std::map<std::string, Object, std::less<>> objects_;
  std::set<std::pair<std::string, std::string>> listings_;  // kind, namespace
  std::map<std::string, std::string, std::less<>> absences_;
};

}  // namespace midwatch::clients::kubernetes
