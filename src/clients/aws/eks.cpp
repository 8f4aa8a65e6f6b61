#include "src/clients/aws/eks.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/utf8.h"
#include "src/clients/kubernetes/kinds.h"
#include "src/clients/kubernetes/object_decoder.h"
#include "src/clients/kubernetes/owner_links.h"
#include "src/telemetry/flatten.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

constexpr std::string_view kControlPlane = "/aws/eks/";
constexpr std::string_view kControlPlaneEnd = "/cluster";
constexpr std::string_view kInsights = "/aws/containerinsights/";
constexpr std::string_view kInsightsEnd = "/application";
/// Parameters shown in a summary; all of them stand in the diff.
constexpr std::size_t kShownParameters = 3;
constexpr std::size_t kSummaryBytes = 300;

/// The cluster of a group "START CLUSTER END"; empty for another group.
std::string_view cluster_of(std::string_view group, std::string_view start, std::string_view end) {
  if (!group.starts_with(start) || !group.ends_with(end) || group.size() <= start.size() + end.size())
    return {};
  return group.substr(start.size(), group.size() - start.size() - end.size());
}

/// What the control plane's own controllers do is an effect of what somebody wanted.
bool is_controller(std::string_view user) {
  return user.starts_with("system:node:") || user.starts_with("system:kube-") ||
         user.starts_with("system:serviceaccount:kube-system:") || user.starts_with("eks:");
}

