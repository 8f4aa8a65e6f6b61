#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace midwatch::clients::aws {

/// An Amazon Resource Name in its parts: arn:partition:service:region:account:resource.
/// Source: AWS General Reference, "Amazon Resource Names".
struct Arn {
  std::string partition;
  std::string service;
  std::string region;
  std::string account;
  std::string resource;  ///< all that follows: "function:orders", "service/web/api"

  std::string text() const;
  /// The resource without its type: what follows the last of : and /.
  std::string_view name() const;
  /// What follows the last /: of "task-definition/api:42" it is "api:42".
  std::string_view path_name() const;
  /// The same account and place with another service and resource.
  Arn sibling(std::string_view other_service, std::string_view other_resource) const;
};

/// Nothing for a text that is no ARN.
std::optional<Arn> parse_arn(std::string_view text);

/// The function's ARN without a version or alias behind its name: ids name the function, not a version of it.
std::string unqualified_function(std::string_view arn);

}  // namespace midwatch::clients::aws
