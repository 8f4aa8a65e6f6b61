#pragma once

#include <string_view>

#include "src/base/json.h"
#include "src/telemetry/attributes.h"

namespace midwatch::telemetry {

/// Adds a JSON value to attributes under `prefix` (empty: at the top), as Attributes describes.
///
/// Values under keys that hold secrets become base::kRedacted, other texts pass base::redact. At most 5,000
/// entries, 16 KiB a text, 1 KiB a path and 1 MiB in all are kept; what is beyond is cut or left out, the
/// path `truncated` says "true", and the result is false.
bool flatten(const base::Json& value, std::string_view prefix, Attributes& into);

}  // namespace midwatch::telemetry
