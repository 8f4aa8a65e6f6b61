#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "src/clients/kubernetes/kubernetes_decoder.h"
#include "src/clients/kubernetes/object_decoder.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Adds what a command told the person who ran it: each line becomes an event of `entity` without a time; a
/// line that names its pod (`pods/"web-0" -n "shop"`) one of that pod.
void decode_messages(std::string_view text, const std::string& entity, std::size_t first_line,
                     const DecodeContext& context, telemetry::TelemetryBatch& out);

/// True where `tool` (the folder's name) is one whose messages are read: tools of delivery and of an
/// administrator, not stores of rules, documents or metrics, whose texts are about other things.
bool reads_messages_of(std::string_view tool);

/// Adds the output of a tool other than kubectl. The first line may name the command (`# helm upgrade …`).
/// What is not plain text becomes a notice.
void decode_tool_output(std::string_view tool, const KubectlOutput& output, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::kubernetes
