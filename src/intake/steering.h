#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"
#include "src/model/text.h"

namespace midwatch::intake {

/// What a person wants of an investigation.
enum class SteeringAction {
  kNone,           ///< nothing that is understood: nothing changes
  kRuleOut,        ///< `what` is not the cause
  kOtherCauses,    ///< look for other causes
  kWindow,         ///< look at `window`
  kReadCode,       ///< read the code
  kPlannedChange,  ///< `what` was meant to be changed
  kStop,
  kContinue,
};

/// As the API says it: "rule_out", "other_causes", …
std::string_view to_string(SteeringAction action);

/// What a sentence was understood to say.
struct Steering {
  SteeringAction action = SteeringAction::kNone;
  /// In the person's words, harmless and bounded; empty: what leads at the moment ("rule this out").
  std::string what{};
  std::optional<base::TimeRange> window{};
  model::Text answer{};  ///< says what was understood, or how to say it
};

/// Understands a sentence in English or Japanese. `window` is what the investigation looks at: times of day
/// are those nearest to it, in UTC unless the sentence says JST, and "earlier" is relative to it.
///
/// Pure; linear in the sentence, whatever it holds. Doubt changes nothing: a question, a negated instruction
/// or a remark is kNone. Of several instructions the first counts, and the answer says so.
Steering understand(std::string_view sentence, base::TimeRange window);

}  // namespace midwatch::intake
