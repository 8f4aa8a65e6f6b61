#pragma once

#include "src/base/json.h"
#include "src/knowledge/change_rules.h"
#include "src/knowledge/field_reader.h"

namespace midwatch::knowledge {

/// Reads knowledge/changes.yaml. What is wrong with it goes to `errors`; patterns that do not compile too,
/// unless they are known to be `checked`.
ChangeRules read_change_rules(const base::Json& content, SchemaErrors& errors, bool checked);

}  // namespace midwatch::knowledge
