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

constexpr double kCpuUnits = 1.0 / 1024.0;

/// The cluster of a task: its own field, or the middle of its ARN's "task/CLUSTER/ID" where only some fields
/// were asked for.
std::string cluster_of(const Json& task, const Arn& arn) {
  if (const auto cluster = parse_arn(text_at(task, "clusterArn"))) return std::string(cluster->name());
  const std::size_t first = arn.resource.find('/');
  const std::size_t last = arn.resource.rfind('/');
  return first == last ? std::string() : arn.resource.substr(first + 1, last - first - 1);
}

/// The service that a task belongs to: `group` is "service:NAME".
std::string service_of(const Json& task, const Arn& arn) {
  constexpr std::string_view kPrefix = "service:";
  const std::string group = text_at(task, "group");
  const std::string cluster = cluster_of(task, arn);
  if (!group.starts_with(kPrefix) || cluster.empty()) return {};
  return arn.sibling("ecs", fmt::format("service/{}/{}", cluster, group.substr(kPrefix.size()))).text();
}

std::string_view state_of(const std::string& status) {
  if (status == "RUNNING") return "running";
  if (status == "STOPPED") return "terminated";
  return "waiting";
}

/// Source: ECS developer guide, "Stopped tasks error messages": "Task failed ELB health checks in …", "Task
/// failed container health checks"
bool is_failed_check(std::string_view reason) {
  return reason.find("failed ELB health checks") != std::string_view::npos ||
         reason.find("failed container health checks") != std::string_view::npos;
}

void add_container(const Json& task, const Json& container, telemetry::Attributes& attributes) {
  const std::string prefix = "container." + text_at(container, "name") + ".";
  attributes.set(prefix + "state", std::string(state_of(text_at(container, "lastStatus"))));
  for (const auto& [path, member] : {std::pair{"reason", "reason"}, std::pair{"exit_code", "exitCode"},
                                     std::pair{"image", "image"}, std::pair{"image_digest", "imageDigest"}}) {
    std::string value = text_at(container, member);
    if (!value.empty()) attributes.set(prefix + path, std::move(value));
  }
  const std::string health = text_at(container, "healthStatus");
  if (health == "HEALTHY" || health == "UNHEALTHY")
    attributes.set(prefix + "ready", health == "HEALTHY" ? "true" : "false");
  for (const auto& [path, member] :
       {std::pair{"started", "startedAt"}, std::pair{"finished", "executionStoppedAt"}}) {
    std::string time = time_text(at(task, member));
    if (!time.empty()) attributes.set(prefix + path, std::move(time));
  }
}

void decode_task(const Document& document, const Json& task, telemetry::TelemetryBatch& out) {
  const std::string id = text_at(task, "taskArn");
  const auto arn = parse_arn(id);
  if (!arn) return;
  Json members = task;
  members.erase("overrides");  // may hold values of secrets under names that do not say so
  auto entity = make_entity(id, "AWS::ECS::Task", std::string(arn->name()), "task", members, document.ref);
  auto& attributes = entity.attributes;
  copy_members(task,
               {{"platform.phase", "lastStatus"},
                {"platform.reason", "stopCode"},
                {"platform.message", "stoppedReason"}},
               attributes);
  copy_times(task,
             {{"platform.created", "createdAt"},
              {"platform.started", "startedAt"},
              {"platform.stopped", "stoppedAt"}},
             attributes);
  if (is_failed_check(text_at(task, "stoppedReason"))) attributes.set("platform.ended_by", "health_check");
  set_number(attributes, "limit.memory", at(task, "memory"), kMebibyte);
  set_number(attributes, "limit.cpu", at(task, "cpu"), kCpuUnits);
  for (const Json& container : list_at(task, "containers")) add_container(task, container, attributes);
  out.entities.push_back(std::move(entity));

  const std::string service = service_of(task, *arn);
  add_alias(out, std::string(arn->name()), id);
  relate(out, service, id, RelationKind::kContains, document.ref);
  relate(out, id, text_at(task, "taskDefinitionArn"), RelationKind::kReadsConfig, document.ref);
  relate(out, id, text_at(task, "containerInstanceArn"), RelationKind::kRunsOn, document.ref);
}

}  // namespace

void decode_ecs_tasks(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& task : list_at(document.body, "tasks")) decode_task(document, task, out);
  for (const Json& failure : list_at(document.body, "failures"))
    out.notices.push_back({fmt::format("ECS gives no task {}: {} (stopped tasks are kept for one hour)",
                                       text_at(failure, "arn"), text_at(failure, "reason")),
                           document.ref,
                           fmt::format("ECS にタスク {} がありません（{}、停止したタスクの保持は 1 時間）",
                                       text_at(failure, "arn"), text_at(failure, "reason"))});
}

}  // namespace midwatch::clients::aws
