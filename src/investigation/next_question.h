#pragma once

#include <vector>

#include "src/investigation/stated_case.h"

namespace midwatch::investigation {

/// The questions that would tell the leading hypotheses apart, the one that tells most for its cost first.
///
/// A question is worth the information that its answer is expected to give about which of the hypotheses
/// holds: of the mode's signs of the question's signal that nobody looked for yet, the most telling one
/// decides, measured against what the other hypotheses make of it; divided by what it takes to ask. Each
/// names the window, and the command that gives the records where the entity's platform is known. Source:
/// expected information of an experiment (Lindley 1956). Units: bits.
std::vector<model::NextQuestion> next_questions(const StatedCase& facts,
                                                const std::vector<model::Hypothesis>& hypotheses);

}  // namespace midwatch::investigation
