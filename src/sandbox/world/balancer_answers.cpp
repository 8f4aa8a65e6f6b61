#include <algorithm>

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/scene.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

/// Services behind each balancer.
std::map<std::string, std::vector<std::string>> balancers_of(const View& view) {
  std::map<std::string, std::vector<std::string>> balancers;
  for (const auto& [name, spec] : view.world.services) {
    if (!spec.last().balancer.empty()) balancers[spec.last().balancer].push_back(name);
  }
  return balancers;
}

Answer describe_load_balancers(const View& view, const Json& input) {
  const auto names = wanted(input, "Names");
  const auto arns = wanted(input, "LoadBalancerArns");
  Json list = Json::array();
  for (const auto& [name, services] : balancers_of(view)) {
    const std::string id = balancer_arn(view.world, name);
    if ((!names.empty() && !holds(names, name)) || (!arns.empty() && !holds(arns, id))) continue;
    list.push_back({{"LoadBalancerArn", id},
                    {"DNSName", name + "-1234567890." + view.world.region + ".elb.amazonaws.com"},
                    {"CreatedTime", time_text(view.world.zero - std::chrono::hours(24 * 200))},
                    {"LoadBalancerName", name},
                    {"Scheme", "internet-facing"},
                    {"VpcId", "vpc-0a1b2c3d"},
                    {"State", {{"Code", "active"}}},
                    {"Type", "application"}});
  }
  return Json{{"LoadBalancers", std::move(list)}};
}

Answer describe_target_groups(const View& view, const Json& input) {
  const std::string balancer = text_at(input, "LoadBalancerArn");
  const auto arns = wanted(input, "TargetGroupArns");
  Json list = Json::array();
  for (const auto& [name, services] : balancers_of(view)) {
    for (const std::string& service : services) {
      const std::string id = target_group_arn(view.world, service);
      const std::string owner = balancer_arn(view.world, name);
      if ((!arns.empty() && !holds(arns, id)) || (!balancer.empty() && balancer != owner)) continue;
      const auto spec = std::find_if(view.world.services.begin(), view.world.services.end(),
                                     [&](const auto& one) { return one.first == service; });
      const ServiceSpec& now = spec->second.at(view.time);
      list.push_back({{"TargetGroupArn", id},
                      {"TargetGroupName", service},
                      {"Protocol", "HTTP"},
                      {"Port", static_cast<int>(now.port)},
                      {"VpcId", "vpc-0a1b2c3d"},
                      {"HealthCheckProtocol", "HTTP"},
                      {"HealthCheckPort", "traffic-port"},
                      {"HealthCheckEnabled", true},
                      {"HealthCheckIntervalSeconds", 30},
                      {"HealthCheckTimeoutSeconds", 5},
                      {"HealthyThresholdCount", 2},
                      {"UnhealthyThresholdCount", 2},
                      {"HealthCheckPath", now.health_path},
                      {"Matcher", {{"HttpCode", "200"}}},
                      {"LoadBalancerArns", Json::array({owner})},
                      {"TargetType", "ip"}});
    }
  }
  return Json{{"TargetGroups", std::move(list)}};
}

/// Source: Elastic Load Balancing user guide, "Target health reason codes"
std::string_view reason_of(std::string_view fault) {
  if (fault.find("codes") != std::string_view::npos) return "Target.ResponseCodeMismatch";
  return fault == "Request timed out" ? "Target.Timeout" : "Target.FailedHealthChecks";
}

Answer describe_target_health(const View& view, const Json& input) {
  const std::string asked = text_at(input, "TargetGroupArn");
  Json list = Json::array();
  for (const TaskRecord& task : view.history.tasks) {
    const bool runs = task.started && view.past(*task.started) && !(task.stopped && view.past(*task.stopped));
    if (!runs || target_group_arn(view.world, task.service) != asked) continue;
    const auto spec = std::find_if(view.world.services.begin(), view.world.services.end(),
                                   [&](const auto& one) { return one.first == task.service; });
    const ServiceSpec& now = spec->second.at(view.time);
    Json health{{"State", "initial"}, {"Reason", "Elb.InitialHealthChecking"}};
    for (const auto& [since, state] : task.health) {
      if (view.past(since))
        health = state ? Json{{"State", "healthy"}}
                       : Json{{"State", "unhealthy"},
                              {"Reason", reason_of(task.check_fault)},
                              {"Description", task.check_fault}};
    }
    list.push_back(
        {{"Target",
          {{"Id", task.address}, {"Port", static_cast<int>(now.port)}, {"AvailabilityZone", task.zone}}},
         {"HealthCheckPort", std::to_string(static_cast<int>(now.port))},
         {"TargetHealth", std::move(health)}});
  }
  return Json{{"TargetHealthDescriptions", std::move(list)}};
}

Answer describe_listeners(const View& view, const Json& input) {
  const std::string asked = text_at(input, "LoadBalancerArn");
  Json list = Json::array();
  for (const auto& [name, services] : balancers_of(view)) {
    const std::string id = balancer_arn(view.world, name);
    if (!asked.empty() && asked != id) continue;
    list.push_back({{"ListenerArn", arn(view.world, "elasticloadbalancing",
                                        "listener/" + balancer_dimension(name) + "/0a0b")},
                    {"LoadBalancerArn", id},
                    {"Port", 80},
                    {"Protocol", "HTTP"},
                    {"DefaultActions",
                     Json::array({{{"Type", "forward"},
                                   {"TargetGroupArn", target_group_arn(view.world, services.front())}}})}});
  }
  return Json{{"Listeners", std::move(list)}};
}

}  // namespace

std::vector<Operation> balancer_operations() {
  return {{"elbv2", "DescribeLoadBalancers", describe_load_balancers},
          {"elbv2", "DescribeTargetGroups", describe_target_groups},
          {"elbv2", "DescribeTargetHealth", describe_target_health},
          {"elbv2", "DescribeListeners", describe_listeners}};
}

}  // namespace midwatch::sandbox::world
