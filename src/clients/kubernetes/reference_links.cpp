#include "src/clients/kubernetes/reference_links.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "src/clients/kubernetes/kinds.h"
#include "src/clients/kubernetes/object_index.h"
#include "src/telemetry/address_words.h"

namespace midwatch::clients::kubernetes {
namespace {

using Object = ObjectIndex::Object;
using telemetry::RelationKind;

/// The kinds of the API that a word of `reference.KIND.NAME` can mean.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kReferences{
    {{"config", "ConfigMap"},
     {"secret", "Secret"},
     {"volume_claim", "PersistentVolumeClaim"},
     {"service", "Service"},
     {"service_account", "ServiceAccount"},
     {"priority_class", "PriorityClass"},
     {"ingress_class", "IngressClass"},
     {"storage_class", "StorageClass"},
     {"workload", "Deployment"},
     {"workload", "StatefulSet"}}};

/// Lines of logs that are searched for hosts.
constexpr std::size_t kMostLines = 20'000;
/// A text names no more hosts than this that matter.
constexpr std::size_t kMostHosts = 8;

/// The hosts that a text names: words that stand as an address, and names within the cluster's domain. The
/// whole of a `value` may be a host as well.
std::vector<std::string> hosts_in(std::string_view text, bool value) {
  static const RE2 kWhole(R"re([a-z][-a-z0-9]*(?:\.[-a-z0-9]+)*)re", RE2::Quiet);
  std::vector<std::string> hosts;
  if (value && RE2::FullMatch(re2::StringPiece(text.data(), text.size()), kWhole)) hosts.emplace_back(text);
  for (const telemetry::AddressWord& word : telemetry::address_words(text)) {
    if (hosts.size() == kMostHosts) break;
    if (word.stands_as_address || word.text.find(".svc") != std::string_view::npos)
      hosts.emplace_back(word.text);
  }
  return hosts;
}

/// The cluster's name server, by the label that every distribution gives it, or by its usual names.
bool is_name_server(const Object& object) {
  if (object.attributes.get("template.label.k8s-app") == "kube-dns" ||
      object.attributes.get("metadata.labels.k8s-app") == "kube-dns")
    return true;
  return object.name_space == "kube-system" && (object.name == "coredns" || object.name == "kube-dns");
}

class ReferenceLinker {
 public:
  explicit ReferenceLinker(telemetry::TelemetryBatch& batch) : batch_(batch), index_(batch) {}

  void run() {
    calls();
    place_what_tools_say();
    for (const auto& [id, object] : index_.objects()) {
      found_ = telemetry::Attributes();
      count_ = 0;
      references(object);
      keys(object);
      if (object.kind == "service") service(object);
      if (object.kind == "network_policy") policy(object);
      if (object.kind == "application") delivered(object);
      if (object.kind == "endpoints") {
        const std::string served = entity_id(object.name_space, "Service", object.name);
        if (index_.find(served) != nullptr)
          batch_.relations.push_back({served, id, RelationKind::kContains, object.ref});
      }
      if (object.kind == "workload" && is_name_server(object)) found_.set("name_server", "cluster");
      if (found_.empty()) continue;
      telemetry::Entity entity;
      entity.id = id;
      entity.ref = object.ref;
      entity.name = object.name;
      entity.attributes = std::move(found_);
      batch_.entities.push_back(std::move(entity));
    }
  }

 private:
  void dangle(const std::string& reference, const std::string& kind, const std::string& target,
              const std::string& why) {
    const std::string path = fmt::format("dangling.{}.", count_++);
    found_.set(path + "reference", reference);
    found_.set(path + "kind", kind);
    found_.set(path + "target", target);
    found_.set(path + "why", why);
  }

  /// Why a target does not exist; empty where it does, or nobody looked.
  std::string missing(const Object& from, std::string_view kind, const std::string& name) const {
    std::string why;
    for (const auto& [word, api] : kReferences) {
      if (word != kind) continue;
      const std::string id = entity_id(from.name_space, api, name);
      const Object* target = index_.find(id);
      if (target != nullptr && target->described) return {};
      if (const auto said = index_.absence_of(id); !said.empty()) why = std::string(said);
      const std::string scope = is_cluster_scoped(api) ? "" : from.name_space;
      if (why.empty() && index_.is_listed(platform_kind(api), scope))
        why = fmt::format("not among the listed {} objects", api);
    }
    return why;
  }

