#pragma once

#include <optional>
#include <string_view>

#include "src/base/json.h"
#include "src/base/time.h"

namespace midwatch::clients::kubernetes {

/// Makes of `kubectl describe` the object that the API would give (as far as describe shows it), with the
/// events at its end under `$events` in the form of the API's Event. `kind` is the kind that the command
/// named, or empty: then the text's own shape tells it.
base::Json describe_to_object(std::string_view text, std::string_view kind,
                              std::optional<base::Timestamp> reference_time);

/// True where a text looks like the output of `kubectl describe`.
bool is_describe(std::string_view text);

}  // namespace midwatch::clients::kubernetes
