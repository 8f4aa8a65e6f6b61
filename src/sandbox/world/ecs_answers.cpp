#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/scene.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

/// Stopped tasks are kept for an hour.
constexpr std::chrono::hours kStoppedKept{1};
constexpr std::size_t kServiceEvents = 100;

std::string service_arn(const View& view, const std::string& cluster, const std::string& name) {
  return arn(view.world, "ecs", fmt::format("service/{}/{}", cluster, name));
}

std::vector<std::string> clusters_of(const View& view) {
  std::vector<std::string> clusters;
  for (const auto& [name, spec] : view.world.services) {
    if (!holds(clusters, spec.last().cluster)) clusters.push_back(spec.last().cluster);
  }
  return clusters;
}

/// A cluster is given by its name or ARN; without one, "default" is meant.
Answer cluster_of(const View& view, const Json& input) {
  std::string cluster = text_at(input, "cluster");
  cluster = cluster.empty() ? "default" : last_name(cluster);
  if (!holds(clusters_of(view), cluster)) return refuse("ClusterNotFoundException", "Cluster not found.");
  return Json(std::move(cluster));
}

bool stopped(const View& view, const TaskRecord& task) {
  return task.stopped && view.past(*task.stopped);
}

bool visible(const View& view, const TaskRecord& task) {
  return view.past(task.created) && !(task.stopped && *task.stopped + kStoppedKept < view.now);
}

std::string health_of(const View& view, const TaskRecord& task) {
  std::string health = "UNKNOWN";
  for (const auto& [since, healthy] : task.health) {
    if (view.past(since)) health = healthy ? "HEALTHY" : "UNHEALTHY";
  }
  return health;
}

Json task_json(const View& view, const TaskRecord& task) {
  const std::string id = task_arn(view.world, task.cluster, task.id);
  const bool over = stopped(view, task);
  const bool runs = task.started && view.past(*task.started);
  const std::string status = over ? "STOPPED" : runs ? "RUNNING" : "PROVISIONING";
  Json container{
      {"containerArn", arn(view.world, "ecs", fmt::format("container/{}/{}/0b1c", task.cluster, task.id))},
      {"taskArn", id},
      {"name", task.container},
      {"image", task.image}};
  if (runs) container["imageDigest"] = task.digest;
  container["runtimeId"] = task.id + "-3649130583";
  container["lastStatus"] = status;
  if (over && task.exit_code) container["exitCode"] = *task.exit_code;
  if (over && !task.reason.empty()) container["reason"] = task.reason;
  container["networkBindings"] = Json::array();
  container["networkInterfaces"] =
      Json::array({{{"attachmentId", task.id.substr(0, 8)}, {"privateIpv4Address", task.address}}});
  container["healthStatus"] = "UNKNOWN";
  container["cpu"] = "0";
  Json json{{"attachments", Json::array()},
            {"availabilityZone", task.zone},
            {"clusterArn", arn(view.world, "ecs", "cluster/" + task.cluster)},
            {"containers", Json::array({std::move(container)})},
            {"cpu", fmt::format("{:.0f}", task.cpu)},
            {"createdAt", time_text(task.created)},
            {"desiredStatus", over ? "STOPPED" : "RUNNING"},
            {"group", "service:" + task.service},
            {"healthStatus", over ? "UNKNOWN" : health_of(view, task)},
            {"lastStatus", status},
            {"launchType", "FARGATE"},
            {"memory", fmt::format("{:.0f}", task.memory)},
            {"platformVersion", "1.4.0"}};
  if (runs) {
    json["pullStartedAt"] = time_text(task.created + std::chrono::seconds(11));
    json["pullStoppedAt"] = time_text(*task.started - std::chrono::seconds(2));
    json["startedAt"] = time_text(*task.started);
  }
  json["startedBy"] = task.deployment;
  if (over) {
    json["stopCode"] = task.stop_code;
    json["stoppedAt"] = time_text(*task.stopped);
    json["stoppedReason"] = task.stopped_reason;
    json["stoppingAt"] = time_text(*task.stopped - std::chrono::seconds(1));
    json["executionStoppedAt"] = time_text(*task.stopped - std::chrono::seconds(1));
  }
  json["tags"] = Json::array();
  json["taskArn"] = id;
  json["taskDefinitionArn"] = task_definition_arn(view.world, task.service, task.revision);
  json["version"] = 4;
  return json;
}

