#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "src/base/json.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/service_model.h"

namespace midwatch::sandbox::wire {

/// The input in a form of the query and EC2 protocols: `Filter.1.Value.1=…`; `Action` and `Version` left out.
///
/// Errors: MalformedInput: a number that is none, keys that are both a value and more, too many or too deep.
tl::expected<base::Json, AccountError> decode_form(std::string_view body, const Shape* shape);

/// The value of one key of a form; empty where there is none.
std::string form_value(std::string_view body, std::string_view key);

}  // namespace midwatch::sandbox::wire
