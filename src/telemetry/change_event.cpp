#include "src/telemetry/change_event.h"

#include <array>

namespace midwatch::telemetry {
namespace {

constexpr std::array<std::pair<ChangeKind, std::string_view>, 8> kNames{{
    {ChangeKind::kCommit, "commit"},
    {ChangeKind::kDeployment, "deployment"},
    {ChangeKind::kConfig, "config"},
    {ChangeKind::kFeatureFlag, "feature_flag"},
    {ChangeKind::kScaling, "scaling"},
    {ChangeKind::kInfrastructure, "infrastructure"},
    {ChangeKind::kSecret, "secret"},
    {ChangeKind::kPermission, "permission"},
}};

}  // namespace

std::string_view to_string(ChangeKind kind) {
  for (const auto& [value, name] : kNames) {
    if (value == kind) return name;
  }
  return "other";
}

ChangeKind change_kind_from(std::string_view word) {
  for (const auto& [value, name] : kNames) {
    if (name == word) return value;
  }
  return ChangeKind::kOther;
}

}  // namespace midwatch::telemetry
