#pragma once

#include <cstddef>
#include <string_view>

#include "src/clients/kubernetes/command_line.h"
#include "src/clients/kubernetes/object_decoder.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Adds the rows of the tables that `kubectl get`, `top` and `events` print. A table without its header
/// (piped through grep) is read by the columns that the command's kind usually has. `first_line` is the
/// number of the text's first line. Returns false where the text holds no such table.
bool decode_table(std::string_view text, const CommandLine& command, std::size_t first_line,
                  const DecodeContext& context, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::kubernetes
