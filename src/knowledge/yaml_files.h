#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/knowledge/knowledge_base.h"

namespace midwatch::knowledge {

/// Reads one YAML document. Errors: kMalformed with line and column.
base::Result<KnowledgeFile> read_yaml(std::string_view text, const std::string& path);

/// Reads all `*.yaml` files below a folder, ordered by path. Errors: kNotFound, kMalformed.
base::Result<std::vector<KnowledgeFile>> read_yaml_folder(const std::string& folder);

}  // namespace midwatch::knowledge
