#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "src/base/json.h"
#include "src/base/time.h"

namespace midwatch::clients::kubernetes {

/// Gets an object in the API's form, as far as describe shows it, and the line that it stands on.
using DescribedVisitor = std::function<void(const base::Json& object, std::size_t line)>;

/// Reads `kubectl describe` of one or several objects; visits each object after the events that it ends with
/// (in the form of the API's Event). `kind` is the kind that the command named, or empty: then the text's own
/// shape tells it, and the object's kind is empty where it does not. Source: k8s.io/kubectl/pkg/describe,
/// v1.30.
void read_described_objects(std::string_view text, std::string_view kind, std::string_view name_space,
                            std::size_t first_line, std::optional<base::Timestamp> reference_time,
                            const DescribedVisitor& visit);

/// True where a text looks like the output of `kubectl describe`.
bool is_describe(std::string_view text);

}  // namespace midwatch::clients::kubernetes
