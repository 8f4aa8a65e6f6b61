#include "src/clients/kubernetes/object_decoder.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/telemetry/flatten.h"
#include "src/telemetry/number.h"

namespace midwatch::clients::kubernetes {
namespace {

using base::Json;
using telemetry::Attributes;
using telemetry::Entity;
using telemetry::RelationKind;

const Json& at(const Json& object, std::string_view key) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

template <class... Keys>
const Json& at(const Json& object, std::string_view key, Keys... more) {
  return at(at(object, key), more...);
}

std::string text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null() || value.is_structured()) return {};
  return base::dump_json(value);
}

std::string lower(std::string_view word) {
  std::string out(word);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// The word of src/observe/state/README.md for a kind.
std::string platform_kind(const std::string& kind) {
  std::string k = lower(kind);
  if (k == "deployment" || k == "statefulset" || k == "daemonset" || k == "replicaset" || k == "rollout")
    return "workload";
  if (k == "persistentvolumeclaim") return "volume_claim";
  if (k == "cronjob") return "job";
  if (k == "configmap") return "config";
  return k;
}

class Decoder {
 public:
  Decoder(telemetry::RecordRef ref, std::optional<base::Timestamp> reference_time,
          telemetry::TelemetryBatch& out)
      : ref_(ref), reference_time_(reference_time), out_(out) {}

  void decode(const Json& object) {
    if (!object.is_object()) return;
    const std::string kind = text(at(object, "kind"));
    if (at(object, "items").is_array()) {
      for (const Json& item : at(object, "items")) {
        if (at(item, "kind").is_null() && kind.ends_with("List") && item.is_object()) {
          Json with_kind = item;
          with_kind["kind"] = kind.substr(0, kind.size() - 4);
          decode(with_kind);
        } else {
          decode(item);
        }
      }
      return;
    }
    if (kind == "Event") {
      decode_event(object);
    } else if (!kind.empty() && !text(at(object, "metadata", "name")).empty()) {
      decode_entity(object, kind);
    } else {
      out_.notices.push_back({"an object without kind or name", ref_});
    }
  }

 private:
  void decode_event(const Json& object) {
    const Json& involved =
        at(object, "involvedObject").is_object() ? at(object, "involvedObject") : at(object, "regarding");
    telemetry::PlatformEvent event;
    event.entity =
        entity_id(text(at(involved, "namespace")), text(at(involved, "kind")), text(at(involved, "name")));
    event.source = "kubernetes";
    event.type = text(at(object, "type"));
    event.reason = text(at(object, "reason"));
    event.message = text(at(object, "message"));
    if (event.message.empty()) event.message = text(at(object, "note"));
    if (const auto n = telemetry::parse_number(text(at(object, "count"))))
      event.count = static_cast<std::int64_t>(*n);
    event.ref = ref_;
    for (const char* key : {"lastTimestamp", "eventTime", "firstTimestamp", "deprecatedLastTimestamp"}) {
      if (const auto time = base::parse_rfc3339(text(at(object, key)))) {
        event.time = *time;
        break;
      }
    }
    if (event.time == base::Timestamp{}) {
      if (const auto time = base::parse_rfc3339(text(at(object, "metadata", "creationTimestamp"))))
        event.time = *time;
    }
    if (event.time == base::Timestamp{} && reference_time_) event.time = *reference_time_;
    out_.events.push_back(std::move(event));
  }

  void decode_entity(const Json& object, const std::string& kind) {
    const std::string name = text(at(object, "metadata", "name"));
    const std::string name_space = text(at(object, "metadata", "namespace"));
    Entity entity;
    entity.id = entity_id(name_space, kind, name);
    entity.type = kind;
    entity.name = name;
    entity.ref = ref_;
    Attributes& a = entity.attributes;
    // Secrets' content never gets here; everything else stays searchable under the API's own paths.
    if (kind == "Secret") {
      for (const auto& [key, value] : at(object, "data").items()) a.set("secret.keys." + key, "");
      telemetry::flatten(at(object, "metadata"), "metadata", a);
    } else {
      telemetry::flatten(object, "", a);
    }
    a.set("platform.kind", platform_kind(kind));
    a.set("platform.created", text(at(object, "metadata", "creationTimestamp")));
    if (!text(at(object, "metadata", "deletionTimestamp")).empty())
      a.set("platform.deleted", text(at(object, "metadata", "deletionTimestamp")));
    conditions(at(object, "status", "conditions"), a);
    if (kind == "Pod") pod(object, entity, name_space, name);
    if (platform_kind(kind) == "workload") workload(object, a);
    if (kind == "Job") job(object, a);
    if (kind == "Node") node(object, a);
    if (kind == "PersistentVolumeClaim") claim(object, entity, name_space);
    if (kind == "ReplicaSet") return;  // its Deployment stands for it
    out_.entities.push_back(std::move(entity));
  }

  static void conditions(const Json& list, Attributes& a) {
    if (!list.is_array()) return;
    for (const Json& c : list) {
      const std::string name = text(at(c, "type"));
      if (name.empty()) continue;
      a.set("condition." + name + ".status", text(at(c, "status")));
      a.set("condition." + name + ".reason", text(at(c, "reason")));
      a.set("condition." + name + ".message", text(at(c, "message")));
    }
  }

  void pod(const Json& object, Entity& entity, const std::string& name_space, const std::string& name) {
    Attributes& a = entity.attributes;
    a.set("platform.phase", text(at(object, "status", "phase")));
    a.set("platform.reason", text(at(object, "status", "reason")));
    a.set("platform.message", text(at(object, "status", "message")));
    a.set("platform.started", text(at(object, "status", "startTime")));
    for (const auto& [list, statuses, init] : {std::tuple{"containers", "containerStatuses", false},
                                               std::tuple{"initContainers", "initContainerStatuses", true}}) {
      const Json& specs = at(object, "spec", list);
      if (specs.is_array()) {
        for (const Json& spec : specs) container_spec(spec, init, a);
      }
      const Json& states = at(object, "status", statuses);
      if (states.is_array()) {
        for (const Json& status : states) container_status(status, init, a);
      }
    }
    const std::string node = text(at(object, "spec", "nodeName"));
    if (!node.empty()) relate(entity.id, entity_id("", "node", node), RelationKind::kRunsOn);
    volumes(object, entity, name_space);
    const Json& owners = at(object, "metadata", "ownerReferences");
    std::string owner;
    if (owners.is_array() && !owners.empty()) {
      const std::string owner_kind = text(at(owners.front(), "kind"));
      const std::string owner_name = text(at(owners.front(), "name"));
      owner = owner_kind == "ReplicaSet"
                  ? entity_id(name_space, "deployment", workload_of_replica_set(owner_name))
                  : entity_id(name_space, owner_kind, owner_name);
      mention(owner, owner_kind == "ReplicaSet" ? "Deployment" : owner_kind,
              owner_kind == "ReplicaSet" ? workload_of_replica_set(owner_name) : owner_name);
      relate(owner, entity.id, RelationKind::kContains);
    }
    out_.instances.emplace_back(name, owner.empty() ? entity.id : owner);
  }

  void mention(const std::string& id, const std::string& kind, const std::string& name) {
    Entity entity;
    entity.id = id;
    entity.type = kind;
    entity.name = name;
    entity.ref = ref_;
    entity.attributes.set("platform.kind", platform_kind(kind));
    out_.entities.push_back(std::move(entity));
  }

  void volumes(const Json& object, const Entity& entity, const std::string& name_space) {
    const Json& list = at(object, "spec", "volumes");
    if (!list.is_array()) return;
    for (const Json& v : list) {
      const std::string claim_name = text(at(v, "persistentVolumeClaim", "claimName"));
      if (!claim_name.empty())
        relate(entity.id, entity_id(name_space, "persistentvolumeclaim", claim_name),
               RelationKind::kReadsFrom);
      const std::string secret = text(at(v, "secret", "secretName"));
      if (!secret.empty())
        relate(entity.id, entity_id(name_space, "secret", secret), RelationKind::kReadsSecret);
      const std::string config = text(at(v, "configMap", "name"));
      if (!config.empty())
        relate(entity.id, entity_id(name_space, "configmap", config), RelationKind::kReadsConfig);
    }
  }

  static std::string joined(const Json& list) {
    if (!list.is_array()) return text(list);
    std::string out;
    for (const Json& word : list) out += (out.empty() ? "" : " ") + text(word);
    return out;
  }

  static void container_spec(const Json& spec, bool init, Attributes& a) {
    const std::string path = "container." + text(at(spec, "name")) + ".";
    if (init) a.set(path + "init", "true");
    a.set(path + "image", text(at(spec, "image")));
    a.set(path + "command", joined(at(spec, "command")));
    a.set(path + "args", joined(at(spec, "args")));
    for (const char* kind : {"limits", "requests"}) {
      const std::string word = std::string_view(kind) == "limits" ? "limit" : "request";
      for (const char* what : {"cpu", "memory"}) {
        const auto amount = telemetry::parse_kubernetes_quantity(text(at(spec, "resources", kind, what)));
        if (amount) a.set(path + word + "." + what, fmt::format("{}", *amount));
      }
    }
    const Json& env = at(spec, "env");
    if (!env.is_array()) return;
    for (const Json& e : env) {
      const std::string key = text(at(e, "name"));
      const Json& from = at(e, "valueFrom");
      std::string value = text(at(e, "value"));
      if (from.contains("secretKeyRef"))
        value =
            "secret:" + text(at(from, "secretKeyRef", "name")) + "/" + text(at(from, "secretKeyRef", "key"));
      if (from.contains("configMapKeyRef"))
        value = "config:" + text(at(from, "configMapKeyRef", "name")) + "/" +
                text(at(from, "configMapKeyRef", "key"));
      Json holder = Json::object();
      holder[key] = value;
      const bool reference = value.starts_with("secret:") || value.starts_with("config:");
      if (reference) {
        a.set(path + "env." + key, value);
      } else {
        telemetry::flatten(holder, path + "env", a);
      }
    }
  }

  static void container_status(const Json& status, bool init, Attributes& a) {
    const std::string path = "container." + text(at(status, "name")) + ".";
    if (init) a.set(path + "init", "true");
    a.set(path + "ready", text(at(status, "ready")));
    a.set(path + "restarts", text(at(status, "restartCount")));
    a.set(path + "image_digest", text(at(status, "imageID")));
    for (const char* state : {"waiting", "running", "terminated"}) {
      const Json& s = at(status, "state", state);
      if (!s.is_object()) continue;
      a.set(path + "state", state);
      container_state(s, path, a);
    }
    const Json& last = at(status, "lastState", "terminated");
    if (last.is_object()) container_state(last, path + "last.", a);
  }

  static void container_state(const Json& s, const std::string& path, Attributes& a) {
    for (const auto& [from, to] :
         {std::pair{"reason", "reason"}, std::pair{"message", "message"}, std::pair{"exitCode", "exit_code"},
          std::pair{"startedAt", "started"}, std::pair{"finishedAt", "finished"}}) {
      const std::string value = text(at(s, from));
      if (!value.empty()) a.set(path + to, value);
    }
  }

  static void workload(const Json& object, Attributes& a) {
    const Json& status = at(object, "status");
    a.set("replicas.desired", text(at(object, "spec", "replicas")));
    if (text(at(object, "spec", "replicas")).empty()) a.set("replicas.desired", text(at(status, "replicas")));
    for (const auto& [from, to] :
         {std::pair{"readyReplicas", "ready"}, std::pair{"availableReplicas", "available"},
          std::pair{"updatedReplicas", "updated"}, std::pair{"unavailableReplicas", "unavailable"}}) {
      const std::string value = text(at(status, from));
      if (!value.empty()) a.set(std::string("replicas.") + to, value);
    }
    const Json& containers = at(object, "spec", "template", "spec", "containers");
    if (containers.is_array()) {
      for (const Json& spec : containers) container_spec(spec, false, a);
    }
  }

  static void job(const Json& object, Attributes& a) {
    for (const char* key : {"failed", "succeeded", "active"}) {
      const std::string value = text(at(object, "status", key));
      if (!value.empty()) a.set(std::string("job.") + key, value);
    }
    a.set("job.backoff_limit", text(at(object, "spec", "backoffLimit")));
  }

  static void node(const Json& object, Attributes& a) {
    for (const char* group : {"capacity", "allocatable", "allocated"}) {
      const Json& amounts = at(object, "status", group);
      if (!amounts.is_object()) continue;
      for (const char* what : {"cpu", "memory", "pods"}) {
        const auto amount = telemetry::parse_kubernetes_quantity(text(at(amounts, what)));
        if (amount) a.set(std::string(group) + "." + what, fmt::format("{}", *amount));
      }
    }
    if (text(at(object, "spec", "unschedulable")) == "true") a.set("unschedulable", "true");
    const Json& taints = at(object, "spec", "taints");
    if (!taints.is_array()) return;
    for (const Json& t : taints)
      a.set("taint." + text(at(t, "key")), text(at(t, "value")) + ":" + text(at(t, "effect")));
  }

  void claim(const Json& object, Entity& entity, const std::string& name_space) {
    entity.attributes.set("platform.phase", text(at(object, "status", "phase")));
    entity.attributes.set("claim.storage_class", text(at(object, "spec", "storageClassName")));
    entity.attributes.set("claim.volume", text(at(object, "spec", "volumeName")));
    const std::string used_by = text(at(object, "status", "usedBy"));
    if (!used_by.empty()) relate(entity_id(name_space, "pod", used_by), entity.id, RelationKind::kReadsFrom);
  }

  void relate(std::string from, std::string to, RelationKind kind) {
    out_.relations.push_back({std::move(from), std::move(to), kind, ref_});
  }

  telemetry::RecordRef ref_;
  std::optional<base::Timestamp> reference_time_;
  telemetry::TelemetryBatch& out_;
};

}  // namespace

