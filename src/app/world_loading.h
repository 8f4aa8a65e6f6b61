#pragma once

#include <cstdint>
#include <string>

#include "src/base/result.h"
#include "src/sandbox/world/world.h"

namespace midwatch::app {

/// Reads a world file. Errors: it cannot be read; it is wrong, with line and column.
base::Result<sandbox::world::World> load_world(const std::string& path, std::uint64_t seed);

}  // namespace midwatch::app
