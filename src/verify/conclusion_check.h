#pragma once

#include <functional>
#include <optional>

#include "src/knowledge/knowledge_base.h"
#include "src/verify/claims.h"
#include "src/verify/reread.h"
#include "src/verify/verifier.h"

namespace midwatch::verify {

/// The claims that stand above observations: outcome, hypotheses, root causes, what was ruled out, timeline,
/// impact, and commands. Each is counted in `checked`; the first that does not hold is returned.
std::optional<Failure> check_conclusions(const Claims& claims, const Reread& reread,
                                         const knowledge::KnowledgeBase& knowledge, std::uint64_t& checked);

}  // namespace midwatch::verify
