#include "src/connectors/aws/resource.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/clients/aws/arn.h"

namespace midwatch::connectors::aws {
namespace {

/// The kind that a service's plain names have: aliases do not say it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kPlainKinds{
    {{"lambda", "function"},
     {"rds", "db"},
     {"dynamodb", "table"},
     {"sqs", "queue"},
     {"s3", "bucket"},
     {"sns", "topic"},
     {"kinesis", "stream"},
     {"apigateway", "api"},
     {"kms", "key"},
     {"ecr", "repository"},
     {"logs", "log-group"},
     {"secretsmanager", "secret"},
     {"elasticache", "cluster"},
     {"events", "rule"},
     {"cloudwatch", "alarm"},
     {"cloudformation", "stack"}}};

std::string_view plain_kind(std::string_view service) {
  const auto* at =
      std::find_if(kPlainKinds.begin(), kPlainKinds.end(), [&](const auto& k) { return k.first == service; });
  return at == kPlainKinds.end() ? std::string_view() : at->second;
}

/// Takes what stands before the first of `separators` off the text.
std::string_view take_until(std::string_view& text, std::string_view separators) {
  const std::size_t at = text.find_first_of(separators);
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return head;
}

/// ECS names services and tasks below their cluster.
void read_ecs(std::string_view rest, Resource& out) {
  const std::size_t slash = rest.find('/');
  const bool below = out.kind == "service" || out.kind == "task";
  if (below && slash != std::string_view::npos) {
    out.parent = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
  }
  out.name = rest;
}

/// "CLUSTER", or "CLUSTER/NAMESPACE/KIND/NAME" of what runs in one.
void read_cluster(std::string_view rest, Resource& out) {
  out.kind = "cluster";
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return;
  out.parent = rest.substr(0, slash);
  out.name = rest.substr(slash + 1);
  static constexpr std::array<std::string_view, 5> kWorkloads{"/workload/", "/deployment/", "/statefulset/",
                                                              "/daemonset/", "/job/"};
  const bool runs = std::any_of(kWorkloads.begin(), kWorkloads.end(), [&](std::string_view kind) {
    return out.name.find(kind) != std::string::npos;
  });
  out.kind = runs ? "workload" : "object";
}

Resource of_arn(const clients::aws::Arn& arn) {
  Resource out;
  out.service = arn.service;
  out.region = arn.region;
  out.account = arn.account;
  std::string_view rest = arn.resource;
  if (rest.starts_with('/')) rest.remove_prefix(1);  // apigateway: /restapis/ID/stages/STAGE
  if (rest.find_first_of(":/") == std::string_view::npos) {
    out.kind = plain_kind(arn.service);
    out.name = rest;
    return out;
  }
  out.kind = take_until(rest, ":/");
  if (out.service == "ecs") {
    read_ecs(rest, out);
  } else if (out.service == "apigateway") {
    out.kind = "api";
    out.name = take_until(rest, "/");
  } else if (out.service == "lambda" || out.service == "logs") {
    out.name = take_until(rest, ":");  // without a version, alias or stream
  } else {
    out.name = rest;
  }
  return out;
}

Resource of_alias(std::string_view id) {
  Resource out;
  const std::size_t slash = id.find('/');
  if (slash == std::string_view::npos || slash == 0) return out;
  out.service = id.substr(0, slash);
  std::string_view rest = id.substr(slash + 1);
  out.kind = plain_kind(out.service);
  out.name = rest;
  if (out.service == "ecs") {
    out.kind = rest.find('/') == std::string_view::npos ? "cluster" : "service";
    read_ecs(rest, out);
  } else if (out.service == "elasticloadbalancing") {
    out.kind = rest.starts_with("targetgroup/") ? "targetgroup" : "loadbalancer";
    if (out.kind == "targetgroup") out.name = rest.substr(rest.find('/') + 1);
  } else if (out.service == "rds" && rest.starts_with("cluster/")) {
    out.kind = "cluster";
    out.name = rest.substr(rest.find('/') + 1);
  } else if (out.service == "iam" && rest.starts_with("role/")) {
    out.kind = "role";
    out.name = rest.substr(rest.find('/') + 1);
  } else if (out.service == "eks") {
    read_cluster(rest, out);
  } else if (out.service == "ec2") {
    out.kind = rest.starts_with("sg-")       ? "security-group"
               : rest.starts_with("subnet-") ? "subnet"
               : rest.starts_with("nat-")    ? "natgateway"
               : rest.starts_with("rtb-")    ? "route-table"
               : rest.starts_with("i-")      ? "instance"
                                             : "";
  }
  return out;
}

}  // namespace

Resource parse_resource(std::string_view id) {
  const auto arn = clients::aws::parse_arn(id);
  return arn ? of_arn(*arn) : of_alias(id);
}

std::string short_name(std::string_view id) {
  const Resource resource = parse_resource(id);
  if (resource.service.empty()) return std::string(id);
  if (resource.kind == "targetgroup")
    return fmt::format("{}/targetgroup/{}", resource.service, resource.name);
  if (resource.kind == "task") return fmt::format("ecs/task/{}/{}", resource.parent, resource.name);
  if (!resource.parent.empty())
    return fmt::format("{}/{}/{}", resource.service, resource.parent, resource.name);
  if (resource.kind == "cluster" && resource.service == "rds")
    return fmt::format("rds/cluster/{}", resource.name);
  if (resource.kind == "role") return fmt::format("iam/role/{}", resource.name);
  return fmt::format("{}/{}", resource.service, resource.name);
}

}  // namespace midwatch::connectors::aws
