#pragma once

#include <string_view>

#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Adds the rows of a `kubectl get` table. `kind` and `name_space` are those that the command named (empty
/// where it did not). A table without its header (piped through grep) is read as pods of all namespaces where
/// its columns look so. Returns false where the text is no such table.
bool decode_table(std::string_view text, std::string_view kind, std::string_view name_space,
                  telemetry::RecordRef ref, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::kubernetes
