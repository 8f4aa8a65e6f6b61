#pragma once

#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/lint/fault.h"

namespace midwatch::lint {

/// Checks that every signature finds its examples and leaves its counterexamples alone.
void check_signatures(const std::vector<knowledge::KnowledgeFile>& files,
                      const knowledge::KnowledgeBase& knowledge, std::vector<Fault>& faults);

}  // namespace midwatch::lint
