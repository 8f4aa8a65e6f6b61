#include "src/model/directive.h"

#include <algorithm>
#include <array>
#include <utility>

#include "src/model/words_of.h"

namespace midwatch::model {
namespace {

constexpr std::array<std::pair<SteeringAction, std::string_view>, 8> kActionWords{{
    {SteeringAction::kNone, "none"},
    {SteeringAction::kRuleOut, "rule_out"},
    {SteeringAction::kOtherCauses, "other_causes"},
    {SteeringAction::kWindow, "window"},
    {SteeringAction::kReadCode, "read_code"},
    {SteeringAction::kPlannedChange, "planned_change"},
    {SteeringAction::kStop, "stop"},
    {SteeringAction::kContinue, "continue"},
}};

const Directive* first(const std::vector<Directive>& directives, const auto& fits) {
  const auto at = std::find_if(directives.begin(), directives.end(), fits);
  return at == directives.end() ? nullptr : &*at;
}

}  // namespace

std::string_view to_string(SteeringAction action) {
  return word_of(kActionWords, action);
}

std::optional<SteeringAction> steering_action_of(std::string_view word) {
  return of_word(kActionWords, word);
}

bool Directive::excludes(std::string_view entity, std::string_view mode) const {
  return action == SteeringAction::kRuleOut &&
         std::any_of(targets.begin(), targets.end(), [&](const Target& target) {
           const bool of_hypotheses = !target.entity.empty() || !target.mode.empty();
           return of_hypotheses && (target.entity.empty() || target.entity == entity) &&
                  (target.mode.empty() || target.mode == mode);
         });
}

bool Directive::excuses(std::string_view change) const {
  const bool speaks_of_changes =
      action == SteeringAction::kRuleOut || action == SteeringAction::kPlannedChange;
  return speaks_of_changes && !change.empty() &&
         std::any_of(targets.begin(), targets.end(),
                     [&](const Target& target) { return target.change == change; });
}

const Directive* find_exclusion(const std::vector<Directive>& directives, std::string_view entity,
                                std::string_view mode) {
  return first(directives, [&](const Directive& d) { return d.excludes(entity, mode); });
}

const Directive* find_excuse(const std::vector<Directive>& directives, std::string_view change) {
  return first(directives, [&](const Directive& d) { return d.excuses(change); });
}

}  // namespace midwatch::model
