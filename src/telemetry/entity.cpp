#include "src/telemetry/entity.h"

#include <array>
#include <utility>

namespace midwatch::telemetry {
namespace {

constexpr std::array<std::pair<RelationKind, std::string_view>, 11> kNames{{
    {RelationKind::kCalls, "calls"},
    {RelationKind::kRunsOn, "runs_on"},
    {RelationKind::kContains, "contains"},
    {RelationKind::kReadsSecret, "reads_secret"},
    {RelationKind::kReadsConfig, "reads_config"},
    {RelationKind::kReadsFrom, "reads_from"},
    {RelationKind::kWritesTo, "writes_to"},
    {RelationKind::kRoutesTo, "routes_to"},
    {RelationKind::kDeployedBy, "deployed_by"},
    {RelationKind::kAssumesRole, "assumes_role"},
    {RelationKind::kRelated, "related"},
}};

}  // namespace

std::string_view to_string(RelationKind kind) {
  for (const auto& [value, name] : kNames) {
    if (value == kind) return name;
  }
  return "related";
}

RelationKind relation_kind_from(std::string_view word) {
  for (const auto& [value, name] : kNames) {
    if (name == word) return value;
  }
  return RelationKind::kRelated;
}

}  // namespace midwatch::telemetry
