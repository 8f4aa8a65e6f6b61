#include "src/app/knowledge_loading.h"

#include "src/base/try.h"
#include "src/knowledge/yaml_files.h"

namespace midwatch::app {

base::Result<std::vector<knowledge::KnowledgeFile>> load_knowledge_files(const std::string& folder) {
  return folder.empty() ? knowledge::embedded_files() : knowledge::read_yaml_folder(folder);
}

base::Result<knowledge::KnowledgeBase> load_knowledge(const std::string& folder) {
  if (folder.empty()) return knowledge::embedded_knowledge();
  MIDWATCH_TRY(const auto files, knowledge::read_yaml_folder(folder));
  return knowledge::build_knowledge(files);
}

}  // namespace midwatch::app
