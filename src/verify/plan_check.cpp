#include "src/verify/plan_check.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/model/mitigation.h"
#include "src/telemetry/number.h"
#include "src/verify/filled_text.h"
#include "src/verify/grounds.h"

namespace midwatch::verify {
namespace {

constexpr std::array<model::MitigationPhase, 5> kPhases{
    model::MitigationPhase::kPrepare, model::MitigationPhase::kPreValidate, model::MitigationPhase::kApply,
    model::MitigationPhase::kPostValidate, model::MitigationPhase::kRollback};
constexpr std::string_view kNext = "_next";
constexpr std::string_view kDoubled = "_doubled";
/// No limit is larger than this: 1 EiB.
constexpr double kMostBytes = 1152921504606846976.0;
/// Whether a step helped is seen within this time.
constexpr base::Duration kLongestLook = std::chrono::hours(1);

/// A place NAME_next holds what NAME is, plus one.
bool is_successor(std::string_view place, std::string_view value, const Grounds& grounds) {
  if (!place.ends_with(kNext)) return false;
  const auto number = telemetry::parse_number(value);
  return number && grounds.hold(fmt::format("{}", static_cast<long long>(*number) - 1));
}

/// A place NAME_doubled holds twice what NAME is, which the records may write in another unit.
bool is_double(std::string_view place, std::string_view value, const Grounds& grounds) {
  if (!place.ends_with(kDoubled)) return false;
  const auto amount = telemetry::parse_kubernetes_quantity(value);
  if (!amount || *amount <= 0 || *amount > kMostBytes) return false;
  const auto half = static_cast<std::uint64_t>(*amount / 2);
  for (const auto& [unit, size] : {std::pair{"Gi", 1ULL << 30U}, std::pair{"Mi", 1ULL << 20U},
                                   std::pair{"Ki", 1ULL << 10U}, std::pair{"", 1ULL}}) {
    if (half % size == 0 && grounds.hold(fmt::format("{}{}", half / size, unit))) return true;
  }
  return false;
}

/// The place `resource` holds KIND/NAME of an entity.
bool is_resource(std::string_view place, std::string_view value, const Reread& reread) {
  const std::size_t slash = value.find('/');
  if (place != "resource" || slash == std::string_view::npos) return false;
  const auto named = reread.topology.find(value.substr(slash + 1));
  for (topology::EntityIndex i = 0; i < reread.topology.size(); ++i) {
    const auto& entity = reread.topology.entity(i);
    if (base::to_lower(entity.type) != value.substr(0, slash)) continue;
    if (entity.name == value.substr(slash + 1) || named == i) return true;
  }
  return false;
}

/// The places of time: the window that was looked at, and until when to look whether a step helped.
bool is_time_of_window(std::string_view place, std::string_view value, const Reread& reread) {
  const auto& window = reread.scope.window;
  const auto start = std::chrono::floor<std::chrono::seconds>(window.start);
  const auto end = std::chrono::floor<std::chrono::seconds>(window.end);
  if (place == "from") return value == base::format_rfc3339(start);
  if (place == "to") return value == base::format_rfc3339(end);
  if (place == "after") {
    const auto time = base::parse_rfc3339(value);
    return time && *time >= end && *time <= end + kLongestLook;
  }
  return place == "from_ms" && value == std::to_string(start.time_since_epoch().count() * 1000);
}

/// The place whose value no record says; nothing where all are grounded.
std::optional<std::pair<std::string, std::string>> ungrounded(
    const std::vector<std::pair<std::string, std::string>>& values, const Grounds& grounds,
    const Reread& reread) {
  for (const auto& [place, value] : values) {
    if (!grounds.hold(value) && !is_successor(place, value, grounds) && !is_double(place, value, grounds) &&
        !is_resource(place, value, reread) && !is_time_of_window(place, value, reread))
      return std::pair{place, value};
  }
  return std::nullopt;
}

Grounds grounds_of(const ClaimedCause& cause, const Claims& claims, const Reread& reread) {
  Grounds grounds(claims, reread);
  for (const auto& o : claims.observations) {
    if (std::find(cause.explains.begin(), cause.explains.end(), o.observation.id) != cause.explains.end())
      grounds.add(o);
  }
  return grounds;
}

}  // namespace

std::optional<std::string> step_wrong(const ClaimedStep& step, const Claims& claims, const Reread& reread,
                                      const knowledge::KnowledgeBase& knowledge) {
  if (model::has_open_place(step.command))
    return fmt::format("its command has an open place: {}", step.command);
  const bool known_phase =
      std::any_of(kPhases.begin(), kPhases.end(), [&](auto phase) { return to_string(phase) == step.phase; });
  if (!known_phase) return fmt::format("there is no phase {}", step.phase);
  std::string reason = fmt::format("its command is none of its failure mode: {}", step.command);
  for (const auto& cause : claims.causes) {
    const auto* mode = knowledge.mode(cause.mode);
    if (mode == nullptr) continue;
    const knowledge::Advice advice = knowledge::advice_of(*mode);
    const Grounds grounds = grounds_of(cause, claims, reread);
    for (const auto& known : advice.steps) {
      if (to_string(known.phase) != step.phase) continue;
      const auto values = values_in(known.command, step.command);
      if (!values) continue;
      const auto missing = ungrounded(*values, grounds, reread);
      if (!missing) return std::nullopt;
      reason = fmt::format("its command has {} “{}”, which no record says", missing->first, missing->second);
    }
  }
  return reason;
}

std::optional<std::string> plan_wrong(const Claims& claims) {
  if (claims.mitigation_kind != "operational" && claims.mitigation_kind != "none")
    return fmt::format("there is no kind “{}”", claims.mitigation_kind);
  const bool applies = std::any_of(claims.steps.begin(), claims.steps.end(), [](const auto& s) {
    return s.phase == to_string(model::MitigationPhase::kApply);
  });
  if (claims.mitigation_kind == "none" && applies) return "it changes something although its kind is none";
  if (claims.mitigation_kind == "operational" && !applies) return "it is operational and changes nothing";
  return std::nullopt;
}

}  // namespace midwatch::verify
