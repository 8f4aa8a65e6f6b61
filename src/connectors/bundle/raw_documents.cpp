#include "src/connectors/bundle/raw_documents.h"

#include "src/clients/aws/aws_decoder.h"
#include "src/clients/aws/resource_links.h"
#include "src/clients/kubernetes/kubernetes_decoder.h"
#include "src/clients/kubernetes/owner_links.h"
#include "src/clients/kubernetes/reference_links.h"
#include "src/clients/kubernetes/tool_output.h"

namespace midwatch::connectors::bundle {
namespace {

/// TOOL of …raw/TOOL/….
std::string_view tool_of(std::string_view path) {
  constexpr std::string_view kRaw = "raw/";
  const std::size_t at = path.find(kRaw);
  if (at == std::string_view::npos) return {};
  path.remove_prefix(at + kRaw.size());
  return path.substr(0, path.find('/'));
}

}  // namespace

void decode_raw_document(const RawFile& file, telemetry::TelemetryBatch& batch) {
  if (file.path.find("raw/kubernetes/") != std::string_view::npos) {
    clients::kubernetes::decode_kubectl_output({file.content, file.ref, file.reference_time}, batch);
    return;
  }
  if (file.path.find("raw/aws/") != std::string_view::npos) {
    clients::aws::decode_cli_output({file.content, file.ref, file.reference_time}, batch);
    return;
  }
  const std::string_view tool = tool_of(file.path);
  if (clients::kubernetes::reads_messages_of(tool)) {
    clients::kubernetes::decode_tool_output(tool, {file.content, file.ref, file.reference_time}, batch);
    return;
  }
  batch.notices.push_back({"no decoder reads this tool's output", file.ref});
}

void link_raw_documents(telemetry::TelemetryBatch& batch) {
  clients::aws::link_resources(batch);
  clients::kubernetes::link_owners(batch);
  clients::kubernetes::link_references(batch);
}

}  // namespace midwatch::connectors::bundle
