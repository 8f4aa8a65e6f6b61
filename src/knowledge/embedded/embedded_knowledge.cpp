#include "src/knowledge/embedded_knowledge.h"

#include "src/base/json_builder.h"
#include "src/base/try.h"
#include "src/knowledge/knowledge_base.h"

namespace midwatch::knowledge {

base::Result<std::vector<KnowledgeFile>> embedded_files() {
  const std::string_view bytes = embedded_knowledge_cbor();
  base::JsonBuilder builder;
  base::Json::sax_parse(bytes.begin(), bytes.end(), &builder, base::Json::input_format_t::cbor);
  if (builder.error_at()) return base::internal_error("the knowledge in the program is damaged");
  base::Json document = builder.take();
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
