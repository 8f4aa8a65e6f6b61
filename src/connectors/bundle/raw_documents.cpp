#include "src/connectors/bundle/raw_documents.h"

#include "src/clients/aws/aws_decoder.h"
#include "src/clients/aws/resource_links.h"
#include "src/clients/kubernetes/kubernetes_decoder.h"
#include "src/clients/kubernetes/owner_links.h"
#include "src/clients/kubernetes/reference_links.h"

namespace midwatch::connectors::bundle {

void decode_raw_document(const RawFile& file, telemetry::TelemetryBatch& batch) {
  if (file.path.find("raw/kubernetes/") != std::string_view::npos) {
    clients::kubernetes::decode_kubectl_output({file.content, file.ref, file.reference_time}, batch);
    return;
  }
  if (file.path.find("raw/aws/") != std::string_view::npos) {
    clients::aws::decode_cli_output({file.content, file.ref, file.reference_time}, batch);
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