Answer list_clusters(const View& view, const Json& /*input*/) {
  Json arns = Json::array();
  for (const std::string& cluster : clusters_of(view))
    arns.push_back(arn(view.world, "ecs", "cluster/" + cluster));
  return Json{{"clusterArns", std::move(arns)}};
}

std::pair<int, int> tasks_of(const View& view, const std::string& service, const std::string& deployment) {
  int running = 0;
  int pending = 0;
  for (const TaskRecord& task : view.history.tasks) {
    const bool meant = task.service == service && (deployment.empty() || task.deployment == deployment);
    if (!meant || !view.past(task.created) || stopped(view, task)) continue;
    (task.started && view.past(*task.started) ? running : pending) += 1;
  }
  return {running, pending};
}

Answer describe_clusters(const View& view, const Json& input) {
  const auto asked = wanted(input, "clusters");
  Json list = Json::array();
  for (const std::string& cluster : clusters_of(view)) {
    const std::string id = arn(view.world, "ecs", "cluster/" + cluster);
    if (!asked.empty() && !holds(asked, cluster) && !holds(asked, id)) continue;
    int running = 0;
    int services = 0;
    for (const auto& [name, spec] : view.world.services) {
      if (spec.last().cluster != cluster) continue;
      ++services;
      running += tasks_of(view, name, "").first;
    }
    list.push_back({{"clusterArn", id},
                    {"clusterName", cluster},
                    {"status", "ACTIVE"},
                    {"registeredContainerInstancesCount", 0},
                    {"runningTasksCount", running},
                    {"pendingTasksCount", 0},
                    {"activeServicesCount", services}});
  }
  return Json{{"clusters", std::move(list)}, {"failures", Json::array()}};
}

Answer list_services(const View& view, const Json& input) {
  auto cluster = cluster_of(view, input);
  if (!cluster) return cluster;
  Json arns = Json::array();
  for (const auto& [name, spec] : view.world.services) {
    if (spec.last().cluster == base::text(*cluster))
      arns.push_back(service_arn(view, spec.last().cluster, name));
  }
  return Json{{"serviceArns", std::move(arns)}};
}

Json deployments_json(const View& view, const std::string& name, const ServiceSpec& spec) {
  std::vector<const DeploymentRecord*> known;
  for (const DeploymentRecord& deployment : view.history.deployments) {
    if (deployment.service == name && view.past(deployment.created)) known.push_back(&deployment);
  }
  Json list = Json::array();
  for (auto at = known.rbegin(); at != known.rend(); ++at) {
    const DeploymentRecord& deployment = **at;
    const bool primary = at == known.rbegin();
    const auto [running, pending] = tasks_of(view, name, deployment.id);
    if (!primary && running + pending == 0) continue;  // an old deployment is gone with its last task
    const bool completed = deployment.completed && view.past(*deployment.completed);
    const bool failed = deployment.failed && view.past(*deployment.failed);
    std::string reason =
        fmt::format("ECS deployment {} {}.", deployment.id, completed ? "completed" : "in progress");
    if (!deployment.reason.empty() && (failed || !deployment.failed)) reason = deployment.reason;
    list.push_back({{"id", deployment.id},
                    {"status", primary ? "PRIMARY" : "ACTIVE"},
                    {"taskDefinition", task_definition_arn(view.world, name, deployment.revision)},
                    {"desiredCount", primary ? static_cast<int>(spec.desired) : running},
                    {"pendingCount", pending},
                    {"runningCount", running},
                    {"failedTasks", deployment.failed_tasks},
                    {"createdAt", time_text(deployment.created)},
                    {"updatedAt", time_text(completed ? *deployment.completed : deployment.created)},
                    {"launchType", "FARGATE"},
                    {"rolloutState", failed      ? "FAILED"
                                     : completed ? "COMPLETED"
                                                 : "IN_PROGRESS"},
                    {"rolloutStateReason", std::move(reason)}});
  }
  return list;
}

