#pragma once

#include <string>
#include <vector>

#include "src/model/mitigation.h"
#include "src/model/text.h"

namespace midwatch::knowledge {

/// One command of a mitigation, for the entity types that it fits.
struct StepTemplate {
  model::MitigationPhase phase = model::MitigationPhase::kPrepare;
  std::vector<std::string> types;  ///< entity types (`*` wildcards); empty: any
  std::string command;             ///< with {fact} places
  model::Text effect;
  model::Text risk;
  bool reversible = true;
};

/// What is to be done about a failure mode: now, and for good. It is needed only of a mode that is told.
struct Advice {
  bool operational = false;
  bool temporary = false;
  model::Text mitigation;
  std::vector<StepTemplate> steps;
  model::Text permanent_fix;
  std::vector<model::Text> requirements;
  std::vector<model::Text> acceptance;
};

}  // namespace midwatch::knowledge
