#pragma once

#include <cstddef>
#include <string_view>

#include "src/clients/kubernetes/command_line.h"
#include "src/clients/kubernetes/object_decoder.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Adds the lines of `kubectl logs`. A prefix of `--prefix` ("[pod/web-0/app] ") tells the pod of a line, and
/// a time of `--timestamps` its time.
void decode_logs(std::string_view text, const CommandLine& command, std::size_t first_line,
                 const DecodeContext& context, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::kubernetes
