#pragma once

#include <cstddef>
#include <string_view>

#include "src/clients/kubernetes/command_line.h"
#include "src/clients/kubernetes/object_decoder.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Reads the tree of `kubectl lineage`: who belongs to whom, the readiness of each object, and its events.
/// Source: github.com/tohjustin/kube-lineage, v0.5.
void decode_lineage(std::string_view text, const CommandLine& command, std::size_t first_line,
                    const DecodeContext& context, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::kubernetes
