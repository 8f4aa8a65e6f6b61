#pragma once

#include <string>
#include <string_view>

namespace midwatch::clients::aws {

/// Where a value comes from: `valueFrom` of a task definition, or a dynamic reference of a template.
struct SecretReference {
  std::string entity;  ///< the id of the secret or parameter
  std::string key;     ///< the JSON key inside it; empty: the whole value

  /// "secret:NAME/KEY" (src/observe/state/README.md).
  std::string attribute() const;
};

/// Reads the ARN of a secret with `:json-key:version-stage:version-id` behind it, the ARN of a parameter, or
/// the name of a parameter. Source: Amazon ECS developer guide, "Pass sensitive data to an Amazon ECS
/// container".
SecretReference parse_secret_reference(std::string_view value_from);

}  // namespace midwatch::clients::aws
