#pragma once

#include <map>
#include <string>
#include <string_view>

#include "src/sandbox/world/fields.h"
#include "src/sandbox/world/node.h"

namespace midwatch::sandbox::world {

/// Replaces `${name}` in all scalars and keys by its value. An unknown name is a fault.
void fill_placeholders(Node& node, const std::map<std::string, std::string>& values, Faults& faults);

}  // namespace midwatch::sandbox::world
