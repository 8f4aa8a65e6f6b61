#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/sandbox/world/world.h"

namespace midwatch::app {

/// Reads a world file (src/sandbox/world/world_reader.h). Errors: it cannot be read; it is wrong, with line
/// and column.
base::Result<sandbox::world::World> load_world(const std::string& path, std::uint64_t seed,
                                               std::optional<base::Timestamp> asked_at = std::nullopt);

}  // namespace midwatch::app
