#pragma once

#include <string>
#include <string_view>

namespace midwatch::connectors::aws {

/// A resource as its id names it: an ARN, or "service/name" where nobody gave the ARN.
struct Resource {
  std::string service;  ///< of the ARN: "lambda", "ecs", "elasticloadbalancing"
  std::string kind;     ///< "function", "service", "targetgroup", "db"; empty where the id does not say
  std::string name;     ///< without kind and parent: "orders"
  std::string parent;   ///< the cluster of an ECS service or task; empty otherwise
  std::string region;   ///< empty where the id does not say
  std::string account;
};

/// Reads an id; all parts are empty for a text that names no resource of AWS.
Resource parse_resource(std::string_view id);

/// One short name of a resource, the same for its ARN and its alias: "lambda/orders", "ecs/web/api".
std::string short_name(std::string_view id);

}  // namespace midwatch::connectors::aws
