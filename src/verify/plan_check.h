#pragma once

#include <optional>
#include <string>

#include "src/knowledge/knowledge_base.h"
#include "src/verify/claims.h"
#include "src/verify/reread.h"

namespace midwatch::verify {

/// What is wrong with a step: a command that is none of the knowledge's for a root cause, has an open place,
/// or holds a value that no record says.
std::optional<std::string> step_wrong(const ClaimedStep& step, const Claims& claims, const Reread& reread,
                                      const knowledge::KnowledgeBase& knowledge);

/// What is wrong with the plan as a whole.
std::optional<std::string> plan_wrong(const Claims& claims);

}  // namespace midwatch::verify
