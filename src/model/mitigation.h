#pragma once

#include <string>
#include <vector>

#include "src/model/text.h"

namespace midwatch::model {

enum class MitigationPhase { kPrepare, kPreValidate, kApply, kPostValidate, kRollback };

std::string_view to_string(MitigationPhase phase);

/// One step that a person can carry out. No parameter of the command is left open.
struct MitigationStep {
  MitigationPhase phase = MitigationPhase::kPrepare;
  std::string command;
  Text effect;
  Text risk;
  bool reversible = true;
};

/// What to do now. `operational` is false where nothing that operations can do would help; `summary` then
/// says why.
struct MitigationPlan {
  bool operational = false;
  Text summary;
  std::vector<MitigationStep> steps;
  bool temporary = false;
  Text permanent_fix;
};

/// What to change for good, for an engineer or a coding agent: requirements in EARS form and how to accept
/// the work.
struct ChangeSpec {
  Text problem;
  std::vector<Text> requirements;
  std::vector<Text> acceptance;
  std::vector<std::string> files;
};

}  // namespace midwatch::model