  void references(const Object& object) {
    constexpr std::string_view kPrefix = "reference.";
    for (const auto* entry : object.attributes.with_prefix(kPrefix)) {
      const std::string_view rest = std::string_view(entry->first).substr(kPrefix.size());
      const std::size_t dot = rest.find('.');
      if (dot == std::string_view::npos) continue;
      const std::string kind(rest.substr(0, dot));
      const std::string name(rest.substr(dot + 1));
      if (const std::string why = missing(object, kind, name); !why.empty())
        dangle(entry->second, kind, name, why);
    }
    const std::string_view storage_class = object.attributes.get("claim.storage_class");
    if (!storage_class.empty()) {
      const std::string name(storage_class);
      if (const std::string why = missing(object, "storage_class", name); !why.empty())
        dangle("storage class of the claim", "storage_class", name, why);
    }
  }

  /// A key that a known ConfigMap or Secret does not hold.
  void keys(const Object& object) {
    constexpr std::string_view kPrefix = "reference_key.";
    for (const auto* entry : object.attributes.with_prefix(kPrefix)) {
      const std::string_view rest = std::string_view(entry->first).substr(kPrefix.size());
      const std::size_t dot = rest.find('.');
      const std::size_t slash = rest.rfind('/');
      if (dot == std::string_view::npos || slash == std::string_view::npos || slash < dot) continue;
      const bool secret = rest.substr(0, dot) == "secret";
      const std::string name(rest.substr(dot + 1, slash - dot - 1));
      const std::string key(rest.substr(slash + 1));
      const Object* holder = index_.find(entity_id(object.name_space, secret ? "Secret" : "ConfigMap", name));
      if (holder == nullptr || holder->attributes.with_prefix("keys.").empty()) continue;
      if (holder->attributes.find("keys." + key) != nullptr) continue;
      dangle(fmt::format("environment variable {}", entry->second), secret ? "secret_key" : "config_key",
             fmt::format("{}/{}", name, key), fmt::format("{} has no key {}", name, key));
    }
  }

  void service(const Object& object) {
    const auto wanted = object.attributes.with_prefix("selector.");
    if (wanted.empty()) return;  // its endpoints are kept by somebody else
    const auto selected = index_.selected_by(object);
    for (const Object* target : selected)
      batch_.relations.push_back({object.id, target->id, RelationKind::kRoutesTo, object.ref});
    if (!selected.empty()) return ports(object, selected);
    std::string selector;
    for (const auto* entry : wanted)
      selector += fmt::format("{}{}={}", selector.empty() ? "" : ",", entry->first.substr(9), entry->second);
    const auto all_known = [&](const char* kind) {
      return index_.is_listed(kind, object.name_space) && index_.labels_are_known(kind, object.name_space);
    };
    if (all_known("pod") || all_known("workload"))
      dangle("selector of the service", "pod", selector, "no pod or workload carries these labels");
  }

  /// What a delivery tool keeps in its target namespace under the application's name.
  void delivered(const Object& application) {
    const std::string name_space(application.attributes.get("application.destination"));
    for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"}) {
      if (const Object* workload = index_.find(entity_id(name_space, kind, application.name)))
        batch_.relations.push_back(
            {workload->id, application.id, RelationKind::kDeployedBy, application.ref});
    }
  }

  /// The ports that a service sends to, against those that its pods open.
  void ports(const Object& service, const std::vector<const Object*>& targets) {
    constexpr std::string_view kPort = "port.";
    for (const auto* entry : service.attributes.with_prefix(kPort)) {
      const std::string& wanted = entry->second;
      std::string open;
      bool matches = false;
      for (const Object* target : targets) {
        for (const auto* port : target->attributes.with_prefix("container.")) {
          const std::size_t at = port->first.find(".port.");
          if (at == std::string::npos || port->first.find(".probe.") != std::string::npos) continue;
          const std::string number = port->first.substr(at + 6);
          matches = matches || number == wanted || (!port->second.empty() && port->second == wanted);
          if (open.find(number) == std::string::npos) open += (open.empty() ? "" : ", ") + number;
        }
      }
      // Pods need not declare the ports that they open: without any there is nothing to compare with.
      if (matches || open.empty()) continue;
      const std::string path = fmt::format("mismatch.{}.", count_++);
      found_.set(path + "port", entry->first.substr(kPort.size()));
      found_.set(path + "target", wanted);
      found_.set(path + "open", open);
    }
  }

