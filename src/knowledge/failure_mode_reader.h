#pragma once

#include "src/base/json.h"
#include "src/knowledge/failure_mode.h"
#include "src/knowledge/field_reader.h"

namespace midwatch::knowledge {

/// Reads one file of knowledge/modes; what is wrong goes to `errors`.
FailureMode read_failure_mode(const base::Json& content, SchemaErrors& errors);

}  // namespace midwatch::knowledge
