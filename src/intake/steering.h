#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"
#include "src/model/directive.h"
#include "src/model/text.h"

namespace midwatch::intake {

using model::SteeringAction;

/// Follows the answer to a text with several instructions.
inline const model::Text kOnlyThisOne{
    " Of several instructions only this one was taken: write the next one by itself.",
    "複数の指示のうち、この 1 件だけを反映しました。残りは別に送ってください。"};

/// What a sentence was understood to say.
struct Steering {
  SteeringAction action = SteeringAction::kNone;
  /// In the person's words, harmless and bounded; empty: what leads at the moment ("rule this out").
  std::string what{};
  bool change = false;  ///< what is meant is the change that is suspected ("ignore the deploy")
  std::optional<base::TimeRange> window{};
  bool further = false;  ///< there are further instructions, which were not taken
  model::Text answer{};  ///< says what was understood, or how to say it
};

/// Understands a sentence in English or Japanese. `window` is what the investigation looks at: times of day
/// are those nearest to it, in UTC unless the sentence says JST, and "earlier" is relative to it.
///
/// Pure; linear in the sentence, whatever it holds. Doubt changes nothing: a question, a negated instruction
/// or a remark is kNone. Of several instructions the first counts, and the answer says so.
Steering understand(std::string_view sentence, base::TimeRange window);

}  // namespace midwatch::intake
