#pragma once

#include <vector>

#include "src/investigation/stated_case.h"

namespace midwatch::investigation {

/// The questions that would tell the leading hypotheses apart, the one that tells most for its cost first.
///
/// A question is worth the information that its answer is expected to give about its hypothesis: of the
/// mode's signs of the question's signal that were not seen, the most telling one decides; weighed by what it
/// takes to ask. Source: expected information gain of a binary test (Lindley 1956).
std::vector<model::NextQuestion> next_questions(const StatedCase& facts,
                                                const std::vector<model::Hypothesis>& hypotheses);

}  // namespace midwatch::investigation
