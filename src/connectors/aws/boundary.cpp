#include "src/connectors/aws/boundary.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/base/wildcard.h"
#include "src/connectors/aws/resource.h"

namespace midwatch::connectors::aws {

void Boundary::admit(std::string_view id) {
  admitted_.insert(short_name(id));
}

bool Boundary::permits(std::string_view account, std::string_view region) const {
  return std::any_of(space_.accounts.begin(), space_.accounts.end(), [&](const SpaceAccount& one) {
    if (account.empty() ? &one != &space_.accounts.front() : one.id != account) return false;
    return one.regions.empty() ||
           std::find(one.regions.begin(), one.regions.end(), region) != one.regions.end();
  });
}

std::optional<std::string> Boundary::refusal(std::string_view id) const {
  const Resource resource = parse_resource(id);
  const std::string name = short_name(id);
  for (const std::string& pattern : space_.exclude) {
    if (base::fits(pattern, id) || base::fits(pattern, name))
      return fmt::format("'{}' excludes {}", pattern, name);
  }
  if (resource.service.empty()) return std::nullopt;
  if (!resource.account.empty() && !space_.accounts.empty()) {
    const auto account = std::find_if(space_.accounts.begin(), space_.accounts.end(),
                                      [&](const SpaceAccount& a) { return a.id == resource.account; });
    if (account == space_.accounts.end())
      return fmt::format("{} is of account {}, which is not in the space", name, resource.account);
    const auto& regions = account->regions;
    const bool in_region = resource.region.empty() || regions.empty() ||
                           std::find(regions.begin(), regions.end(), resource.region) != regions.end();
    if (!in_region) return fmt::format("{} is in {}, which is not in the space", name, resource.region);
  }
  // Roles, secrets, images and networks belong to what refers to them; they carry no stack of their own.
  const bool of_scope = resource.kind == "function" || resource.kind == "service" || resource.kind == "db" ||
                        resource.kind == "table" || resource.kind == "queue" || resource.kind == "api" ||
                        resource.kind == "loadbalancer" || resource.kind == "stack";
  if (is_listed() && of_scope && !admitted_.contains(name))
    return fmt::format("no stack or tag of the space holds {}", name);
  return std::nullopt;
}

}  // namespace midwatch::connectors::aws