Json service_json(const View& view, const std::string& name, const ServiceSpec& spec) {
  const auto [running, pending] = tasks_of(view, name, "");
  Json events = Json::array();
  for (auto event = view.history.service_events.rbegin(); event != view.history.service_events.rend();
       ++event) {
    if (event->service != name || !view.past(event->time) || events.size() >= kServiceEvents) continue;
    events.push_back({{"id", fmt::format("{}-{}", name, events.size())},
                      {"createdAt", time_text(event->time)},
                      {"message", event->message}});
  }
  Json deployments = deployments_json(view, name, spec);
  Json json{{"serviceArn", service_arn(view, spec.cluster, name)},
            {"serviceName", name},
            {"clusterArn", arn(view.world, "ecs", "cluster/" + spec.cluster)},
            {"status", "ACTIVE"},
            {"desiredCount", static_cast<int>(spec.desired)},
            {"runningCount", running},
            {"pendingCount", pending},
            {"launchType", "FARGATE"}};
  if (!deployments.empty()) json["taskDefinition"] = deployments.front().at("taskDefinition");
  json["loadBalancers"] = Json::array();
  if (!spec.balancer.empty())
    json["loadBalancers"].push_back({{"targetGroupArn", target_group_arn(view.world, name)},
                                     {"containerName", container_name(spec)},
                                     {"containerPort", static_cast<int>(spec.port)}});
  json["deployments"] = std::move(deployments);
  json["events"] = std::move(events);
  json["createdAt"] = time_text(view.world.zero - std::chrono::hours(24 * 200));
  json["networkConfiguration"] = {{"awsvpcConfiguration",
                                   {{"subnets", spec.subnets},
                                    {"securityGroups", spec.security_groups},
                                    {"assignPublicIp", "DISABLED"}}}};
  json["healthCheckGracePeriodSeconds"] = static_cast<int>(spec.grace);
  json["schedulingStrategy"] = "REPLICA";
  return json;
}

Answer describe_services(const View& view, const Json& input) {
  auto cluster = cluster_of(view, input);
  if (!cluster) return cluster;
  Json list = Json::array();
  Json failures = Json::array();
  for (const std::string& asked : wanted(input, "services")) {
    const auto known =
        std::find_if(view.world.services.begin(), view.world.services.end(), [&](const auto& service) {
          return service.first == last_name(asked) && service.second.last().cluster == base::text(*cluster);
        });
    if (known == view.world.services.end()) {
      failures.push_back(
          {{"arn", service_arn(view, base::text(*cluster), last_name(asked))}, {"reason", "MISSING"}});
    } else {
      list.push_back(service_json(view, known->first, known->second.at(view.time)));
    }
  }
  return Json{{"services", std::move(list)}, {"failures", std::move(failures)}};
}

Answer list_tasks(const View& view, const Json& input) {
  auto cluster = cluster_of(view, input);
  if (!cluster) return cluster;
  const std::string service = last_name(text_at(input, "serviceName"));
  const bool want_stopped = text_at(input, "desiredStatus") == "STOPPED";
  Json arns = Json::array();
  for (const TaskRecord& task : view.history.tasks) {
    if (task.cluster != base::text(*cluster) || (!service.empty() && service != task.service)) continue;
    if (visible(view, task) && stopped(view, task) == want_stopped)
      arns.push_back(task_arn(view.world, task.cluster, task.id));
  }
  return Json{{"taskArns", std::move(arns)}};
}

