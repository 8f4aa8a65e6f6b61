#include "src/clients/kubernetes/describe_kinds.h"

#include <array>
#include <string>

#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/clients/kubernetes/describe_pods.h"
#include "src/clients/kubernetes/text_lines.h"

namespace midwatch::clients::kubernetes {
namespace {

using base::Json;

/// The number before a word: "2 desired | 1 updated" has 1 before "updated".
std::string number_before(std::string_view value, std::string_view word) {
  const std::size_t at = value.find(word);
  if (at == std::string_view::npos) return {};
  const std::string_view before = base::trim(value.substr(0, at));
  const std::size_t start = before.find_last_not_of("0123456789");
  return std::string(start == std::string_view::npos ? before : before.substr(start + 1));
}

void set_number(Json& object, const char* key, std::string number) {
  if (!number.empty()) object[key] = std::move(number);
}

void set_value(Json& object, const char* key, std::string value) {
  if (!value.empty()) object[key] = std::move(value);
}

void workload(const DescribeNode& root, Json& object) {
  Json& spec = object["spec"];
  Json& status = object["status"];
  const std::string replicas = root.value_of("Replicas");
  set_number(spec, "replicas", number_before(replicas, " desired"));
  set_number(status, "updatedReplicas", number_before(replicas, " updated"));
  set_number(status, "availableReplicas", number_before(replicas, " available"));
  set_number(status, "unavailableReplicas", number_before(replicas, " unavailable"));
  const std::string pods = root.value_of("Pods Status");
  set_number(status, "runningPods", number_before(pods, " Running"));
  set_number(status, "waitingPods", number_before(pods, " Waiting"));
  // Of a DaemonSet
  set_number(status, "desiredNumberScheduled", root.value_of("Desired Number of Nodes Scheduled"));
  set_number(status, "currentNumberScheduled", root.value_of("Current Number of Nodes Scheduled"));
  set_number(status, "numberAvailable", root.value_of("Number of Nodes Scheduled with Available Pods"));
  set_number(status, "updatedNumberScheduled",
             root.value_of("Number of Nodes Scheduled with Up-to-date Pods"));
  set_value(spec, "paused", root.value_of("Paused"));
  if (Json selector = read_described_labels(root.child("Selector")); !selector.empty())
    spec["selector"]["matchLabels"] = std::move(selector);
  if (const DescribeNode* pod_template = root.child("Pod Template"))
    spec["template"] = read_described_template(*pod_template);
}

void job(const DescribeNode& root, Json& object) {
  Json& spec = object["spec"];
  Json& status = object["status"];
  set_value(spec, "completions", root.value_of("Completions"));
  set_value(spec, "parallelism", root.value_of("Parallelism"));
  set_value(spec, "backoffLimit", root.value_of("Backoff Limit"));
  set_value(spec, "activeDeadlineSeconds", std::string(first_word(root.value_of("Active Deadline Seconds"))));
  set_value(spec, "suspend", base::to_lower(root.value_of("Suspend")));
  const std::string pods = root.value_of("Pods Statuses");
  set_number(status, "active", number_before(pods, " Active"));
  set_number(status, "succeeded", number_before(pods, " Succeeded"));
  set_number(status, "failed", number_before(pods, " Failed"));
  set_value(status, "startTime", rfc3339_of_describe_time(root.value_of("Start Time")));
  set_value(status, "completionTime", rfc3339_of_describe_time(root.value_of("Completed At")));
  if (const DescribeNode* pod_template = root.child("Pod Template"))
    spec["template"] = read_described_template(*pod_template);
}

void cron_job(const DescribeNode& root, Json& object) {
  Json& spec = object["spec"];
  set_value(spec, "schedule", root.value_of("Schedule"));
  set_value(spec, "suspend", base::to_lower(root.value_of("Suspend")));
  set_value(spec, "concurrencyPolicy", root.value_of("Concurrency Policy"));
  const std::string active = root.value_of("Active Jobs");
  if (!is_absent(active))
    object["status"]["active"].push_back({{"name", active.substr(0, active.find_first_of(", "))}});
  set_value(object["status"], "lastScheduleTime",
            rfc3339_of_describe_time(root.value_of("Last Schedule Time")));
  if (const DescribeNode* pod_template = root.child("Pod Template"))
    spec["jobTemplate"]["spec"]["template"] = read_described_template(*pod_template);
}

void taints(const DescribeNode* node, Json& spec) {
  if (node == nullptr || is_absent(node->value)) return;
  std::vector<std::string_view> texts{node->value};
  node->collect_texts(texts);
  for (const auto text : texts) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view left = text.substr(0, colon);
    const std::size_t equals = left.find('=');
    spec["taints"].push_back(
        {{"key", left.substr(0, equals)},
         {"value", equals == std::string_view::npos ? std::string_view{} : left.substr(equals + 1)},
         {"effect", text.substr(colon + 1)}});
  }
}

void node(const DescribeNode& root, Json& object) {
  Json& status = object["status"];
  for (const auto& [title, key] :
       {std::pair{"Capacity", "capacity"}, std::pair{"Allocatable", "allocatable"}}) {
    if (const DescribeNode* amounts = root.child(title)) {
      for (const DescribeNode& amount : amounts->children) {
        if (!amount.key.empty()) status[key][std::string(amount.key)] = amount.value;
      }
    }
  }
  if (const DescribeNode* pods = root.child("Non-terminated Pods")) {
    set_number(status["allocated"], "pods", number_before(pods->value, " in total"));
    for (const DescribeNode& row : pods->children) {
      const auto cells = base::split_words(row.text);
      if (cells.size() < 2 || cells[0] == "Namespace" || cells[0].starts_with('-')) continue;
      status["pods"].push_back({{"namespace", cells[0]}, {"name", cells[1]}});
    }
  }
  if (const DescribeNode* allocated = root.child("Allocated resources")) {
    for (const DescribeNode& row : allocated->children) {
      const auto cells = base::split_words(row.text);
      if (cells.size() >= 2 && (cells[0] == "cpu" || cells[0] == "memory"))
        status["allocated"][std::string(cells[0])] = cells[1];
    }
  }
  if (const DescribeNode* info = root.child("System Info")) {
    set_value(status["nodeInfo"], "architecture", info->value_of("Architecture"));
    set_value(status["nodeInfo"], "kubeletVersion", info->value_of("Kubelet Version"));
  }
  if (root.value_of("Unschedulable") == "true") object["spec"]["unschedulable"] = true;
  taints(root.child("Taints"), object["spec"]);
}

void volume_claim(const DescribeNode& root, Json& object) {
  Json& status = object["status"];
  set_value(status, "phase", std::string(first_word(root.value_of("Status"))));
  set_value(object["spec"], "storageClassName", root.value_of("StorageClass"));
  set_value(object["spec"], "volumeName", root.value_of("Volume"));
  set_value(object["spec"]["resources"]["requests"], "storage", root.value_of("Capacity"));
  if (const DescribeNode* used = root.child("Used By"); used != nullptr && !is_absent(used->value)) {
    status["usedBy"].push_back(used->value);
    for (const DescribeNode& more : used->children) status["usedBy"].push_back(more.text);
  }
}

void volume(const DescribeNode& root, Json& object) {
  set_value(object["status"], "phase", std::string(first_word(root.value_of("Status"))));
  set_value(object["status"], "message", root.value_of("Message"));
  set_value(object["spec"], "storageClassName", root.value_of("StorageClass"));
  set_value(object["spec"]["capacity"], "storage", root.value_of("Capacity"));
  const std::string claim = root.value_of("Claim");
  if (const std::size_t slash = claim.find('/'); slash != std::string::npos)
    object["spec"]["claimRef"] = {{"namespace", claim.substr(0, slash)}, {"name", claim.substr(slash + 1)}};
}

void service(const DescribeNode& root, Json& object) {
  Json& spec = object["spec"];
  set_value(spec, "type", root.value_of("Type"));
  set_value(spec, "clusterIP", root.value_of("IP"));
  if (Json selector = read_described_labels(root.child("Selector")); !selector.empty())
    spec["selector"] = std::move(selector);
  for (const DescribeNode& field : root.children) {
    if (field.key == "Port") {
      const auto words = base::split_words(field.value);
      if (words.empty()) continue;
      Json port{{"port", words.back().substr(0, words.back().find('/'))}};
      if (words.size() > 1 && !is_absent(words.front())) port["name"] = words.front();
      spec["ports"].push_back(std::move(port));
    } else if (field.key == "TargetPort" && spec.contains("ports")) {
      spec["ports"].back()["targetPort"] = field.value.substr(0, field.value.find('/'));
    } else if (field.key == "Endpoints") {
      object["status"]["endpoints"] = is_absent(field.value) ? std::string_view{} : field.value;
    } else if (field.key == "LoadBalancer Ingress" && !field.value.empty()) {
      object["status"]["loadBalancer"]["ingress"].push_back({{"ip", field.value}});
    }
  }
}

void endpoints(const DescribeNode& root, Json& object) {
  const DescribeNode* subsets = root.child("Subsets");
  if (subsets == nullptr) return;
  object["subsets"] = Json::array();
  for (const DescribeNode& field : subsets->children) {
    if (field.key != "Addresses" && field.key != "NotReadyAddresses") continue;
    const char* list = field.key == "Addresses" ? "addresses" : "notReadyAddresses";
    if (object["subsets"].empty() || object["subsets"].back().contains(list))
      object["subsets"].push_back(Json::object());
    for (const auto ip : base::split(field.value, ',')) {
      if (!is_absent(ip)) object["subsets"].back()[list].push_back({{"ip", ip}});
    }
  }
}

/// "/api   api:80 (10.1.1.1:80)", "/   web:80 (<error: endpoints "web" not found>)"
void ingress_backend(const DescribeNode& line, Json& rule) {
  const auto cells = cells_of(line.text);
  const std::string_view backend = cells.empty() ? std::string_view{} : cells.back();
  const std::string_view address = first_word(backend);
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return;
  Json path{{"path", cells.size() > 1 ? cells.front() : std::string_view{}}};
  path["backend"]["service"]["name"] = address.substr(0, colon);
  path["backend"]["service"]["port"]["number"] = address.substr(colon + 1);
  if (const std::size_t error = backend.find("<error:"); error != std::string_view::npos)
    path["backend"]["error"] = base::trim(backend.substr(error + 7, backend.find('>', error) - error - 7));
  rule["http"]["paths"].push_back(std::move(path));
}

void ingress(const DescribeNode& root, Json& object) {
  Json& spec = object["spec"];
  set_value(spec, "ingressClassName", root.value_of("Ingress Class"));
  set_value(object["status"], "address", root.value_of("Address"));
  if (const DescribeNode* tls = root.child("TLS")) {
    for (const DescribeNode& line : tls->children) {
      if (line.text.find(" terminates ") != std::string_view::npos)
        spec["tls"].push_back({{"secretName", first_word(line.text)}});
    }
  }
  const DescribeNode* rules = root.child("Rules");
  if (rules == nullptr) return;
  for (const DescribeNode& host : rules->children) {
    if (host.text.starts_with("Host ") || host.text.starts_with("---")) continue;
    Json rule{{"host", first_word(host.text)}};
    if (cells_of(host.text).size() > 1) ingress_backend(host, rule);
    for (const DescribeNode& line : host.children) ingress_backend(line, rule);
    spec["rules"].push_back(std::move(rule));
  }
}

void autoscaler(const DescribeNode& root, Json& object) {
  const std::string target = root.value_of("Reference");
  const std::size_t slash = target.find('/');
  if (slash != std::string::npos)
    object["spec"]["scaleTargetRef"] = {{"kind", target.substr(0, slash)},
                                        {"name", target.substr(slash + 1)}};
  set_value(object["spec"], "minReplicas", root.value_of("Min replicas"));
  set_value(object["spec"], "maxReplicas", root.value_of("Max replicas"));
  for (const DescribeNode& field : root.children) {
    if (!field.key.ends_with(" pods")) continue;  // "Deployment pods:  3 current / 3 desired"
    set_number(object["status"], "currentReplicas", number_before(field.value, " current"));
    set_number(object["status"], "desiredReplicas", number_before(field.value, " desired"));
  }
  if (const DescribeNode* metrics = root.child("Metrics")) {
    for (const DescribeNode& metric : metrics->children) {
      if (!metric.key.empty()) object["status"]["metrics"][std::string(metric.key)] = metric.value;
    }
  }
}

void quota(const DescribeNode& root, Json& object) {
  for (const DescribeNode& row : root.children) {
    const auto cells = base::split_words(row.text);
    if (cells.size() != 3 || !row.key.empty() || cells[0] == "Resource" || cells[0].starts_with('-'))
      continue;
    object["status"]["used"][std::string(cells[0])] = cells[1];
    object["status"]["hard"][std::string(cells[0])] = cells[2];
  }
}

void network_policy(const DescribeNode& root, Json& object) {
  const DescribeNode* spec = root.child("Spec");
  if (spec == nullptr) return;
  Json& into = object["spec"];
  into["podSelector"]["matchLabels"] = read_described_labels(spec->child("PodSelector"));
  const std::string types = spec->value_of("Policy Types");
  for (const auto type : base::split(types, ','))
    if (!type.empty()) into["policyTypes"].push_back(type);
  for (const auto& [title, way] :
       {std::pair{"Allowing ingress traffic", "ingress"}, std::pair{"Allowing egress traffic", "egress"}}) {
    const DescribeNode* rules = spec->child(title);
    if (rules == nullptr) continue;
    std::vector<std::string_view> lines;
    rules->collect_texts(lines);
    if (!lines.empty() && lines.front().starts_with("<none>")) {
      into["isolated"][way] = "true";
      continue;
    }
    for (const auto line : lines) {
      if (!line.starts_with('-')) into[way].push_back({{"$text", line}});
    }
  }
}

void storage_class(const DescribeNode& root, Json& object) {
  set_value(object, "provisioner", root.value_of("Provisioner"));
  set_value(object, "volumeBindingMode", root.value_of("VolumeBindingMode"));
}

/// "Data" of a ConfigMap: a key, a row of dashes, and the lines of the value; of a Secret: "key:  8 bytes".
void data(const DescribeNode& root, Json& object) {
  object["data"] = Json::object();
  bool inside = false;
  const auto& fields = root.children;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].text == "Data" || fields[i].text == "BinaryData") {
      inside = true;
    } else if (fields[i].key == "Events") {
      return;
    } else if (inside && !fields[i].key.empty() &&
               (fields[i].value.ends_with(" bytes") ||
                (i + 1 < fields.size() && fields[i + 1].text.starts_with("----")))) {
      object["data"][std::string(fields[i].key)] = "";
    } else if (inside && !object["data"].empty() && !fields[i].text.starts_with("----") &&
               !fields[i].text.starts_with("====")) {
      auto& value = object["data"].back();
      value = value.get<std::string>() + (value.get<std::string>().empty() ? "" : "\n") +
              std::string(fields[i].text);
    }
  }
}

