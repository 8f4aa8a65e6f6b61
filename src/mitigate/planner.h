#pragma once

#include "src/knowledge/knowledge_base.h"
#include "src/model/hypothesis.h"
#include "src/model/mitigation.h"
#include "src/telemetry/change_event.h"
#include "src/telemetry/entity.h"

namespace midwatch::mitigate {

/// What the plan is for.
struct PlanInput {
  const knowledge::FailureMode* mode = nullptr;
  const model::Hypothesis* hypothesis = nullptr;
  const telemetry::Entity* entity = nullptr;       ///< null where only its name is known
  const telemetry::ChangeEvent* change = nullptr;  ///< the change that is blamed; null where none is
};

/// The facts that commands are filled from: the hypothesis's own, and what the entity says of itself (name,
/// namespace, region, cluster, …).
model::Facts command_facts(const PlanInput& input);

/// The mitigation of a root cause from the steps of its failure mode.
///
/// A step stays only where it fits the type of the entity and every place of its command is filled with a
/// value that cannot be anything but one argument (letters, digits and `. _ : / @ = , + -`): telemetry never
/// becomes a command. A revert is offered only for a change whose content was read. Without a step that
/// changes something, the plan is not operational and says why.
model::MitigationPlan plan_mitigation(const PlanInput& input);

/// The permanent change as a specification: requirements in EARS form and acceptance criteria.
model::ChangeSpec write_spec(const PlanInput& input);

}  // namespace midwatch::mitigate
