#pragma once

#include <string>
#include <utility>
#include <vector>

#include "src/base/json.h"
#include "src/telemetry/attributes.h"
#include "src/telemetry/entity.h"

namespace midwatch::clients::kubernetes {

/// Adds what an object of the API says under the paths of src/observe/state/README.md.
void add_kind(const base::Json& object, const std::string& kind, telemetry::Attributes& into);

/// What the object depends on by its own words: entity id and relation.
std::vector<std::pair<std::string, telemetry::RelationKind>> dependencies_of(const base::Json& object,
                                                                             const std::string& kind,
                                                                             const std::string& name_space);

/// Who depends on the object by its own words: a claim names the pods that use it, an autoscaler its target.
std::vector<std::string> dependents_of(const base::Json& object, const std::string& kind,
                                       const std::string& name_space);

}  // namespace midwatch::clients::kubernetes