  /// Whom a host means: `name`, `name.namespace` or `name.namespace.svc…`, seen from a namespace.
  const Object* behind(std::string_view host, const std::string& from_namespace) const {
    const std::size_t dot = host.find('.');
    const std::string_view name = host.substr(0, dot);
    std::string_view rest = dot == std::string_view::npos ? std::string_view{} : host.substr(dot + 1);
    const std::string name_space(rest.empty() ? std::string_view(from_namespace)
                                              : rest.substr(0, rest.find('.')));
    rest = rest.substr(std::min(rest.size(), name_space.size()));
    if (!rest.empty() && !rest.starts_with(".svc")) return nullptr;
    for (const char* kind : {"Service", "Endpoints", "Deployment", "StatefulSet", "Pod"}) {
      if (const Object* found = index_.find(entity_id(name_space, kind, name))) return found;
    }
    return nullptr;
  }

  /// Who names whose host: in the values of its environment, and in what it logs.
  void calls() {
    std::map<std::string, const Object*, std::less<>> by_instance;
    for (const auto& [instance, id] : batch_.instances) {
      if (const Object* object = index_.find(id)) by_instance.emplace(instance, object);
    }
    std::set<std::pair<std::string, std::string>> related;
    const auto relate = [&](const Object& from, std::string_view host, telemetry::RecordRef ref) {
      const Object* to = behind(host, from.name_space);
      if (to == nullptr || to->id == from.id || !related.emplace(from.id, to->id).second) return;
      batch_.relations.push_back({from.id, to->id, RelationKind::kCalls, ref});
      calls_.emplace_back(&from, to);
    };
    for (const auto& [id, object] : index_.objects()) {
      for (const auto* entry : object.attributes.with_prefix("container.")) {
        if (entry->first.find(".env.") == std::string::npos) continue;
        for (const std::string& host : hosts_in(entry->second, true)) relate(object, host, object.ref);
      }
      if (object.kind != "service" && object.kind != "endpoints") continue;
      // Whom a service selects may not have been shown; who bears its name stands behind it.
      const Object* namesake = index_.find(entity_id(object.name_space, "Deployment", object.name));
      if (namesake == nullptr)
        namesake = index_.find(entity_id(object.name_space, "StatefulSet", object.name));
      if (namesake != nullptr && index_.selected_by(object).empty())
        batch_.relations.push_back({id, namesake->id, RelationKind::kRoutesTo, object.ref});
    }
    std::size_t lines = 0;
    for (const auto& line : batch_.logs) {
      if (++lines > kMostLines) break;
      const Object* from = index_.find(line.entity);
      if (from == nullptr) {
        const auto at = by_instance.find(line.entity);
        if (at == by_instance.end()) continue;
        from = at->second;
      }
      for (const std::string& host : hosts_in(line.body, false)) relate(*from, host, line.ref);
    }
  }

  /// The one object of any namespace that a host means; nothing where there are several.
  const Object* only_one_named(std::string_view host) const {
    const std::string_view name = host.substr(0, host.find('.'));
    const Object* found = nullptr;
    for (const auto& [id, object] : index_.objects()) {
      if (object.name != name || (object.kind != "pod" && object.kind != "workload")) continue;
      if (found != nullptr) return nullptr;
      found = &object;
    }
    return found;
  }

  /// What a tool says of a node of its cluster is about that node: the one named last, for sentences put
  /// behind the subject whom it is amiss with.
  void place_what_tools_say() {
    for (auto& event : batch_.events) {
      if (event.reason != telemetry::kCommandOutput || index_.find(event.entity) != nullptr) continue;
      for (const std::string& host : hosts_in(event.message, false)) {
        if (const Object* node = only_one_named(host)) event.entity = node->id;
      }
    }
  }

