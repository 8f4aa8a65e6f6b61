#include "src/clients/aws/elastic_load_balancing.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

/// "app/web/50dc6c495c0c9188" or "targetgroup/api/73e2d6bc24d8a067": how metrics name it.
std::string metric_name(const std::string& id) {
  const auto arn = parse_arn(id);
  if (!arn) return {};
  constexpr std::string_view kBalancer = "loadbalancer/";
  const std::string& resource = arn->resource;
  return resource.starts_with(kBalancer) ? resource.substr(kBalancer.size()) : resource;
}

/// The target groups of a list of actions.
void route_to_targets(const Document& document, const Json& actions, const std::string& balancer,
                      telemetry::TelemetryBatch& out) {
  for (const Json& action : actions) {
    relate(out, balancer, text_at(action, "TargetGroupArn"), RelationKind::kRoutesTo, document.ref);
    for (const Json& group : list_at(at(action, "ForwardConfig"), "TargetGroups"))
      relate(out, balancer, text_at(group, "TargetGroupArn"), RelationKind::kRoutesTo, document.ref);
  }
}

/// The load balancer of a listener or rule: their ARNs hold its name.
std::string balancer_of(const std::string& id) {
  auto arn = parse_arn(id);
  if (!arn) return {};
  for (const std::string_view kind : {"listener-rule/", "listener/"}) {
    if (!arn->resource.starts_with(kind)) continue;
    // listener/app/NAME/ID/LISTENER[/RULE]
    std::string rest = arn->resource.substr(kind.size());
    std::size_t end = 0;
    for (int part = 0; part < 3 && end != std::string::npos; ++part)
      end = rest.find('/', end + (part > 0 ? 1 : 0));
    arn->resource = "loadbalancer/" + rest.substr(0, end);
    return arn->text();
  }
  return {};
}

}  // namespace

void decode_load_balancers(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& balancer : list_at(document.body, "LoadBalancers")) {
    const std::string id = text_at(balancer, "LoadBalancerArn");
    if (id.empty()) continue;
    auto entity = make_entity(id, "AWS::ElasticLoadBalancingV2::LoadBalancer",
                              text_at(balancer, "LoadBalancerName"), "load_balancer", balancer, document.ref);
    copy_members(at(balancer, "State"), {{"platform.phase", "Code"}, {"platform.message", "Reason"}},
                 entity.attributes);
    out.entities.push_back(std::move(entity));
    add_alias(out, named_id("elasticloadbalancing", metric_name(id)), id);
    for (const Json& group : list_at(balancer, "SecurityGroups"))
      relate(out, id, named_id("ec2", base::text(group)), RelationKind::kRelated, document.ref);
  }
}

void decode_target_groups(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& group : list_at(document.body, "TargetGroups")) {
    const std::string id = text_at(group, "TargetGroupArn");
    if (id.empty()) continue;
    auto entity =
        make_entity(id, "AWS::ElasticLoadBalancingV2::TargetGroup",
                    "target group " + text_at(group, "TargetGroupName"), "target_group", group, document.ref);
    copy_members(group, {{"health_check.path", "HealthCheckPath"}, {"health_check.port", "HealthCheckPort"}},
                 entity.attributes);
    copy_members(at(group, "Matcher"), {{"health_check.codes", "HttpCode"}}, entity.attributes);
    set_number(entity.attributes, "health_check.interval", at(group, "HealthCheckIntervalSeconds"));
    set_number(entity.attributes, "health_check.failures", at(group, "UnhealthyThresholdCount"));
    out.entities.push_back(std::move(entity));
    add_alias(out, named_id("elasticloadbalancing", metric_name(id)), id);
    for (const Json& balancer : list_at(group, "LoadBalancerArns"))
      relate(out, base::text(balancer), id, RelationKind::kRoutesTo, document.ref);
  }
}

void decode_target_health(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string group(document.command.option("target-group-arn"));
  const Json& descriptions = list_at(document.body, "TargetHealthDescriptions");
  if (group.empty()) {
    out.notices.push_back({"target health without its command does not say which target group it is of",
                           document.ref,
                           "コマンドの記録がないため、どのターゲットグループの状態か分かりません"});
    return;
  }
  std::size_t healthy = 0;
  std::size_t leaving = 0;
  for (const Json& target : descriptions) {
    const std::string state = text_at(target, "TargetHealth", "State");
    healthy += state == "healthy" ? 1 : 0;
    leaving += state == "draining" ? 1 : 0;
    if (state == "healthy" || state == "draining" || state == "initial") continue;
    auto event = make_event(document, group, "elasticloadbalancing", Json());
    event.type = "target_health";
    event.reason = text_at(target, "TargetHealth", "Reason");
    event.message =
        fmt::format("target {}:{} is {}: {}", text_at(target, "Target", "Id"),
                    text_at(target, "Target", "Port"), state, text_at(target, "TargetHealth", "Description"));
    out.events.push_back(std::move(event));
  }
  telemetry::Entity entity;
  entity.id = group;
  entity.type = "AWS::ElasticLoadBalancingV2::TargetGroup";
  entity.ref = document.ref;
  entity.attributes.set("platform.kind", "target_group");
  entity.attributes.set("replicas.desired", fmt::format("{}", descriptions.size() - leaving));
  entity.attributes.set("replicas.ready", fmt::format("{}", healthy));
  out.entities.push_back(std::move(entity));
}

void decode_listeners(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& listener : list_at(document.body, "Listeners")) {
    const std::string balancer = text_at(listener, "LoadBalancerArn");
    if (balancer.empty()) continue;
    route_to_targets(document, list_at(listener, "DefaultActions"), balancer, out);
    for (const Json& certificate : list_at(listener, "Certificates"))
      relate(out, balancer, text_at(certificate, "CertificateArn"), RelationKind::kReadsSecret, document.ref);
  }
}

void decode_listener_rules(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& rule : list_at(document.body, "Rules"))
    route_to_targets(document, list_at(rule, "Actions"), balancer_of(text_at(rule, "RuleArn")), out);
}

}  // namespace midwatch::clients::aws