Answer describe_tasks(const View& view, const Json& input) {
  auto cluster = cluster_of(view, input);
  if (!cluster) return cluster;
  Json list = Json::array();
  Json failures = Json::array();
  for (const std::string& asked : wanted(input, "tasks")) {
    const auto known = std::find_if(
        view.history.tasks.begin(), view.history.tasks.end(),
        [&](const TaskRecord& task) { return task.id == last_name(asked) && visible(view, task); });
    if (known == view.history.tasks.end()) {
      failures.push_back({{"arn", asked}, {"reason", "MISSING"}});
    } else {
      list.push_back(task_json(view, *known));
    }
  }
  return Json{{"tasks", std::move(list)}, {"failures", std::move(failures)}};
}

Json pairs(const std::map<std::string, std::string>& map, const char* value_name) {
  Json list = Json::array();
  for (const auto& [name, value] : map) list.push_back({{"name", name}, {value_name, value}});
  return list;
}

Answer describe_task_definition(const View& view, const Json& input) {
  const std::string asked = text_at(input, "taskDefinition");
  const std::string name = asked.substr(asked.rfind('/') == std::string::npos ? 0 : asked.rfind('/') + 1);
  const std::string family = name.substr(0, name.find(':'));
  const DeploymentRecord* meant = nullptr;
  for (const DeploymentRecord& deployment : view.history.deployments) {
    const bool same = name == family || name == fmt::format("{}:{}", family, deployment.revision);
    if (deployment.service == family && view.past(deployment.created) && same) meant = &deployment;
  }
  if (meant == nullptr) return refuse("ClientException", "Unable to describe task definition.");
  const auto service = std::find_if(view.world.services.begin(), view.world.services.end(),
                                    [&](const auto& one) { return one.first == family; });
  const ServiceSpec& spec = service->second.at(meant->definition_at);
  Json container{
      {"name", container_name(spec)},
      {"image", image_uri(view.world, spec.image)},
      {"cpu", 0},
      {"portMappings", Json::array({{{"containerPort", static_cast<int>(spec.port)}, {"protocol", "tcp"}}})},
      {"essential", true},
      {"environment", pairs(spec.environment, "value")},
      {"mountPoints", Json::array()},
      {"secrets", pairs(spec.secrets, "valueFrom")},
      {"logConfiguration",
       {{"logDriver", "awslogs"},
        {"options",
         {{"awslogs-group", "/ecs/" + family},
          {"awslogs-region", view.world.region},
          {"awslogs-stream-prefix", family}}}}}};
  Json definition{{"taskDefinitionArn", task_definition_arn(view.world, family, meant->revision)},
                  {"containerDefinitions", Json::array({std::move(container)})},
                  {"family", family}};
  if (!spec.role.empty()) definition["taskRoleArn"] = global_arn(view.world, "iam", "role/" + spec.role);
  if (!spec.execution_role.empty())
    definition["executionRoleArn"] = global_arn(view.world, "iam", "role/" + spec.execution_role);
  definition["networkMode"] = "awsvpc";
  definition["revision"] = meant->revision;
  definition["status"] = "ACTIVE";
  definition["requiresCompatibilities"] = Json::array({"FARGATE"});
  definition["cpu"] = fmt::format("{:.0f}", spec.cpu);
  definition["memory"] = fmt::format("{:.0f}", spec.memory);
  definition["registeredAt"] = time_text(meant->created - std::chrono::seconds(6));
  return Json{{"taskDefinition", std::move(definition)}, {"tags", Json::array()}};
}

}  // namespace

std::vector<Operation> ecs_operations() {
  return {{"ecs", "ListClusters", list_clusters},
          {"ecs", "DescribeClusters", describe_clusters},
          {"ecs", "ListServices", list_services},
          {"ecs", "DescribeServices", describe_services},
          {"ecs", "ListTasks", list_tasks},
          {"ecs", "DescribeTasks", describe_tasks},
          {"ecs", "DescribeTaskDefinition", describe_task_definition}};
}

}  // namespace midwatch::sandbox::world
