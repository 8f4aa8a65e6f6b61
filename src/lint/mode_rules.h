#pragma once

#include <vector>

#include "src/base/json.h"
#include "src/knowledge/knowledge_base.h"
#include "src/lint/fault.h"

namespace midwatch::lint {

/// Checks one failure mode. `content` is its file, whose maps carry their lines.
void check_mode(const knowledge::FailureMode& mode, const base::Json& content,
                const knowledge::KnowledgeBase& knowledge, std::vector<Fault>& faults);

}  // namespace midwatch::lint
