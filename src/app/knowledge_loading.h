#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/knowledge/knowledge_base.h"

namespace midwatch::app {

/// The files of a knowledge folder; of the built-in knowledge where `folder` is empty.
/// Errors: kNotFound, kMalformed.
base::Result<std::vector<knowledge::KnowledgeFile>> load_knowledge_files(const std::string& folder);

/// The knowledge made of these files.
base::Result<knowledge::KnowledgeBase> load_knowledge(const std::string& folder);

}  // namespace midwatch::app
