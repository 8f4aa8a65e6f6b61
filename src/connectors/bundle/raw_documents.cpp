#include "src/connectors/bundle/raw_documents.h"

#include "src/clients/kubernetes/kubernetes_decoder.h"

namespace midwatch::connectors::bundle {

void decode_raw_document(const RawFile& file, telemetry::TelemetryBatch& batch) {
  if (file.path.find("raw/kubernetes/") != std::string_view::npos) {
    clients::kubernetes::decode_kubectl_output({file.content, file.ref, file.reference_time}, batch);
    return;
  }
  batch.notices.push_back({"no decoder reads this tool's output", file.ref});
}

}  // namespace midwatch::connectors::bundle