struct KnownKind {
  std::string_view kind;
  void (*read)(const DescribeNode&, Json&);
};
constexpr std::array<KnownKind, 19> kKnown{{{"Deployment", &workload},
                                            {"ReplicaSet", &workload},
                                            {"ReplicationController", &workload},
                                            {"StatefulSet", &workload},
                                            {"DaemonSet", &workload},
                                            {"Job", &job},
                                            {"CronJob", &cron_job},
                                            {"Node", &node},
                                            {"PersistentVolumeClaim", &volume_claim},
                                            {"PersistentVolume", &volume},
                                            {"StorageClass", &storage_class},
                                            {"Service", &service},
                                            {"Endpoints", &endpoints},
                                            {"Ingress", &ingress},
                                            {"HorizontalPodAutoscaler", &autoscaler},
                                            {"ResourceQuota", &quota},
                                            {"NetworkPolicy", &network_policy},
                                            {"ConfigMap", &data},
                                            {"Secret", &data}}};

/// A field that only objects of one kind have.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kTellTale{
    {{"QoS Class", "Pod"},
     {"Pods Statuses", "Job"},
     {"Schedule", "CronJob"},
     {"StrategyType", "Deployment"},
     {"Update Strategy", "StatefulSet"},
     {"Desired Number of Nodes Scheduled", "DaemonSet"},
     {"Allocatable", "Node"},
     {"Reclaim Policy", "PersistentVolume"},
     {"VolumeMode", "PersistentVolumeClaim"},
     {"Provisioner", "StorageClass"},
     {"Session Affinity", "Service"},
     {"Subsets", "Endpoints"},
     {"Default backend", "Ingress"},
     {"Min replicas", "HorizontalPodAutoscaler"},
     {"Mountable secrets", "ServiceAccount"},
     {"Pods Status", "ReplicaSet"},
     {"Containers", "Pod"},
     {"Claim", "PersistentVolume"}}};

}  // namespace

void read_described_kind(std::string_view kind, const DescribeNode& root, Json& object) {
  for (const KnownKind& known : kKnown) {
    if (known.kind == kind) return known.read(root, object);
  }
}

std::string_view kind_of_described(const DescribeNode& root) {
  for (const auto& [field, kind] : kTellTale) {
    if (root.child(field) != nullptr) return kind;
  }
  if (const DescribeNode* spec = root.child("Spec"); spec != nullptr && spec->child("PodSelector") != nullptr)
    return "NetworkPolicy";
  for (const DescribeNode& row : root.children) {
    if (row.text.starts_with("Resource ") && row.text.ends_with("Hard")) return "ResourceQuota";
    if (row.text == "Data") return root.child("Type") != nullptr ? "Secret" : "ConfigMap";
  }
  return {};
}

}  // namespace midwatch::clients::kubernetes