/// Objects whose change can change what pods do.
bool is_configured(const std::string& kind) {
  static constexpr std::array<std::string_view, 10> kKinds{
      "Deployment", "StatefulSet", "DaemonSet",     "CronJob",       "Job",
      "ConfigMap",  "Secret",      "NetworkPolicy", "ResourceQuota", "Service"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

class ClusterLines {
 public:
  ClusterLines(const Document& document, std::string_view cluster)
      : document_(document), prefix_(fmt::format("eks/{}/", cluster)) {}

  /// One event of the API's audit log. What was refused changed nothing.
  void audit(const Json& event) {
    if (text_at(event, "kind") != "Event" || text_at(event, "stage") != "ResponseComplete") return;
    const auto code = base::number_at(at(event, "responseStatus"), "code");
    constexpr double kRefused = 300;
    if (!code || *code >= kRefused) return;
    const Json& object = at(event, "objectRef");
    const std::string resource = text_at(object, "resource");
    const std::string part = text_at(object, "subresource");
    if (resource == "pods" && (part == "status" || part.empty())) {
      pod(event, object);
    } else if (part.empty() && is_configured(kubernetes::api_kind(resource))) {
      configured(event, object, kubernetes::api_kind(resource));
    }
  }

  /// A line that a container wrote, as the agent of Container Insights keeps it.
  void line(const Json& event, const Json& body) {
    const Json& said = at(body, "kubernetes");
    const std::string pod = text_at(said, "pod_name");
    const std::string name_space = text_at(said, "namespace_name");
    if (pod.empty()) return;
    telemetry::LogLine record;
    record.time = time_of_milliseconds(at(event, "timestamp"));
    record.body = text_at(body, "log");
    while (!record.body.empty() && record.body.back() == '\n') record.body.pop_back();
    record.entity = kubernetes::entity_id(name_space, "Pod", pod);
    record.instance = pod;
    record.ref = document_.ref;
    batch_.logs.push_back(std::move(record));
    pods_.emplace(std::pair(name_space, pod), Json::object());
  }

  /// Adds what was told, under the ids of this cluster.
  void tell(telemetry::TelemetryBatch& out) {
    const kubernetes::DecodeContext context{document_.ref, document_.reference_time};
    for (const auto& [id, status] : pods_) {
      Json object{{"kind", "Pod"}, {"metadata", {{"namespace", id.first}, {"name", id.second}}}};
      if (!status.empty()) object["status"] = status;
      kubernetes::decode_object(object, context, batch_);
    }
    for (const auto& [id, object] : objects_) kubernetes::decode_object(object, context, batch_);
    kubernetes::link_owners(batch_);
    give_limits_to_pods();
    for (auto& entity : batch_.entities) {
      entity.id = prefix_ + entity.id;
      alias_workload(entity, out);
      out.entities.push_back(std::move(entity));
    }
    for (auto& relation : batch_.relations)
      relate(out, prefix_ + relation.from, prefix_ + relation.to, relation.kind, relation.ref);
    for (auto& [instance, owner] : batch_.instances) out.instances.emplace_back(instance, prefix_ + owner);
    for (auto& change : batch_.changes) {
      change.entity = prefix_ + change.entity;
      out.changes.push_back(std::move(change));
    }
    for (auto& record : batch_.logs) {
      record.entity = prefix_ + record.entity;
      out.logs.push_back(std::move(record));
    }
  }

 private:
  /// The kubelet sends what changed in a pod's status; lists are whole. Later events come later.
  void pod(const Json& event, const Json& object) {
    const std::string name = text_at(object, "name");
    if (name.empty()) return;  // made under a name that only the answer says
    Json& status = pods_[{text_at(object, "namespace"), name}];
    if (!status.is_object()) status = Json::object();
    for (const auto& [member, value] : at(at(event, "requestObject"), "status").items()) {
      if (!member.starts_with('$')) status[member] = value;
    }
  }

  void configured(const Json& event, const Json& object, const std::string& kind) {
    const std::string user = text_at(event, "user", "username");
    const auto time = time_of(at(event, "requestReceivedTimestamp"));
    const std::string name = text_at(object, "name");
    if (is_controller(user) || !time || name.empty()) return;
    const std::string name_space = text_at(object, "namespace");
    const std::string verb = text_at(event, "verb");
    Json wanted = at(event, "requestObject");
    if (!wanted.is_object()) wanted = Json::object();
    wanted.erase("metadata");
    wanted.erase("status");
    telemetry::ChangeEvent change;
    change.time = *time;
    change.id = text_at(event, "auditID");
    change.kind =
        kubernetes::is_workload(kind) ? telemetry::ChangeKind::kDeployment : telemetry::ChangeKind::kConfig;
    change.entity = kubernetes::entity_id(name_space, kind, name);
    change.actor = user;
    describe(kind, name, verb, wanted, change);
    change.ref = document_.ref;
    batch_.changes.push_back(std::move(change));
    if (verb == "delete") return;
    wanted["kind"] = kind;
    wanted["metadata"] = {{"namespace", name_space}, {"name", name}};
    objects_[batch_.changes.back().entity] = std::move(wanted);
  }

  /// What was asked for as added lines; beside it what a former call of these lines asked for.
  void describe(const std::string& kind, const std::string& name, const std::string& verb, const Json& wanted,
                telemetry::ChangeEvent& change) {
    telemetry::Attributes values;
    if (kind != "Secret") telemetry::flatten(wanted, "", values);
    telemetry::Attributes& before = wanted_before_[change.entity];
    const std::string file = fmt::format("{}/{}.yaml", kind, name);
    std::string lines;
    std::size_t removed = 0;
    change.summary = fmt::format("{} {} {}", verb, kind, name);
    std::size_t shown = 0;
    for (const auto& [path, value] : values) {
      const std::string_view former = before.get(path);
      if (!former.empty() && former != value) {
        lines += fmt::format("-{}: {}\n", path, former);
        ++removed;
      }
      lines += fmt::format("+{}: {}\n", path, value);
      if (path.ends_with(".image") || path.find(".limits.") != std::string::npos) {
        if (shown++ < kShownParameters)
          change.summary +=
              fmt::format("{} {}={}", shown == 1 ? ":" : ",", path.substr(path.rfind('.') + 1), value);
      }
    }
    change.summary = base::clip_utf8(change.summary, kSummaryBytes);
    change.files = {file};
    change.has_diff = !lines.empty();
    change.diff =
        fmt::format("--- a/{0}\n+++ b/{0}\n@@ -1,{1} +1,{2} @@\n{3}", file, removed, values.size(), lines);
    change.attributes.set("described", "true");
    change.attributes.set("event_name", fmt::format("{} {}", verb, kind));
    before.merge(values);
  }

  /// A pod's status does not hold its limits; the workload that it is of was given them.
  void give_limits_to_pods() {
    std::map<std::string, telemetry::Attributes> limits;
    for (const auto& entity : batch_.entities) {
      if (!kubernetes::is_workload(entity.type)) continue;
      for (const auto* entry : entity.attributes.with_prefix("container.")) {
        if (entry->first.find(".limit.") != std::string::npos)
          limits[entity.id].set(entry->first, entry->second);
      }
    }
    std::map<std::string, std::string> owners;
    for (const auto& relation : batch_.relations) {
      if (relation.kind == telemetry::RelationKind::kContains) owners.emplace(relation.to, relation.from);
    }
    for (auto& entity : batch_.entities) {
      const auto owner = owners.find(entity.id);
      const auto given = owner == owners.end() ? limits.end() : limits.find(owner->second);
      if (given != limits.end()) entity.attributes.merge(given->second);
    }
  }

  /// Measurements of Container Insights name the workload, and not what kind of one it is.
  void alias_workload(const telemetry::Entity& entity, telemetry::TelemetryBatch& out) const {
    if (!kubernetes::is_workload(entity.type)) return;
    const std::string cluster = prefix_.substr(4, prefix_.size() - 5);
    add_alias(out, eks_workload(cluster, entity.attributes.get("metadata.namespace"), entity.name),
              entity.id);
  }

  const Document& document_;
  std::string prefix_;
  telemetry::TelemetryBatch batch_;
  std::map<std::pair<std::string, std::string>, Json> pods_;  ///< namespace and name → status
  std::map<std::string, Json> objects_;                       ///< as somebody wanted them last
  std::map<std::string, telemetry::Attributes> wanted_before_;
};

/// What EKS itself found, with its code. Source: EKS API reference, "ClusterIssue", "Issue".
void add_issues(const Document& document, const Json& thing, const std::string& id,
                telemetry::TelemetryBatch& out) {
  for (const Json& issue : list_at(at(thing, "health"), "issues")) {
    auto event = make_event(document, id, "eks", Json());
    event.type = "health";
    event.reason = text_at(issue, "code");
    event.message = fmt::format("{}: {}", event.reason, text_at(issue, "message"));
    out.events.push_back(std::move(event));
  }
}

}  // namespace

std::string eks_workload(std::string_view cluster, std::string_view name_space, std::string_view name) {
  return fmt::format("eks/{}/{}/workload/{}", cluster, name_space, name);
}

void decode_eks_cluster(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& cluster = at(document.body, "cluster");
  const std::string id = text_at(cluster, "arn");
  if (id.empty()) return;
  const std::string name = text_at(cluster, "name");
  auto entity =
      make_entity(id, "AWS::EKS::Cluster", "cluster " + name, "cluster", Json::object(), document.ref);
  copy_members(cluster, {{"platform.phase", "status"}, {"version", "version"}}, entity.attributes);
  out.entities.push_back(std::move(entity));
  add_alias(out, named_id("eks", name), id);
  add_issues(document, cluster, id, out);
}

void decode_eks_nodegroup(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& group = at(document.body, "nodegroup");
  const std::string id = text_at(group, "nodegroupArn");
  if (id.empty()) return;
  auto entity = make_entity(id, "AWS::EKS::Nodegroup", "node group " + text_at(group, "nodegroupName"),
                            "node_group", group, document.ref);
  copy_members(group, {{"platform.phase", "status"}}, entity.attributes);
  out.entities.push_back(std::move(entity));
  relate(out, id, named_id("eks", text_at(group, "clusterName")), telemetry::RelationKind::kRelated,
         document.ref);
  add_issues(document, group, id, out);
}

bool decode_eks_lines(const Document& document, std::string_view group, telemetry::TelemetryBatch& out) {
  const std::string_view audited = cluster_of(group, kControlPlane, kControlPlaneEnd);
  const std::string_view watched = cluster_of(group, kInsights, kInsightsEnd);
  if (audited.empty() && watched.empty()) return false;
  ClusterLines lines(document, audited.empty() ? watched : audited);
  for (const Json& event : list_at(document.body, "events")) {
    const Json body = Json::parse(text_at(event, "message"), nullptr, false);
    if (!body.is_object()) continue;
    if (audited.empty()) {
      lines.line(event, body);
    } else {
      lines.audit(body);
    }
  }
  lines.tell(out);
  return true;
}

}  // namespace midwatch::clients::aws
