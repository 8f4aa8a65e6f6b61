#pragma once

#include <optional>
#include <string_view>

#include "src/base/time.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// One command's output.
struct KubectlOutput {
  std::string_view text;
  telemetry::RecordRef ref;
  std::optional<base::Timestamp> reference_time;  ///< what "2m12s ago" counts from
};

/// Adds what the output says to `out`. What is not understood becomes a notice; nothing is an error.
void decode_kubectl_output(const KubectlOutput& output, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::kubernetes
