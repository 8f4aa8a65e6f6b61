#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "src/base/time.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::connectors::bundle {

/// A larger output of one command than this is not read whole.
inline constexpr std::size_t kMaxRawDocument = 32UL * 1024 * 1024;

/// One file under raw/.
struct RawFile {
  std::string_view path;  ///< "raw/kubernetes/get-pods.txt"
  std::string_view content;
  telemetry::RecordRef ref;
  std::optional<base::Timestamp> reference_time;  ///< what "3 minutes ago" refers to
};

/// Hands a raw file to the decoder of its tool (the folder under raw/); what no decoder understands becomes a
/// notice.
void decode_raw_document(const RawFile& file, telemetry::TelemetryBatch& batch);

/// Relates what the documents of all tools say of each other; called once, after the last document.
void link_raw_documents(telemetry::TelemetryBatch& batch);

}  // namespace midwatch::connectors::bundle
