#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/time.h"
#include "src/model/text.h"

namespace midwatch::model {

/// What a person wants of an investigation.
enum class SteeringAction {
  kNone,           ///< nothing that is understood: nothing changes
  kRuleOut,        ///< the targets are not the cause
  kPutBack,        ///< the targets may be the cause after all
  kOtherCauses,    ///< look for other causes, at the targets first
  kWindow,         ///< look at `window`
  kReadCode,       ///< read the code of the targets
  kPlannedChange,  ///< the targets were meant to be changed so
  kStop,
  kContinue,
};

/// As the API says it: "rule_out", "other_causes", …
std::string_view to_string(SteeringAction action);
std::optional<SteeringAction> steering_action_of(std::string_view word);

/// Who said something, and when.
struct Speaker {
  std::string by;
  base::Timestamp time{};
};

/// What a sentence is about. Of a hypothesis `entity`, `mode`, or both, where an empty one means any; or a
/// change.
struct Target {
  std::string entity{};
  std::string mode{};
  std::string change{};
};

/// What a person told an investigation, and what it was taken to be about when it was said.
struct Directive {
  SteeringAction action = SteeringAction::kNone;
  std::vector<Target> targets{};
  std::optional<base::TimeRange> window{};
  std::string said{};  ///< the sentence
  Text meaning{};      ///< what was understood
  Speaker speaker{};

  /// True where it takes a mode at an entity off the table.
  bool excludes(std::string_view entity, std::string_view mode) const;
  /// True where it says that a change is not to blame.
  bool excuses(std::string_view change) const;
  /// True where it takes back what excluded the one, or excused the other.
  bool puts_back(std::string_view entity, std::string_view mode) const;
  bool puts_back_change(std::string_view change) const;
};

/// The first that excludes a mode at an entity, or excuses a change, since that was taken back last; null
/// where none does. Requires: the directives are in the order in which they were said.
const Directive* find_exclusion(const std::vector<Directive>& directives, std::string_view entity,
                                std::string_view mode);
const Directive* find_excuse(const std::vector<Directive>& directives, std::string_view change);

}  // namespace midwatch::model
