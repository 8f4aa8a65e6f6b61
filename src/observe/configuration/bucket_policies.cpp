#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/wildcard.h"
#include "src/observe/configuration/detectors.h"

namespace midwatch::observe::configuration {
namespace {

/// What applications do with a bucket; a statement about anything else denies them nothing.
constexpr std::array<std::string_view, 4> kUses{"s3:GetObject", "s3:PutObject", "s3:ListBucket",
                                                "s3:DeleteObject"};

std::vector<std::string_view> parts_of(std::string_view list) {
  std::vector<std::string_view> parts;
  for (const std::string_view part : base::split(list, ',')) parts.push_back(base::trim(part));
  return parts;
}

/// The account of "arn:aws:iam::123456789012:role/app".
std::string_view account_of(std::string_view arn) {
  constexpr std::size_t kAccount = 4;
  const auto parts = base::split(arn, ':');
  return parts.size() > kAccount ? parts[kAccount] : std::string_view();
}

/// True where one of the principals is the role, a pattern that it fits, or the whole of its account.
bool cover(std::string_view principals, std::string_view role) {
  const auto parts = parts_of(principals);
  return std::any_of(parts.begin(), parts.end(), [role](std::string_view principal) {
    const bool whole = principal == account_of(role) ||
                       (principal.ends_with(":root") && account_of(principal) == account_of(role));
    return whole || base::fits(principal, role);
  });
}

/// Of what applications do, the part that the actions of a statement deny.
std::string denied_uses(std::string_view actions) {
  std::string denied;
  const auto patterns = parts_of(actions);
  for (const std::string_view use : kUses) {
    const bool covered = std::any_of(patterns.begin(), patterns.end(),
                                     [use](std::string_view pattern) { return base::fits(pattern, use); });
    if (covered) denied.append(denied.empty() ? "" : ", ").append(use);
  }
  return denied;
}

std::string_view role_of(const topology::Topology& topology, topology::EntityIndex caller) {
  for (const topology::Neighbour& neighbour : topology.out(caller)) {
    if (neighbour.kind == telemetry::RelationKind::kAssumesRole) return topology.id(neighbour.entity);
  }
  return {};
}

/// A caller that the statement `prefix` of the bucket denies what callers do; nothing where it denies nobody.
std::optional<topology::EntityIndex> denied_caller(const ConfigurationInput& input,
                                                   topology::EntityIndex bucket, const std::string& prefix) {
  const auto& attributes = input.topology.entity(bucket).attributes;
  // Under a condition that cannot be judged from here, nothing is claimed.
  if (!attributes.get(prefix + "condition").empty()) return std::nullopt;
  if (denied_uses(attributes.get(prefix + "action")).empty()) return std::nullopt;
  for (const topology::EntityIndex caller : input.topology.dependents(bucket)) {
    const std::string_view role = role_of(input.topology, caller);
    if (!role.empty() && cover(attributes.get(prefix + "principal"), role) &&
        !cover(attributes.get(prefix + "except"), role))
      return caller;
  }
  return std::nullopt;
}

}  // namespace

void detect_denying_policies(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (topology::EntityIndex i = 0; i < input.topology.size(); ++i) {
    const telemetry::Entity& bucket = input.topology.entity(i);
    for (int number = 0;; ++number) {
      const std::string prefix = fmt::format("deny.{}.", number);
      if (bucket.attributes.find(prefix + "principal") == nullptr) break;
      const auto caller = denied_caller(input, i, prefix);
      if (!caller) continue;
      auto o = about(input, i, "state.bucket_policy.denies", kSure, {prefix + "statement"});
      const std::string_view role = role_of(input.topology, *caller);
      o.subject = input.topology.id(*caller);
      o.facts["role"] = std::string(role.substr(role.rfind('/') + 1));
      o.facts["denied"] = denied_uses(bucket.attributes.get(prefix + "action"));
      o.facts["bucket"] = bucket.name;
      if (const auto id = bucket.attributes.get(prefix + "id"); !id.empty())
        o.facts["statement"] = std::string(id);
      if (const auto except = bucket.attributes.get(prefix + "except"); !except.empty())
        o.facts["except"] = std::string(except);
      out.push_back(std::move(o));
    }
  }
}

}  // namespace midwatch::observe::configuration
