#pragma once

#include <optional>

#include "src/base/time.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/hypothesis.h"
#include "src/model/mitigation.h"
#include "src/telemetry/change_event.h"
#include "src/telemetry/entity.h"

namespace midwatch::mitigate {

/// What the plan is for. Requires: mode and hypothesis.
struct PlanInput {
  const knowledge::FailureMode* mode = nullptr;
  const model::Hypothesis* hypothesis = nullptr;
  const telemetry::Entity* entity = nullptr;       ///< null where only its name is known
  const telemetry::ChangeEvent* change = nullptr;  ///< the change that is blamed; null where none is
  std::optional<base::TimeRange> window;           ///< what was looked at
};

/// The facts that texts and commands are filled from: what the hypothesis's observations say, and above them
/// what the entity and the blamed change say of themselves.
model::Facts plan_facts(const PlanInput& input);

/// Why the cause is one, in words: the mode's text, filled.
model::Text explanation(const PlanInput& input);

/// The mitigation of a root cause from the steps of its failure mode.
///
/// A step stays only where it fits the type of the entity and every place of its command is filled with a
/// plain argument (is_plain_argument): telemetry never becomes a command. A revert is offered only for a
/// change whose content was read. Without a step that changes something the plan is not operational, keeps
/// only the steps that look, and says why.
model::MitigationPlan plan_mitigation(const PlanInput& input);

/// The permanent change as a specification: requirements in EARS form and acceptance criteria.
/// Source: EARS, Mavin et al., "Easy Approach to Requirements Syntax", RE 2009.
model::ChangeSpec write_spec(const PlanInput& input);

/// The plans of independent causes as one, the likeliest cause's first in each phase. It is operational where
/// one of them is, temporary where one of them is; without an operational one it keeps only steps that look.
model::MitigationPlan join_plans(const std::vector<model::MitigationPlan>& plans);

/// The specifications of independent causes as one, each requirement, criterion and file once.
model::ChangeSpec join_specs(const std::vector<model::ChangeSpec>& specs);

}  // namespace midwatch::mitigate
