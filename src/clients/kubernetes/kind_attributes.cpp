#include "src/clients/kubernetes/kind_attributes.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/clients/kubernetes/kinds.h"
#include "src/clients/kubernetes/pod_attributes.h"
#include "src/telemetry/number.h"

namespace midwatch::clients::kubernetes {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text;
using base::text_at;
using telemetry::Attributes;
using telemetry::RelationKind;

/// The path of an attribute and the value that it gets, where there is one.
void keep(Attributes& a, std::string path, std::string value) {
  if (!value.empty()) a.set(std::move(path), std::move(value));
}

void keep_quantity(Attributes& a, std::string path, const std::string& value) {
  if (const auto amount = telemetry::parse_kubernetes_quantity(value))
    a.set(std::move(path), fmt::format("{}", *amount));
}

void labels(const Json& object, const char* prefix, Attributes& a) {
  for (const auto& [key, value] : object.items()) a.set(std::string(prefix) + key, text(value));
}

void pod(const Json& object, Attributes& a) {
  const Json& status = at(object, "status");
  keep(a, "platform.phase", text_at(status, "phase"));
  keep(a, "platform.reason", text_at(status, "reason"));
  keep(a, "platform.message", text_at(status, "message"));
  keep(a, "platform.started", text_at(status, "startTime"));
  keep(a, "platform.terminating", text_at(status, "terminating"));
  keep(a, "platform.node", text_at(object, "spec", "nodeName"));
  keep(a, "network.ip", text_at(status, "podIP"));
  add_pod_spec(at(object, "spec"), a);
  add_pod_status(status, a);
}

void workload(const Json& object, Attributes& a) {
  const Json& status = at(object, "status");
  for (const auto& [value, path] :
       {std::pair{text_at(status, "replicas"), "replicas.desired"},
        std::pair{text_at(object, "spec", "replicas"), "replicas.desired"},
        std::pair{text_at(status, "desiredNumberScheduled"), "replicas.desired"},
        std::pair{text_at(status, "readyReplicas"), "replicas.ready"},
        std::pair{text_at(status, "numberReady"), "replicas.ready"},
        std::pair{text_at(status, "availableReplicas"), "replicas.available"},
        std::pair{text_at(status, "numberAvailable"), "replicas.available"},
        std::pair{text_at(status, "updatedReplicas"), "replicas.updated"},
        std::pair{text_at(status, "updatedNumberScheduled"), "replicas.updated"},
        std::pair{text_at(status, "numberUnavailable"), "replicas.unavailable"},
        std::pair{text_at(status, "unavailableReplicas"), "replicas.unavailable"}}) {
    keep(a, path, value);
  }
  // The API leaves out counts that are zero; describe tells available replicas only.
  if (a.find("replicas.ready") == nullptr) {
    if (const std::string* available = a.find("replicas.available")) {
      a.set("replicas.ready", *available);
    } else if (status.is_object() && (status.contains("replicas") || status.contains("observedGeneration"))) {
      a.set("replicas.ready", "0");
    }
  }
  keep(a, "platform.paused", text_at(object, "spec", "paused"));
  const Json& pod_template = at(object, "spec", "template");
  add_pod_spec(at(pod_template, "spec"), a);
  labels(at(pod_template, "metadata", "labels"), "template.label.", a);
  labels(at(object, "spec", "selector", "matchLabels"), "selector.", a);
}

void job(const Json& object, Attributes& a) {
  const Json& status = at(object, "status");
  for (const char* key : {"failed", "succeeded", "active"})
    keep(a, std::string("job.") + key, text_at(status, key));
  keep(a, "job.backoff_limit", text_at(object, "spec", "backoffLimit"));
  keep(a, "job.completions", text_at(object, "spec", "completions"));
  keep(a, "job.deadline", text_at(object, "spec", "activeDeadlineSeconds"));
  keep(a, "job.suspended", text_at(object, "spec", "suspend"));
  keep(a, "platform.started", text_at(status, "startTime"));
  keep(a, "platform.stopped", text_at(status, "completionTime"));
  add_pod_spec(at(object, "spec", "template", "spec"), a);
}

void cron_job(const Json& object, Attributes& a) {
  keep(a, "job.schedule", text_at(object, "spec", "schedule"));
  keep(a, "job.suspended", text_at(object, "spec", "suspend"));
  keep(a, "job.last_scheduled", text_at(object, "status", "lastScheduleTime"));
  keep(a, "job.last_succeeded", text_at(object, "status", "lastSuccessfulTime"));
  keep(a, "job.concurrency", text_at(object, "spec", "concurrencyPolicy"));
  if (const Json& active = list_at(at(object, "status"), "active"); !active.empty())
    keep(a, "job.running", text_at(active.front(), "name"));
  add_pod_spec(at(object, "spec", "jobTemplate", "spec", "template", "spec"), a);
}

void node(const Json& object, Attributes& a) {
  for (const char* group : {"capacity", "allocatable", "allocated"}) {
    for (const char* what : {"cpu", "memory", "pods", "ephemeral-storage"})
      keep_quantity(a, fmt::format("{}.{}", group, what), text_at(object, "status", group, what));
  }
  if (text_at(object, "spec", "unschedulable") == "true") a.set("unschedulable", "true");
  keep(a, "platform.architecture", text_at(object, "status", "nodeInfo", "architecture"));
  for (const Json& taint : list_at(at(object, "spec"), "taints"))
    a.set("taint." + text_at(taint, "key"), text_at(taint, "value") + ":" + text_at(taint, "effect"));
}

void volume_claim(const Json& object, Attributes& a) {
  keep(a, "platform.phase", text_at(object, "status", "phase"));
  keep(a, "claim.storage_class", text_at(object, "spec", "storageClassName"));
  keep(a, "claim.volume", text_at(object, "spec", "volumeName"));
  keep(a, "claim.size", text_at(object, "spec", "resources", "requests", "storage"));
}

void volume(const Json& object, Attributes& a) {
  keep(a, "platform.phase", text_at(object, "status", "phase"));
  keep(a, "platform.message", text_at(object, "status", "message"));
  keep(a, "volume.storage_class", text_at(object, "spec", "storageClassName"));
  keep(a, "volume.size", text_at(object, "spec", "capacity", "storage"));
  keep(a, "volume.claim", text_at(object, "spec", "claimRef", "name"));
}

void service(const Json& object, Attributes& a) {
  labels(at(object, "spec", "selector"), "selector.", a);
  keep(a, "service.type", text_at(object, "spec", "type"));
  if (const std::string ip = text_at(object, "spec", "clusterIP"); ip != "None") keep(a, "network.ip", ip);
  for (const Json& port : list_at(at(object, "spec"), "ports")) {
    const std::string number = text_at(port, "port");
    const std::string target = text_at(port, "targetPort");
    if (!number.empty()) a.set("port." + number, target.empty() ? number : target);
  }
  if (const Json& endpoints = at(object, "status", "endpoints"); endpoints.is_string())
    a.set("service.endpoints", text(endpoints));
}

void endpoints(const Json& object, Attributes& a) {
  std::size_t ready = 0;
  std::size_t not_ready = 0;
  for (const Json& subset : list_at(object, "subsets")) {
    ready += list_at(subset, "addresses").size();
    not_ready += list_at(subset, "notReadyAddresses").size();
  }
  for (const Json& endpoint : list_at(object, "endpoints"))
    (text_at(endpoint, "conditions", "ready") == "false" ? not_ready : ready) += 1;
  a.set("endpoints.ready", fmt::format("{}", ready));
  a.set("endpoints.not_ready", fmt::format("{}", not_ready));
}

void ingress(const Json& object, Attributes& a) {
  std::size_t i = 0;
  const auto backend = [&](const Json& b, const std::string& host) {
    const std::string name = text_at(b, "service", "name");
    if (name.empty()) return;
    a.set("reference.service." + name, "backend of " + (host.empty() ? "the ingress" : host));
    const std::string port = text_at(b, "service", "port", "number");
    if (!port.empty()) a.set(fmt::format("backend.{}.port", name), port);
    keep(a, fmt::format("backend.{}.error", i++), text_at(b, "error"));
  };
  backend(at(object, "spec", "defaultBackend"), "");
  for (const Json& rule : list_at(at(object, "spec"), "rules")) {
    for (const Json& path : list_at(at(rule, "http"), "paths"))
      backend(at(path, "backend"), text_at(rule, "host"));
  }
  for (const Json& tls : list_at(at(object, "spec"), "tls")) {
    if (const std::string secret = text_at(tls, "secretName"); !secret.empty())
      a.set("reference.secret." + secret, "certificate of the ingress");
  }
  if (const std::string name = text_at(object, "spec", "ingressClassName"); !name.empty())
    a.set("reference.ingress_class." + name, "class of the ingress");
}

void autoscaler(const Json& object, Attributes& a) {
  const Json& spec = at(object, "spec");
  keep(a, "autoscaler.target", text_at(spec, "scaleTargetRef", "name"));
  keep(a, "autoscaler.min", text_at(spec, "minReplicas"));
  keep(a, "autoscaler.max", text_at(spec, "maxReplicas"));
  keep(a, "autoscaler.current", text_at(object, "status", "currentReplicas"));
  keep(a, "autoscaler.desired", text_at(object, "status", "desiredReplicas"));
  const std::string kind = text_at(spec, "scaleTargetRef", "kind");
  if (!kind.empty())
    a.set("reference.workload." + text_at(spec, "scaleTargetRef", "name"), "target of the autoscaler");
}

void quota(const Json& object, Attributes& a) {
  const Json& hard =
      at(object, "status", "hard").is_object() ? at(object, "status", "hard") : at(object, "spec", "hard");
  labels(hard, "quota.hard.", a);
  labels(at(object, "status", "used"), "quota.used.", a);
}

void disruption_budget(const Json& object, Attributes& a) {
  keep(a, "disruption.min_available", text_at(object, "spec", "minAvailable"));
  keep(a, "disruption.max_unavailable", text_at(object, "spec", "maxUnavailable"));
  keep(a, "disruption.allowed", text_at(object, "status", "disruptionsAllowed"));
  keep(a, "disruption.healthy", text_at(object, "status", "currentHealthy"));
  labels(at(object, "spec", "selector", "matchLabels"), "selector.", a);
}

/// True where egress rules may let requests to the cluster's name server through. Rules are the API's, or the
/// lines of describe.
bool may_reach_dns(const Json& rules) {
  bool told_port = false;
  bool told_peer = false;
  for (const Json& rule : rules) {
    if (const std::string line = text_at(rule, "$text"); !line.empty()) {
      told_port = told_port || line.starts_with("To Port: 53/") || line.starts_with("To Port: <any>");
      told_peer = told_peer || line.starts_with("To: <any>") || line.starts_with("NamespaceSelector") ||
                  line.starts_with("IPBlock");
      continue;
    }
    const Json& ports = list_at(rule, "ports");
    const Json& peers = list_at(rule, "to");
    const bool port = ports.empty() || std::any_of(ports.begin(), ports.end(), [](const Json& p) {
                        const std::string number = text_at(p, "port");
                        return number.empty() || number == "53" || number.starts_with("dns");
                      });
    const bool peer = peers.empty() || std::any_of(peers.begin(), peers.end(), [](const Json& p) {
                        return p.contains("namespaceSelector") || p.contains("ipBlock");
                      });
    if (port && peer) return true;
  }
  return told_port && told_peer;
}

/// Whom ingress rules let in, where each of them names pods of the policy's own namespace by their labels:
/// `policy.peer.N.KEY`. Nothing where a rule lets anybody in, or says whom in another way.
void allowed_peers(const Json& rules, Attributes& a) {
  Attributes peers;
  std::size_t count = 0;
  const auto add = [&](const std::string& key, const std::string& value) {
    peers.set(fmt::format("policy.peer.{}.{}", count, key), value);
  };
  for (const Json& rule : rules) {
    if (const std::string line = text_at(rule, "$text"); !line.empty()) {
      constexpr std::string_view kPods = "PodSelector: ";
      if (line.starts_with("To Port:") || line == "From:") continue;
      if (!line.starts_with(kPods)) return;
      for (const auto label : base::split(std::string_view(line).substr(kPods.size()), ',')) {
        const std::size_t equals = label.find('=');
        if (equals == std::string_view::npos || label.find(' ') != std::string_view::npos) return;
        add(std::string(label.substr(0, equals)), std::string(label.substr(equals + 1)));
      }
      ++count;
      continue;
    }
    const Json& from = list_at(rule, "from");
    if (from.empty()) return;
    for (const Json& peer : from) {
      const Json& wanted = at(peer, "podSelector", "matchLabels");
      if (peer.size() != 1 || wanted.empty() || at(peer, "podSelector").size() != 1) return;
      for (const auto& [key, value] : wanted.items()) add(key, text(value));
      ++count;
    }
  }
  a.merge(peers);
}

void network_policy(const Json& object, Attributes& a) {
  labels(at(object, "spec", "podSelector", "matchLabels"), "selector.", a);
  a.set("policy.selects_all", at(object, "spec", "podSelector", "matchLabels").empty() ? "true" : "false");
  for (const Json& type : list_at(at(object, "spec"), "policyTypes")) {
    const std::string way = text(type) == "Egress" ? "egress" : "ingress";
    // A way that the policy governs and that has no rule lets nothing through.
    const Json& rules = list_at(at(object, "spec"), way);
    a.set("policy." + way, rules.empty() ? "none" : "some");
    if (way == "egress" && !may_reach_dns(rules)) a.set("policy.dns", "blocked");
    if (way == "ingress") allowed_peers(rules, a);
  }
  if (list_at(at(object, "spec"), "policyTypes").empty() && at(object, "spec").is_object()) {
    const Json& rules = list_at(at(object, "spec"), "ingress");
    a.set("policy.ingress", rules.empty() ? "none" : "some");
    allowed_peers(rules, a);
  }
}

/// An application of a delivery tool (Argo CD, Flux).
void application(const Json& object, Attributes& a) {
  const Json& status = at(object, "status");
  keep(a, "application.destination", text_at(object, "spec", "destination", "namespace"));
  keep(a, "application.sync", text_at(status, "sync", "status"));
  keep(a, "application.health", text_at(status, "health", "status"));
  keep(a, "platform.message", text_at(status, "operationState", "message"));
  keep(a, "platform.reason", text_at(status, "operationState", "phase"));
  // Conditions of an Application are complaints: each has a type, a message and no status.
  for (const Json& condition : list_at(status, "conditions")) {
    if (!condition.contains("status")) keep(a, "platform.message", text_at(condition, "message"));
  }
}

void storage_class(const Json& object, Attributes& a) {
  keep(a, "class.provisioner", text_at(object, "provisioner"));
}

struct KindReader {
  std::string_view platform_kind;
  void (*read)(const Json&, Attributes&);
};
constexpr std::array<KindReader, 15> kReaders{{{"pod", &pod},
                                               {"disruption_budget", &disruption_budget},
                                               {"workload", &workload},
                                               {"node", &node},
                                               {"volume_claim", &volume_claim},
                                               {"volume", &volume},
                                               {"storage_class", &storage_class},
                                               {"service", &service},
                                               {"endpoints", &endpoints},
                                               {"ingress", &ingress},
                                               {"autoscaler", &autoscaler},
                                               {"quota", &quota},
                                               {"network_policy", &network_policy},
                                               {"application", &application},
                                               {"job", &job}}};

using Dependency = std::pair<std::string, RelationKind>;

/// What a pod's spec needs, as relations.
void pod_dependencies(const Json& spec, const std::string& name_space, std::vector<Dependency>& out) {
  Attributes a;
  add_pod_spec(spec, a);
  for (const auto& [kind, api, relation] :
       {std::tuple{"volume_claim", "PersistentVolumeClaim", RelationKind::kReadsFrom},
        std::tuple{"secret", "Secret", RelationKind::kReadsSecret},
        std::tuple{"config", "ConfigMap", RelationKind::kReadsConfig}}) {
    const std::string prefix = fmt::format("reference.{}.", kind);
    for (const auto* entry : a.with_prefix(prefix))
      out.emplace_back(entity_id(name_space, api, entry->first.substr(prefix.size())), relation);
  }
}

}  // namespace

