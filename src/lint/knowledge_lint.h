#pragma once

#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/lint/fault.h"

namespace midwatch::lint {

/// What a lint looked at.
struct LintResult {
  std::vector<Fault> faults;  ///< ordered by file and line
  std::size_t modes = 0;
  std::size_t signatures = 0;
  std::size_t scenarios = 0;
};

/// Checks the files of the knowledge: their schema, the rules of modes and signatures, and that every
/// scenario comes out as it says. Rules that need the whole are left out where a file has no valid schema.
LintResult lint_knowledge(const std::vector<knowledge::KnowledgeFile>& files);

}  // namespace midwatch::lint
