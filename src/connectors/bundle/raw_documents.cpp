#include "src/connectors/bundle/raw_documents.h"

namespace midwatch::connectors::bundle {

void decode_raw_document(const RawFile& file, telemetry::TelemetryBatch& batch) {
  batch.notices.push_back({"no decoder reads this tool's output", file.ref});
}

}  // namespace midwatch::connectors::bundle
