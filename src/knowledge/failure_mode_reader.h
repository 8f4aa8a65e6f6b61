#pragma once

#include <array>
#include <string_view>

#include "src/base/json.h"
#include "src/knowledge/failure_mode.h"
#include "src/knowledge/field_reader.h"

namespace midwatch::knowledge {

/// The members of a mode that only `advice_of` and the lint need.
inline constexpr std::array<std::string_view, 4> kModeDetails{"mitigation", "permanent", "spec", "scenarios"};

/// Reads one file of knowledge/modes; what is wrong goes to `errors`.
FailureMode read_failure_mode(const base::Json& content, SchemaErrors& errors);

}  // namespace midwatch::knowledge
