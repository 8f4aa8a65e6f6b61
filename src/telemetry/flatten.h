#pragma once

#include <string_view>

#include "src/base/json.h"
#include "src/telemetry/attributes.h"

namespace midwatch::telemetry {

/// Adds a JSON value to attributes under `prefix` (empty: at the top), as Attributes describes.
///
/// Values under keys that hold secrets become base::kRedacted, other texts pass base::redact. At most 5,000
/// entries and 16 KiB a text are kept; what is beyond is left out and the path `truncated` says "true".
void flatten(const base::Json& value, std::string_view prefix, Attributes& into);

}  // namespace midwatch::telemetry
