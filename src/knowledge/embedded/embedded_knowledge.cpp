#include "src/knowledge/embedded_knowledge.h"

#include <nlohmann/json.hpp>

#include "src/base/try.h"
#include "src/knowledge/knowledge_base.h"

namespace midwatch::knowledge {

base::Result<std::vector<KnowledgeFile>> embedded_files() {
  MIDWATCH_TRY(auto document, base::parse_json(embedded_knowledge_json()));
  std::vector<KnowledgeFile> files;
  for (auto& item : document) {
    files.push_back({item.at("path").get<std::string>(),
                     std::make_shared<const base::Json>(std::move(item.at("content")))});
  }
  return files;
}

base::Result<KnowledgeBase> embedded_knowledge() {
  MIDWATCH_TRY(const auto files, embedded_files());
  return build_knowledge(files, true);
}

}  // namespace midwatch::knowledge
