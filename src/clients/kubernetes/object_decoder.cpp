#include "src/clients/kubernetes/object_decoder.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/kubernetes/kind_attributes.h"
#include "src/clients/kubernetes/kinds.h"
#include "src/telemetry/flatten.h"
#include "src/telemetry/number.h"

namespace midwatch::clients::kubernetes {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::Attributes;
using telemetry::Entity;
using telemetry::RelationKind;

/// Lists inside of lists are no output of kubectl.
constexpr int kMaxNesting = 4;

/// Environment variables are kept under `container.NAME.env`, where their names keep secrets out; in the
/// API's own form the name of a value is only "value".
void erase_environments(Json& value) {
  if (value.is_object()) {
    if (const auto env = value.find("env"); env != value.end() && env->is_array()) value.erase(env);
  }
  if (!value.is_structured()) return;
  for (Json& inner : value) erase_environments(inner);
}

class Decoder {
 public:
  Decoder(const DecodeContext& context, telemetry::TelemetryBatch& out) : context_(context), out_(out) {}

  void decode(const Json& object, int depth) {
    if (depth > kMaxNesting) return;
    if (object.is_array()) {
      for (const Json& item : object) decode(item, depth + 1);
      return;
    }
    if (!object.is_object()) return;
    const std::string kind = text_at(object, "kind");
    if (at(object, "items").is_array()) {
      decode_items(object, kind, depth);
    } else if (kind == "Event") {
      decode_event(object);
    } else if (kind == "Status") {
      out_.notices.push_back({"the API answered: " + text_at(object, "message"), context_.ref,
                              fmt::format("API の応答: 「{}」", text_at(object, "message"))});
    } else if (!kind.empty() && !text_at(object, "metadata", "name").empty()) {
      decode_entity(object, kind);
    } else {
      out_.notices.push_back(
          {"an object without kind or name", context_.ref, "kind または名前のないオブジェクトです"});
    }
  }

 private:
  void decode_items(const Json& object, const std::string& kind, int depth) {
    for (const Json& item : object["items"]) {
      if (at(item, "kind").is_null() && kind.size() > 4 && kind.ends_with("List") && item.is_object()) {
        Json with_kind = item;
        with_kind["kind"] = kind.substr(0, kind.size() - 4);
        decode(with_kind, depth + 1);
      } else {
        decode(item, depth + 1);
      }
    }
  }

  void decode_event(const Json& object) {
    const Json& involved =
        at(object, "involvedObject").is_object() ? at(object, "involvedObject") : at(object, "regarding");
    std::string kind = text_at(involved, "kind");
    std::string name = text_at(involved, "name");
    telemetry::PlatformEvent event;
    if (kind == "ReplicaSet") {
      kind = "Deployment";
      name = workload_of_replica_set(name);
    }
    const std::string name_space = text_at(involved, "namespace");
    event.entity = entity_id(name_space, kind, name);
    // Who has events exists, even where nothing else tells of it.
    if (!kind.empty() && !name.empty()) mention(event.entity, kind, name, name_space);
    event.source = "kubernetes";
    event.type = text_at(object, "type");
    event.reason = text_at(object, "reason");
    event.message = text_at(object, "message");
    if (event.message.empty()) event.message = text_at(object, "note");
    for (const std::string& count : {text_at(object, "count"), text_at(object, "series", "count")}) {
      if (const auto n = telemetry::parse_number(count); n && *n >= 1 && *n < 1e15)
        event.count = static_cast<std::int64_t>(*n);
    }
    event.ref = context_.ref;
    event.time = event_time(object);
    if (const auto first = base::parse_rfc3339(text_at(object, "firstTimestamp")))
      event.attributes.set("first", base::format_rfc3339(*first));
    // "spec.containers{web}"
    const std::string field = text_at(involved, "fieldPath");
    if (const std::size_t open = field.find('{'); open != std::string::npos)
      event.attributes.set("container", field.substr(open + 1, field.find('}') - open - 1));
    event.attributes.set("instance", text_at(involved, "name"));
    event.attributes.set("object", text_at(involved, "kind"));
    out_.events.push_back(std::move(event));
  }

  base::Timestamp event_time(const Json& object) const {
    for (const std::string& said :
         {text_at(object, "series", "lastObservedTime"), text_at(object, "lastTimestamp"),
          text_at(object, "eventTime"), text_at(object, "deprecatedLastTimestamp"),
          text_at(object, "firstTimestamp"), text_at(object, "metadata", "creationTimestamp")}) {
      if (const auto time = base::parse_rfc3339(said)) return *time;
    }
    return context_.reference_time.value_or(base::Timestamp{});
  }