void decode_object(const Json& object, telemetry::RecordRef ref,
                   std::optional<base::Timestamp> reference_time, telemetry::TelemetryBatch& out) {
  Decoder(ref, reference_time, out).decode(object);
}

std::string entity_id(std::string_view name_space, std::string_view kind, std::string_view name) {
  std::string id =
      name_space.empty() ? fmt::format("{}/{}", kind, name) : fmt::format("{}/{}/{}", name_space, kind, name);
  return lower(id);
}

std::string workload_of_replica_set(std::string_view replica_set) {
  const std::size_t dash = replica_set.rfind('-');
  return std::string(dash == std::string_view::npos ? replica_set : replica_set.substr(0, dash));
}

std::optional<base::Duration> parse_age(std::string_view text) {
  double seconds = 0;
  double number = 0;
  bool any = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
      continue;
    }
    const double unit = c == 's'   ? 1
                        : c == 'm' ? 60
                        : c == 'h' ? 3600
                        : c == 'd' ? 86400
                        : c == 'y' ? 31536000
                                   : 0;
    if (unit == 0) return std::nullopt;
    seconds += number * unit;
    number = 0;
    any = true;
  }
  if (!any) return std::nullopt;
  return base::duration_from_seconds(seconds);
}

}  // namespace midwatch::clients::kubernetes
