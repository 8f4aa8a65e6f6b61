#include "src/clients/kubernetes/describe_pods.h"

#include <string>

#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/clients/kubernetes/text_lines.h"

namespace midwatch::clients::kubernetes {
namespace {

using base::Json;

/// The word between the quotes that follow `marker`: "in secret 'db'" gives "db".
std::string quoted_after(std::string_view value, std::string_view marker) {
  const std::size_t at = value.find(marker);
  if (at == std::string_view::npos) return {};
  const std::size_t open = value.find('\'', at);
  if (open == std::string_view::npos) return {};
  const std::size_t close = value.find('\'', open + 1);
  return close == std::string_view::npos ? std::string()
                                         : std::string(value.substr(open + 1, close - open - 1));
}

/// "<set to the key 'password' in secret 'db'>  Optional: false"
Json environment_entry(std::string_view key, std::string_view value) {
  Json entry{{"name", key}};
  if (value.starts_with("<set to the key ")) {
    const bool secret = value.find("in secret ") != std::string_view::npos;
    const std::string name = quoted_after(value, secret ? "in secret " : "of config map ");
    Json reference{{"name", name}, {"key", quoted_after(value, "the key ")}};
    if (value.find("Optional: true") != std::string_view::npos) reference["optional"] = true;
    entry["valueFrom"][secret ? "secretKeyRef" : "configMapKeyRef"] = std::move(reference);
  } else if (value.starts_with('(')) {
    entry["valueFrom"]["fieldRef"]["fieldPath"] =
        base::trim(value.substr(1, value.find(')') == std::string_view::npos ? 0 : value.find(')') - 1));
  } else {
    entry["value"] = value;
  }
  return entry;
}

/// "app-config  ConfigMap  Optional: false"
void environment_from(const DescribeNode& node, Json& spec) {
  for (const DescribeNode& line : node.children) {
    const auto cells = base::split_words(line.text);
    if (cells.size() < 2) continue;
    const bool secret = cells[1] == "Secret";
    Json reference{{"name", cells[0]}};
    if (line.text.find("Optional: true") != std::string_view::npos) reference["optional"] = true;
    spec["envFrom"].push_back({{secret ? "secretRef" : "configMapRef", std::move(reference)}});
  }
}

/// The value of "Command:" and "Args:" is a list, one item a line.
void word_list(const DescribeNode* node, const char* name, Json& spec) {
  if (node == nullptr) return;
  std::vector<std::string_view> texts;
  if (!node->value.empty()) texts.push_back(node->value);
  node->collect_texts(texts);
  for (const auto text : texts) spec[name].push_back(text);
}

void ports(const DescribeNode& container, Json& spec) {
  const DescribeNode* node = container.child("Port");
  if (node == nullptr) node = container.child("Ports");
  if (node == nullptr || is_absent(node->value)) return;
  for (const auto port : base::split(node->value, ',')) {
    const std::size_t slash = port.find('/');
    Json entry{{"containerPort", port.substr(0, slash)}};
    if (slash != std::string_view::npos) {
      const std::string_view rest = port.substr(slash + 1);
      entry["protocol"] = rest.substr(0, rest.find(' '));
      if (const std::size_t open = rest.find('('); open != std::string_view::npos)
        entry["name"] = rest.substr(open + 1, rest.find(')') - open - 1);
    }
    spec["ports"].push_back(std::move(entry));
  }
}

/// "http-get http://:8080/healthz delay=5s timeout=1s period=10s #success=1 #failure=3"
void probe(const DescribeNode* node, const char* name, Json& spec) {
  if (node == nullptr || is_absent(node->value)) return;
  Json& probe = spec[name];
  probe["$text"] = node->value;
  const auto words = base::split_words(node->value);
  if (words.size() < 2) return;
  if (words[0] == "exec") {
    const std::size_t open = node->value.find('[');
    const std::size_t close = node->value.find(']');
    if (open != std::string_view::npos && close != std::string_view::npos && open < close)
      probe["exec"]["command"] = Json::array({node->value.substr(open + 1, close - open - 1)});
    return;
  }
  std::string_view address = words[1];
  if (const std::size_t scheme = address.find("://"); scheme != std::string_view::npos)
    address.remove_prefix(scheme + 3);
  const std::size_t slash = address.find('/');
  const std::string_view host = address.substr(0, slash);
  const std::size_t colon = host.rfind(':');
  const char* action = words[0] == "http-get" ? "httpGet" : words[0] == "grpc" ? "grpc" : "tcpSocket";
  if (colon != std::string_view::npos) probe[action]["port"] = host.substr(colon + 1);
  if (slash != std::string_view::npos) probe[action]["path"] = address.substr(slash);
  static constexpr std::pair<std::string_view, const char*> kTimes[] = {{"delay=", "initialDelaySeconds"},
                                                                        {"timeout=", "timeoutSeconds"},
                                                                        {"period=", "periodSeconds"},
                                                                        {"#failure=", "failureThreshold"}};
  for (const auto word : words) {
    for (const auto& [prefix, key] : kTimes) {
      if (!word.starts_with(prefix)) continue;
      std::string_view number = word.substr(prefix.size());
      if (number.ends_with('s')) number.remove_suffix(1);
      probe[key] = number;
    }
  }
}

Json container_spec(const DescribeNode& container) {
  Json spec{{"name", container.key}, {"image", container.value_of("Image")}};
  word_list(container.child("Command"), "command", spec);
  word_list(container.child("Args"), "args", spec);
  ports(container, spec);
  for (const auto& [title, name] : {std::pair{"Limits", "limits"}, std::pair{"Requests", "requests"}}) {
    if (const DescribeNode* amounts = container.child(title)) {
      for (const DescribeNode& amount : amounts->children)
        spec["resources"][name][std::string(amount.key)] = amount.value;
    }
  }
  probe(container.child("Liveness"), "livenessProbe", spec);
  probe(container.child("Readiness"), "readinessProbe", spec);
  probe(container.child("Startup"), "startupProbe", spec);
  if (const DescribeNode* environment = container.child("Environment")) {
    for (const DescribeNode& variable : environment->children) {
      if (!variable.key.empty()) spec["env"].push_back(environment_entry(variable.key, variable.value));
    }
  }
  if (const DescribeNode* from = container.child("Environment Variables from")) environment_from(*from, spec);
  if (const DescribeNode* mounts = container.child("Mounts")) {
    for (const DescribeNode& mount : mounts->children) {
      // "/data from storage (rw)"
      const std::size_t from = mount.text.find(" from ");
      if (from == std::string_view::npos) continue;
      spec["volumeMounts"].push_back(
          {{"mountPath", mount.text.substr(0, from)}, {"name", first_word(mount.text.substr(from + 6))}});
    }
  }
  return spec;
}

void state(const DescribeNode* node, const char* name, Json& status) {
  if (node == nullptr || is_absent(node->value)) return;
  Json details = Json::object();
  for (const auto& [title, key] : {std::pair{"Reason", "reason"}, std::pair{"Message", "message"},
                                   std::pair{"Exit Code", "exitCode"}, std::pair{"Signal", "signal"}}) {
    if (std::string value = node->value_of(title); !value.empty()) details[key] = std::move(value);
  }
  for (const auto& [title, key] : {std::pair{"Started", "startedAt"}, std::pair{"Finished", "finishedAt"}}) {
    if (const std::string time = rfc3339_of_describe_time(node->value_of(title)); !time.empty())
      details[key] = time;
  }
  status[name][base::to_lower(node->value)] = std::move(details);
}

Json container_status(const DescribeNode& container) {
  Json status{{"name", container.key}};
  state(container.child("State"), "state", status);
  state(container.child("Last State"), "lastState", status);
  if (const DescribeNode* ready = container.child("Ready")) status["ready"] = ready->value == "True";
  if (const DescribeNode* count = container.child("Restart Count")) status["restartCount"] = count->value;
  if (std::string id = container.value_of("Image ID"); !id.empty()) status["imageID"] = std::move(id);
  return status;
}

/// The volumes: what they refer to.
void volumes(const DescribeNode* node, Json& spec) {
  if (node == nullptr) return;
  for (const DescribeNode& v : node->children) {
    if (v.key.empty()) continue;
    Json volume{{"name", v.key}};
    const std::string optional = v.value_of("Optional");
    if (std::string claim = v.value_of("ClaimName"); !claim.empty())
      volume["persistentVolumeClaim"]["claimName"] = std::move(claim);
    const bool projected = v.value_of("Type").starts_with("Projected");
    if (std::string secret = v.value_of("SecretName"); !secret.empty() && !projected) {
      volume["secret"]["secretName"] = std::move(secret);
      if (optional == "true") volume["secret"]["optional"] = true;
    }
    if (std::string config = v.value_of("Name");
        !config.empty() && v.value_of("Type").starts_with("ConfigMap")) {
      volume["configMap"]["name"] = std::move(config);
      if (optional == "true") volume["configMap"]["optional"] = true;
    }
    if (std::string path = v.value_of("Path"); !path.empty()) volume["hostPath"]["path"] = std::move(path);
    spec["volumes"].push_back(std::move(volume));
  }
}

void pod_spec(const DescribeNode& pod, Json& spec) {
  for (const auto& [title, list] :
       {std::pair{"Containers", "containers"}, std::pair{"Init Containers", "initContainers"},
        std::pair{"Ephemeral Containers", "ephemeralContainers"}}) {
    const DescribeNode* containers = pod.child(title);
    if (containers == nullptr) continue;
    for (const DescribeNode& container : containers->children) {
      if (!container.key.empty()) spec[list].push_back(container_spec(container));
    }
  }
  volumes(pod.child("Volumes"), spec);
  if (std::string account = pod.value_of("Service Account"); !account.empty())
    spec["serviceAccountName"] = std::move(account);
  if (Json selector = read_described_labels(pod.child("Node-Selectors")); !selector.empty())
    spec["nodeSelector"] = std::move(selector);
  if (std::string priority = pod.value_of("Priority Class Name"); !priority.empty())
    spec["priorityClassName"] = std::move(priority);
}

}  // namespace

Json read_described_labels(const DescribeNode* labels) {
  Json out = Json::object();
  if (labels == nullptr) return out;
  const auto add = [&](std::string_view text) {
    for (const auto part : base::split(text, ',')) {
      const std::size_t equals = part.find('=');
      if (equals != std::string_view::npos && equals > 0)
        out[std::string(part.substr(0, equals))] = part.substr(equals + 1);
    }
  };
  add(labels->value);
  for (const DescribeNode& line : labels->children) add(line.text);
  return out;
}

void read_described_pod(const DescribeNode& pod, Json& object) {
  Json& spec = object["spec"];
  Json& status = object["status"];
  pod_spec(pod, spec);
  const std::string node = pod.value_of("Node");
  if (!node.empty()) spec["nodeName"] = node.substr(0, node.find('/'));
  const std::string phase = pod.value_of("Status");
  if (phase.starts_with("Terminating")) {
    // "Terminating (lasts 5m)": the time of the deletion is not said exactly.
    status["phase"] = "Running";
    status["terminating"] = phase;
  } else if (!phase.empty()) {
    status["phase"] = phase.substr(0, phase.find(' '));
  }
  for (const auto& [title, key] : {std::pair{"Reason", "reason"}, std::pair{"Message", "message"}}) {
    if (std::string value = pod.value_of(title); !value.empty()) status[key] = std::move(value);
  }
  if (const std::string time = rfc3339_of_describe_time(pod.value_of("Start Time")); !time.empty())
    status["startTime"] = time;
  if (std::string ip = pod.value_of("IP"); !ip.empty()) status["podIP"] = std::move(ip);
  for (const auto& [title, list] : {std::pair{"Containers", "containerStatuses"},
                                    std::pair{"Init Containers", "initContainerStatuses"}}) {
    const DescribeNode* containers = pod.child(title);
    if (containers == nullptr) continue;
    for (const DescribeNode& container : containers->children) {
      if (!container.key.empty() && container.child("State") != nullptr)
        status[list].push_back(container_status(container));
    }
  }
}

Json read_described_template(const DescribeNode& pod_template) {
  Json out = Json::object();
  if (Json labels = read_described_labels(pod_template.child("Labels")); !labels.empty())
    out["metadata"]["labels"] = std::move(labels);
  pod_spec(pod_template, out["spec"]);
  return out;
}

}  // namespace midwatch::clients::kubernetes
