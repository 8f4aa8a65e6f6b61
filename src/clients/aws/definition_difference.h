#pragma once

#include <string>

#include "src/telemetry/attributes.h"

namespace midwatch::clients::aws {

/// What differs between two revisions of a task definition, as a unified diff of its settings (images,
/// limits, environment, secrets, probes), one `path: value` a line. Empty where nothing that is read differs.
std::string definition_difference(const telemetry::Attributes& before, const telemetry::Attributes& after,
                                  const std::string& file);

}  // namespace midwatch::clients::aws
