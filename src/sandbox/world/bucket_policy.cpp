#include "src/sandbox/world/bucket_policy.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/wildcard.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;

/// True where one of the texts of a list, or the one text, is a pattern that fits.
bool any_fits(const Json& patterns, std::string_view text) {
  if (!patterns.is_array()) return base::fits(base::text(patterns), text);
  return std::any_of(patterns.begin(), patterns.end(),
                     [text](const Json& pattern) { return base::fits(base::text(pattern), text); });
}

bool names_role(const Json& principal, const std::string& role) {
  return any_fits(principal.is_object() ? base::at(principal, "AWS") : principal, role);
}

bool condition_holds(const std::string& operation, const std::string& key, const Json& values,
                     const std::string& role) {
  if (key == "aws:PrincipalArn") {
    const bool negated = operation.find("Not") != std::string::npos;
    return any_fits(values, role) != negated;
  }
  return key == "aws:SecureTransport" && operation == "Bool" && any_fits(values, "true");
}

bool conditions_hold(const Json& conditions, const std::string& role) {
  for (const auto& [operation, keys] : conditions.items()) {
    for (const auto& [key, values] : keys.items()) {
      if (!condition_holds(operation, key, values, role)) return false;
    }
  }
  return true;
}

}  // namespace

bool denies(const Json& policy, const PolicyRequest& request) {
  const Json& statements = base::list_at(policy, "Statement");
  return std::any_of(statements.begin(), statements.end(), [&](const Json& statement) {
    return base::text_at(statement, "Effect") == "Deny" &&
           names_role(base::at(statement, "Principal"), request.role) &&
           any_fits(base::at(statement, "Action"), request.action) &&
           any_fits(base::at(statement, "Resource"), request.resource) &&
           conditions_hold(base::at(statement, "Condition"), request.role);
  });
}

}  // namespace midwatch::sandbox::world