  void decode_entity(const Json& object, const std::string& kind) {
    const std::string name = text_at(object, "metadata", "name");
    const std::string name_space = is_cluster_scoped(kind) ? "" : text_at(object, "metadata", "namespace");
    Entity entity;
    entity.id = entity_id(name_space, kind, name);
    entity.type = kind;
    entity.name = name;
    entity.ref = context_.ref;
    keep_searchable(object, kind, entity.attributes);
    Attributes& a = entity.attributes;
    a.set("platform.kind", platform_kind(kind));
    if (!name_space.empty()) a.set("metadata.namespace", name_space);
    a.set("labels.shown", "true");
    for (const auto& [member, path] : {std::pair{"creationTimestamp", "platform.created"},
                                       std::pair{"deletionTimestamp", "platform.deleted"}}) {
      if (const std::string time = text_at(object, "metadata", member); !time.empty()) a.set(path, time);
    }
    conditions(at(object, "status", "conditions"), a);
    add_kind(object, kind, a);
    for (const auto& [to, relation] : dependencies_of(object, kind, name_space))
      out_.relations.push_back({entity.id, to, relation, context_.ref});
    for (const std::string& dependent : dependents_of(object, kind, name_space))
      out_.relations.push_back({dependent, entity.id, RelationKind::kReadsFrom, context_.ref});
    const std::string owner = own(object, entity, name_space);
    if (kind == "Pod") out_.instances.emplace_back(name, owner.empty() ? entity.id : owner);
    if (kind == "Node") place_pods(object, entity.id);
    out_.entities.push_back(std::move(entity));
  }

  /// Secrets' content never gets here; everything else stays searchable under the API's own paths.
  static void keep_searchable(const Json& object, const std::string& kind, Attributes& a) {
    if (kind == "Secret") {
      for (const char* part : {"data", "stringData"}) {
        for (const auto& [key, value] : at(object, part).items()) a.set("keys." + key, "");
      }
      telemetry::flatten(at(object, "metadata", "labels"), "metadata.labels", a);
      return;
    }
    Json kept = object;
    if (kept.contains("metadata") && kept["metadata"].is_object()) {
      kept["metadata"].erase("managedFields");
      if (kept["metadata"].contains("annotations") && kept["metadata"]["annotations"].is_object())
        kept["metadata"]["annotations"].erase("kubectl.kubernetes.io/last-applied-configuration");
    }
    erase_environments(kept);
    if (kind == "ConfigMap") {
      for (const auto& [key, value] : at(object, "data").items()) a.set("keys." + key, "");
    }
    telemetry::flatten(kept, "", a);
  }

  static void conditions(const Json& list, Attributes& a) {
    if (!list.is_array()) return;
    for (const Json& c : list) {
      const std::string name = text_at(c, "type");
      if (name.empty()) continue;
      const std::string path = "condition." + name + ".";
      a.set(path + "status", text_at(c, "status"));
      a.set(path + "reason", text_at(c, "reason"));
      a.set(path + "message", text_at(c, "message"));
      const std::string since = text_at(c, "lastTransitionTime");
      if (!since.empty()) a.set(path + "since", since);
    }
  }

  /// Relates the object to what controls it; gives the outermost controller that its names tell, or nothing.
  std::string own(const Json& object, Entity& entity, const std::string& name_space) {
    const Json& owners = list_at(at(object, "metadata"), "ownerReferences");
    if (owners.empty()) return {};
    std::string kind = text_at(owners.front(), "kind");
    std::string name = text_at(owners.front(), "name");
    if (kind == "Node" || kind.empty() || name.empty()) return {};  // a static pod belongs to nobody
    if (entity.type == "ReplicaSet") entity.attributes.set("platform.kind", "replicaset");
    if (kind == "ReplicaSet") {
      kind = "Deployment";
      name = workload_of_replica_set(name);
    }
    const std::string owner = entity_id(name_space, kind, name);
    mention(owner, kind, name, name_space);
    out_.relations.push_back({owner, entity.id, RelationKind::kContains, context_.ref});
    return owner;
  }

  void place_pods(const Json& object, const std::string& node) {
    for (const Json& pod : list_at(at(object, "status"), "pods")) {
      const std::string id = entity_id(text_at(pod, "namespace"), "Pod", text_at(pod, "name"));
      mention(id, "Pod", text_at(pod, "name"), text_at(pod, "namespace"));
      out_.relations.push_back({id, node, RelationKind::kRunsOn, context_.ref});
    }
  }

  void mention(const std::string& id, const std::string& kind, const std::string& name,
               const std::string& name_space) {
    Entity entity;
    entity.id = id;
    entity.type = kind;
    entity.name = name;
    entity.ref = context_.ref;
    entity.attributes.set("platform.kind", platform_kind(kind));
    if (!name_space.empty() && !is_cluster_scoped(kind))
      entity.attributes.set("metadata.namespace", name_space);
    out_.entities.push_back(std::move(entity));
  }

  const DecodeContext& context_;
  telemetry::TelemetryBatch& out_;
};

}  // namespace

void decode_object(const Json& object, const DecodeContext& context, telemetry::TelemetryBatch& out) {
  Decoder(context, out).decode(object, 0);
}

std::string workload_of_replica_set(std::string_view replica_set) {
  const std::size_t dash = replica_set.rfind('-');
  return std::string(dash == std::string_view::npos ? replica_set : replica_set.substr(0, dash));
}

}  // namespace midwatch::clients::kubernetes
