#include "src/model/directive.h"

#include <algorithm>
#include <array>
#include <utility>

#include "src/model/words_of.h"

namespace midwatch::model {
namespace {

constexpr std::array<std::pair<SteeringAction, std::string_view>, 9> kActionWords{{
    {SteeringAction::kNone, "none"},
    {SteeringAction::kRuleOut, "rule_out"},
    {SteeringAction::kPutBack, "put_back"},
    {SteeringAction::kOtherCauses, "other_causes"},
    {SteeringAction::kWindow, "window"},
    {SteeringAction::kReadCode, "read_code"},
    {SteeringAction::kPlannedChange, "planned_change"},
    {SteeringAction::kStop, "stop"},
    {SteeringAction::kContinue, "continue"},
}};

bool fits_hypothesis(const std::vector<Target>& targets, std::string_view entity, std::string_view mode) {
  return std::any_of(targets.begin(), targets.end(), [&](const Target& target) {
    const bool of_hypotheses = !target.entity.empty() || !target.mode.empty();
    return of_hypotheses && (target.entity.empty() || target.entity == entity) &&
           (target.mode.empty() || target.mode == mode);
  });
}

bool fits_change(const std::vector<Target>& targets, std::string_view change) {
  return !change.empty() && std::any_of(targets.begin(), targets.end(),
                                        [&](const Target& target) { return target.change == change; });
}

/// The first that takes something off the table after the last one that puts it back.
const Directive* in_force(const std::vector<Directive>& directives, const auto& takes_off,
                          const auto& puts_back) {
  const Directive* found = nullptr;
  for (const Directive& directive : directives) {
    if (puts_back(directive)) found = nullptr;
    if (found == nullptr && takes_off(directive)) found = &directive;
  }
  return found;
}

}  // namespace

std::string_view to_string(SteeringAction action) {
  return word_of(kActionWords, action);
}

std::optional<SteeringAction> steering_action_of(std::string_view word) {
  return of_word(kActionWords, word);
}

bool Directive::excludes(std::string_view entity, std::string_view mode) const {
  return action == SteeringAction::kRuleOut && fits_hypothesis(targets, entity, mode);
}

bool Directive::excuses(std::string_view change) const {
  const bool speaks_of_changes =
      action == SteeringAction::kRuleOut || action == SteeringAction::kPlannedChange;
  return speaks_of_changes && fits_change(targets, change);
}

bool Directive::puts_back(std::string_view entity, std::string_view mode) const {
  return action == SteeringAction::kPutBack && fits_hypothesis(targets, entity, mode);
}

bool Directive::puts_back_change(std::string_view change) const {
  return action == SteeringAction::kPutBack && fits_change(targets, change);
}

const Directive* find_exclusion(const std::vector<Directive>& directives, std::string_view entity,
                                std::string_view mode) {
  return in_force(
      directives, [&](const Directive& d) { return d.excludes(entity, mode); },
      [&](const Directive& d) { return d.puts_back(entity, mode); });
}

const Directive* find_excuse(const std::vector<Directive>& directives, std::string_view change) {
  return in_force(
      directives, [&](const Directive& d) { return d.excuses(change); },
      [&](const Directive& d) { return d.puts_back_change(change); });
}

}  // namespace midwatch::model
