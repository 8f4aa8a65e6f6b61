#pragma once

#include <string_view>

#include "src/clients/kubernetes/command_line.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Reads an answer that is no data: "Error from server (NotFound): …", "No resources found in …", a failed
/// connection. What does not exist becomes an absence or an empty listing; everything else a notice. Returns
/// false where the text is no such answer.
bool read_server_answer(std::string_view text, const CommandLine& command, telemetry::RecordRef ref,
                        telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::kubernetes
