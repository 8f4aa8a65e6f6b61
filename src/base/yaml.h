#pragma once

#include <string_view>

#include "src/base/json.h"
#include "src/base/result.h"

namespace midwatch::base {

/// Parses YAML as a JSON value; several documents become an array of them.
///
/// Every scalar becomes text, except null; what is a number is decided by who reads it. Aliases are followed.
/// Errors: kMalformed with the line; kResourceExhausted where nesting or aliases blow it up beyond any use.
Result<Json> parse_yaml(std::string_view text);

}  // namespace midwatch::base
