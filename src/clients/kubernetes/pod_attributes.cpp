#include "src/clients/kubernetes/pod_attributes.h"

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/telemetry/flatten.h"
#include "src/telemetry/number.h"

namespace midwatch::clients::kubernetes {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text;
using base::text_at;
using telemetry::Attributes;

/// Every namespace has it and every pod mounts it: a need that says nothing.
constexpr std::string_view kClusterCertificates = "kube-root-ca.crt";

/// A text that is only kept where there is one.
void keep(Attributes& a, std::string path, std::string value) {
  if (!value.empty()) a.set(std::move(path), std::move(value));
}

std::string joined(const Json& list) {
  if (!list.is_array()) return text(list);
  std::string out;
  for (const Json& word : list) out += (out.empty() ? "" : " ") + text(word);
  return out;
}

bool is_optional(const Json& reference) {
  return text_at(reference, "optional") == "true";
}

/// Notes that the pod needs another object; what is optional is not needed.
void refer(Attributes& a, const char* kind, const Json& reference, const char* name_key,
           const std::string& how) {
  const std::string name = text_at(reference, name_key);
  if (name == kClusterCertificates) return;
  if (!name.empty() && !is_optional(reference)) a.set(fmt::format("reference.{}.{}", kind, name), how);
}

void environment_variable(const Json& variable, const std::string& path, const std::string& container,
                          Attributes& a) {
  const std::string key = text_at(variable, "name");
  if (key.empty()) return;
  const Json& from = at(variable, "valueFrom");
  for (const auto& [member, word, kind] :
       {std::tuple{"secretKeyRef", "secret", "secret"}, std::tuple{"configMapKeyRef", "config", "config"}}) {
    const Json& reference = at(from, member);
    if (!reference.is_object()) continue;
    const std::string name = text_at(reference, "name");
    const std::string wanted = text_at(reference, "key");
    a.set(path + "env." + key, fmt::format("{}:{}/{}", word, name, wanted));
    refer(a, kind, reference, "name", fmt::format("environment variable {} of container {}", key, container));
    if (!is_optional(reference)) a.set(fmt::format("reference_key.{}.{}/{}", kind, name, wanted), key);
    return;
  }
  if (const std::string field = text_at(from, "fieldRef", "fieldPath"); !field.empty()) {
    a.set(path + "env." + key, "field:" + field);
    return;
  }
  // A value passes through flatten, which keeps secrets out.
  Json holder = Json::object();
  holder[key] = text_at(variable, "value");
  telemetry::flatten(holder, path + "env", a);
}

void environment(const Json& spec, const std::string& path, const std::string& container, Attributes& a) {
  for (const Json& variable : list_at(spec, "env")) environment_variable(variable, path, container, a);
  for (const Json& source : list_at(spec, "envFrom")) {
    const std::string how = fmt::format("environment of container {}", container);
    refer(a, "config", at(source, "configMapRef"), "name", how);
    refer(a, "secret", at(source, "secretRef"), "name", how);
  }
}

/// "http-get :8080/healthz": what a probe does, in describe's words.
std::string probe_words(const Json& probe) {
  if (const std::string said = text_at(probe, "$text"); !said.empty()) return said;
  std::string words;
  if (const Json& http = at(probe, "httpGet"); http.is_object())
    words = fmt::format("http-get :{}{}", text_at(http, "port"), text_at(http, "path"));
  if (const Json& tcp = at(probe, "tcpSocket"); tcp.is_object())
    words = "tcp-socket :" + text_at(tcp, "port");
  if (const Json& grpc = at(probe, "grpc"); grpc.is_object()) words = "grpc :" + text_at(grpc, "port");
  if (const Json& exec = at(probe, "exec"); exec.is_object())
    words = "exec [" + joined(at(exec, "command")) + "]";
  for (const auto& [member, word] :
       {std::pair{"initialDelaySeconds", "delay"}, std::pair{"timeoutSeconds", "timeout"},
        std::pair{"periodSeconds", "period"}}) {
    if (const std::string value = text_at(probe, member); !value.empty())
      words += fmt::format(" {}={}s", word, value);
  }
  if (const std::string n = text_at(probe, "failureThreshold"); !n.empty()) words += " #failure=" + n;
  return words;
}

void probes(const Json& spec, const std::string& path, Attributes& a) {
  for (const auto& [member, word] :
       {std::pair{"livenessProbe", "liveness"}, std::pair{"readinessProbe", "readiness"},
        std::pair{"startupProbe", "startup"}}) {
    const Json& probe = at(spec, member);
    if (!probe.is_object()) continue;
    const std::string base = path + "probe." + word;
    keep(a, base, probe_words(probe));
    for (const char* action : {"httpGet", "tcpSocket", "grpc"}) {
      keep(a, base + ".port", text_at(probe, action, "port"));
      keep(a, base + ".path", text_at(probe, action, "path"));
    }
    keep(a, base + ".command", joined(at(probe, "exec", "command")));
    keep(a, base + ".delay", text_at(probe, "initialDelaySeconds"));
    keep(a, base + ".timeout", text_at(probe, "timeoutSeconds"));
  }
}

void container_spec(const Json& spec, bool init, Attributes& a) {
  const std::string name = text_at(spec, "name");
  if (name.empty()) return;
  const std::string path = "container." + name + ".";
  if (init) a.set(path + "init", "true");
  // An init container that always restarts is a sidecar: it is meant to run on.
  if (init && text_at(spec, "restartPolicy") == "Always") a.set(path + "sidecar", "true");
  keep(a, path + "image", text_at(spec, "image"));
  keep(a, path + "command", joined(at(spec, "command")));
  keep(a, path + "args", joined(at(spec, "args")));
  for (const auto& [kind, word] : {std::pair{"limits", "limit"}, std::pair{"requests", "request"}}) {
    for (const char* what : {"cpu", "memory", "ephemeral-storage"}) {
      const auto amount = telemetry::parse_kubernetes_quantity(text_at(spec, "resources", kind, what));
      if (amount) a.set(fmt::format("{}{}.{}", path, word, what), fmt::format("{}", *amount));
    }
  }
  for (const Json& port : list_at(spec, "ports")) {
    const std::string number = text_at(port, "containerPort");
    if (!number.empty()) a.set(path + "port." + number, text_at(port, "name"));
  }
  probes(spec, path, a);
  environment(spec, path, name, a);
}

void volumes(const Json& spec, Attributes& a) {
  for (const Json& volume : list_at(spec, "volumes")) {
    const std::string how = "volume " + text_at(volume, "name");
    refer(a, "volume_claim", at(volume, "persistentVolumeClaim"), "claimName", how);
    refer(a, "secret", at(volume, "secret"), "secretName", how);
    refer(a, "config", at(volume, "configMap"), "name", how);
    for (const Json& source : list_at(at(volume, "projected"), "sources")) {
      refer(a, "secret", at(source, "secret"), "name", how);
      refer(a, "config", at(source, "configMap"), "name", how);
    }
  }
}

void container_state(const Json& state, const std::string& path, Attributes& a) {
  for (const auto& [from, to] :
       {std::pair{"reason", "reason"}, std::pair{"message", "message"}, std::pair{"exitCode", "exit_code"},
        std::pair{"startedAt", "started"}, std::pair{"finishedAt", "finished"}}) {
    keep(a, path + to, text_at(state, from));
  }
}

void container_status(const Json& status, bool init, Attributes& a) {
  const std::string name = text_at(status, "name");
  if (name.empty()) return;
  const std::string path = "container." + name + ".";
  if (init) a.set(path + "init", "true");
  keep(a, path + "ready", text_at(status, "ready"));
  keep(a, path + "restarts", text_at(status, "restartCount"));
  keep(a, path + "image_digest", text_at(status, "imageID"));
  for (const char* word : {"waiting", "running", "terminated"}) {
    const Json& state = at(status, "state", word);
    if (!state.is_object()) continue;
    a.set(path + "state", word);
    container_state(state, path, a);
  }
  const Json& last = at(status, "lastState", "terminated");
  if (last.is_object()) container_state(last, path + "last.", a);
}

}  // namespace

void add_pod_spec(const Json& spec, Attributes& into) {
  for (const Json& container : list_at(spec, "initContainers")) container_spec(container, true, into);
  for (const Json& container : list_at(spec, "containers")) container_spec(container, false, into);
  volumes(spec, into);
  std::string account = text_at(spec, "serviceAccountName");
  if (account.empty()) account = text_at(spec, "serviceAccount");
  if (!account.empty() && account != "default")
    into.set("reference.service_account." + account, "service account of the pod");
  for (const Json& secret : list_at(spec, "imagePullSecrets"))
    refer(into, "secret", secret, "name", "credentials to pull images");
  if (const std::string priority = text_at(spec, "priorityClassName");
      !priority.empty() && !priority.starts_with("system-"))
    into.set("reference.priority_class." + priority, "priority of the pod");
  for (const auto& [key, value] : at(spec, "nodeSelector").items())
    into.set("placement.selector." + key, text(value));
}

void add_pod_status(const Json& status, Attributes& into) {
  for (const Json& container : list_at(status, "initContainerStatuses"))
    container_status(container, true, into);
  for (const Json& container : list_at(status, "containerStatuses")) container_status(container, false, into);
}

}  // namespace midwatch::clients::kubernetes
