#pragma once

#include <optional>
#include <string>

#include "src/knowledge/knowledge_base.h"
#include "src/verify/claims.h"
#include "src/verify/reread.h"

namespace midwatch::verify {

/// What is wrong with an observation beside its evidence: its entity, sentence, numbers, direction, change or
/// time; nothing where all of it holds.
std::optional<std::string> wrong_with(const ClaimedObservation& observation, const Claims& claims,
                                      const Reread& reread, const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::verify
