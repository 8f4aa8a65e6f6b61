#include "src/knowledge/embedded_knowledge.h"

#include "src/base/json_builder.h"
#include "src/base/try.h"
#include "src/knowledge/knowledge_base.h"

namespace midwatch::knowledge {

namespace {

base::Result<base::Json> decoded(std::string_view cbor) {
  base::JsonBuilder builder;
  base::Json::sax_parse(cbor.begin(), cbor.end(), &builder, base::Json::input_format_t::cbor);
  if (builder.error_at()) return base::internal_error("the knowledge in the program is damaged");
  return builder.take();
}

/// The files without the details of their modes.
base::Result<std::vector<KnowledgeFile>> brief_files() {
  MIDWATCH_TRY(base::Json document, decoded(embedded_knowledge_cbor()));
  std::vector<KnowledgeFile> files;
  for (auto& item : document) {
    std::string_view details;
    if (const auto at = item.find("details"); at != item.end())
      details = embedded_details().substr(at->at(0).get<std::size_t>(), at->at(1).get<std::size_t>());
    files.push_back({item.at("path").get<std::string>(),
                     std::make_shared<const base::Json>(std::move(item.at("content"))), details});
  }
  return files;
}

}  // namespace

base::Result<std::vector<KnowledgeFile>> embedded_files() {
  MIDWATCH_TRY(auto files, brief_files());
  for (KnowledgeFile& file : files) {
    if (file.details.empty()) continue;
    MIDWATCH_TRY(const base::Json details, decoded(file.details));
    base::Json whole = *file.content;
    whole.update(details);
    file = {file.path, std::make_shared<const base::Json>(std::move(whole)), {}};
  }
  return files;
}

base::Result<KnowledgeBase> embedded_knowledge() {
  MIDWATCH_TRY(const auto files, brief_files());
  return build_knowledge(files, true);
}

}  // namespace midwatch::knowledge
