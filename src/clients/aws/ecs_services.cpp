#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"
#include "src/clients/aws/ecs.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

/// "web" of the cluster's ARN or name.
std::string cluster_name(const std::string& cluster) {
  const auto arn = parse_arn(cluster);
  return arn ? std::string(arn->name()) : cluster;
}

/// The rollout of the deployment that is meant to be (PRIMARY), as a condition.
void add_rollout(const Json& service, telemetry::Attributes& attributes) {
  for (const Json& deployment : list_at(service, "deployments")) {
    if (text_at(deployment, "status") != "PRIMARY") continue;
    const std::string state = text_at(deployment, "rolloutState");
    if (state.empty()) continue;
    attributes.set("condition.Deployment.status", state == "COMPLETED" ? "True"
                                                  : state == "FAILED"  ? "False"
                                                                       : "Unknown");
    attributes.set("condition.Deployment.reason", state);
    attributes.set("condition.Deployment.message", text_at(deployment, "rolloutStateReason"));
    set_number(attributes, "deployment.failed_tasks", at(deployment, "failedTasks"));
  }
}

void add_deployments(const Document& document, const Json& service, const std::string& id,
                     telemetry::TelemetryBatch& out) {
  for (const Json& deployment : list_at(service, "deployments")) {
    const auto created = time_of(at(deployment, "createdAt"));
    if (!created) continue;
    telemetry::ChangeEvent change;
    change.time = *created;
    change.id = text_at(deployment, "id");
    change.kind = telemetry::ChangeKind::kDeployment;
    change.entity = id;
    change.version = text_at(deployment, "taskDefinition");
    const auto definition = parse_arn(change.version);
    change.telling.name = "ecs_deployment";
    auto& told = change.telling.facts;
    told.set("definition", definition ? std::string(definition->path_name()) : change.version);
    told.set("tasks", text_at(deployment, "desiredCount"));
    told.set("rollout", text_at(deployment, "rolloutState"));
    change.summary = fmt::format("{} desiredCount={} rolloutState={}", told.get("definition"),
                                 told.get("tasks"), told.get("rollout"));
    copy_members(deployment,
                 {{"status", "status"}, {"rolloutState", "rolloutState"}, {"reason", "rolloutStateReason"}},
                 change.attributes);
    change.ref = document.ref;
    out.changes.push_back(std::move(change));
  }
}

void add_events(const Document& document, const Json& service, const std::string& id,
                telemetry::TelemetryBatch& out) {
  for (const Json& item : list_at(service, "events")) {
    auto event = make_event(document, id, "ecs", at(item, "createdAt"));
    event.type = "service";
    event.message = text_at(item, "message");
    out.events.push_back(std::move(event));
  }
}

void decode_service(const Document& document, const Json& service, telemetry::TelemetryBatch& out) {
  const std::string id = text_at(service, "serviceArn");
  if (id.empty()) return;
  Json members = service;
  members.erase("events");  // these are events, not configuration
  const std::string name = text_at(service, "serviceName");
  auto entity = make_entity(id, "AWS::ECS::Service", name, "workload", members, document.ref);
  auto& attributes = entity.attributes;
  copy_members(service,
               {{"platform.phase", "status"},
                {"replicas.desired", "desiredCount"},
                {"replicas.ready", "runningCount"},
                {"replicas.available", "runningCount"}},
               attributes);
  copy_times(service, {{"platform.created", "createdAt"}}, attributes);
  set_number(attributes, "health_check.grace", at(service, "healthCheckGracePeriodSeconds"));
  add_rollout(service, attributes);
  out.entities.push_back(std::move(entity));

  const std::string cluster = text_at(service, "clusterArn");
  add_alias(out, named_id("ecs", cluster_name(cluster) + "/" + name), id);
  relate(out, cluster, id, RelationKind::kContains, document.ref);
  relate(out, id, text_at(service, "taskDefinition"), RelationKind::kReadsConfig, document.ref);
  for (const Json& balancer : list_at(service, "loadBalancers"))
    relate(out, text_at(balancer, "targetGroupArn"), id, RelationKind::kRoutesTo, document.ref);
  const Json& network = at(service, "networkConfiguration", "awsvpcConfiguration");
  for (const char* list : {"subnets", "securityGroups"}) {
    for (const Json& item : list_at(network, list))
      relate(out, id, named_id("ec2", base::text(item)), RelationKind::kRelated, document.ref);
  }
  add_events(document, service, id, out);
  add_deployments(document, service, id, out);
}

}  // namespace

void decode_ecs_services(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& service : list_at(document.body, "services")) decode_service(document, service, out);
  for (const Json& failure : list_at(document.body, "failures"))
    out.notices.push_back(
        {fmt::format("ECS gives no service {}: {}", text_at(failure, "arn"), text_at(failure, "reason")),
         document.ref,
         fmt::format("ECS にサービス {} がありません（{}）", text_at(failure, "arn"),
                     text_at(failure, "reason"))});
}

void decode_ecs_clusters(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& cluster : list_at(document.body, "clusters")) {
    const std::string id = text_at(cluster, "clusterArn");
    if (id.empty()) continue;
    auto entity = make_entity(id, "AWS::ECS::Cluster", "cluster " + text_at(cluster, "clusterName"),
                              "cluster", cluster, document.ref);
    copy_members(cluster, {{"platform.phase", "status"}}, entity.attributes);
    out.entities.push_back(std::move(entity));
  }
}

}  // namespace midwatch::clients::aws