void add_kind(const Json& object, const std::string& kind, Attributes& into) {
  if (kind == "CronJob") return cron_job(object, into);
  const std::string platform = platform_kind(kind);
  for (const KindReader& reader : kReaders) {
    if (reader.platform_kind == platform) return reader.read(object, into);
  }
}

std::vector<Dependency> dependencies_of(const Json& object, const std::string& kind,
                                        const std::string& name_space) {
  std::vector<Dependency> out;
  const Json& spec = at(object, "spec");
  if (kind == "Pod") {
    pod_dependencies(spec, name_space, out);
    if (const std::string node = text_at(spec, "nodeName"); !node.empty())
      out.emplace_back(entity_id("", "Node", node), RelationKind::kRunsOn);
  } else if (is_workload(kind) || kind == "Job") {
    pod_dependencies(at(spec, "template", "spec"), name_space, out);
  } else if (kind == "CronJob") {
    pod_dependencies(at(spec, "jobTemplate", "spec", "template", "spec"), name_space, out);
  } else if (kind == "Ingress") {
    Attributes a;
    ingress(object, a);
    const std::string_view prefix = "reference.service.";
    for (const auto* entry : a.with_prefix(prefix))
      out.emplace_back(entity_id(name_space, "Service", entry->first.substr(prefix.size())),
                       RelationKind::kRoutesTo);
  } else if (kind == "PersistentVolumeClaim") {
    if (const std::string volume_name = text_at(spec, "volumeName"); !volume_name.empty())
      out.emplace_back(entity_id("", "PersistentVolume", volume_name), RelationKind::kReadsFrom);
  }
  return out;
}

std::vector<std::string> dependents_of(const Json& object, const std::string& kind,
                                       const std::string& name_space) {
  std::vector<std::string> out;
  if (kind == "PersistentVolumeClaim") {
    for (const Json& pod_name : list_at(at(object, "status"), "usedBy"))
      out.push_back(entity_id(name_space, "Pod", text(pod_name)));
  } else if (kind == "HorizontalPodAutoscaler") {
    const Json& target = at(object, "spec", "scaleTargetRef");
    if (const std::string name = text_at(target, "name"); !name.empty())
      out.push_back(entity_id(name_space, text_at(target, "kind"), name));
  }
  return out;
}

}  // namespace midwatch::clients::kubernetes