  void policy(const Object& object) {
    const bool all = object.attributes.get("policy.selects_all") == "true";
    if (all) {
      for (const auto& [id, other] : index_.objects()) {
        if (other.kind == "workload" && other.name_space == object.name_space)
          batch_.relations.push_back({id, object.id, RelationKind::kReadsConfig, object.ref});
      }
      return;
    }
    const auto targets = index_.selected_by(object);
    for (const Object* target : targets)
      batch_.relations.push_back({target->id, object.id, RelationKind::kReadsConfig, object.ref});
    barred(object, targets);
  }

  /// Who calls what a policy guards without a label that it asks for. Other policies may let them in: then
  /// nobody is barred.
  void barred(const Object& policy, const std::vector<const Object*>& targets) {
    if (policy.attributes.with_prefix("policy.peer.").empty()) return;
    for (const auto& [from, to] : calls_) {
      if (from->name_space != policy.name_space || !has_labels(*from)) continue;
      const bool guarded = std::any_of(targets.begin(), targets.end(),
                                       [&](const Object* t) { return stands_behind(*t, *to); });
      if (!guarded || is_let_in(*from, targets)) continue;
      const std::string path = fmt::format("barred.{}.", count_++);
      found_.set(path + "caller", from->name);
      found_.set(path + "target", to->name);
      found_.set(path + "allowed", labels_of(policy));
    }
  }

  static bool has_labels(const Object& object) {
    return !object.attributes.with_prefix("metadata.labels.").empty() ||
           !object.attributes.with_prefix("template.label.").empty();
  }

  /// True where calls of `called` come to `target`: it is that, or a service of its name or that selects it.
  bool stands_behind(const Object& target, const Object& called) const {
    if (target.id == called.id) return true;
    if (called.kind != "service" && called.kind != "endpoints")
      return target.name.starts_with(called.name + "-");
    const auto selected = index_.selected_by(called);
    if (!selected.empty()) return std::find(selected.begin(), selected.end(), &target) != selected.end();
    return target.name == called.name || target.name.starts_with(called.name + "-");
  }

  /// True where some policy that guards one of the targets lets the caller in, or cannot be read well enough.
  bool is_let_in(const Object& caller, const std::vector<const Object*>& targets) const {
    return std::any_of(index_.objects().begin(), index_.objects().end(), [&](const auto& entry) {
      const Object& policy = entry.second;
      if (policy.kind != "network_policy" || policy.name_space != caller.name_space) return false;
      if (policy.attributes.get("policy.ingress") != "some") return false;
      const auto guards = index_.selected_by(policy);
      const bool same = policy.attributes.get("policy.selects_all") == "true" ||
                        std::any_of(guards.begin(), guards.end(), [&](const Object* g) {
                          return std::find(targets.begin(), targets.end(), g) != targets.end();
                        });
      return same && lets_in(policy, caller);
    });
  }

  static bool lets_in(const Object& policy, const Object& caller) {
    constexpr std::string_view kPeer = "policy.peer.";
    const auto wanted = policy.attributes.with_prefix(kPeer);
    if (wanted.empty()) return true;
    std::map<std::string, bool> fits;
    for (const auto* entry : wanted) {
      const std::string rest = entry->first.substr(kPeer.size());
      const std::size_t dot = rest.find('.');
      const std::string key = rest.substr(dot + 1);
      const bool has = caller.attributes.get("metadata.labels." + key, "\n") == entry->second ||
                       caller.attributes.get("template.label." + key, "\n") == entry->second;
      const auto [at, is_new] = fits.emplace(rest.substr(0, dot), has);
      at->second = at->second && has;
    }
    return std::any_of(fits.begin(), fits.end(), [](const auto& peer) { return peer.second; });
  }

  static std::string labels_of(const Object& policy) {
    std::string labels;
    for (const auto* entry : policy.attributes.with_prefix("policy.peer.")) {
      const std::string rest = entry->first.substr(std::string_view("policy.peer.").size());
      labels +=
          fmt::format("{}{}={}", labels.empty() ? "" : ",", rest.substr(rest.find('.') + 1), entry->second);
    }
    return labels;
  }

  telemetry::TelemetryBatch& batch_;
  const ObjectIndex index_;
  std::vector<std::pair<const Object*, const Object*>> calls_;  ///< who names whose host
  telemetry::Attributes found_;
  std::size_t count_ = 0;
};

}  // namespace

void link_references(telemetry::TelemetryBatch& batch) {
  ReferenceLinker(batch).run();
}

}  // namespace midwatch::clients::kubernetes
