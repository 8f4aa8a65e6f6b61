#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/sandbox/world/world.h"

namespace midwatch::app {

/// Reads a world (src/sandbox/world/world_reader.h): a file, or one that is part of the program by its name.
/// Errors: there is neither, and the message lists the names; it is wrong, with line and column.
base::Result<sandbox::world::World> load_world(const std::string& path, std::uint64_t seed,
                                               std::optional<base::Timestamp> asked_at = std::nullopt);

/// The world files at a path: the file itself, or those of a folder, ordered; of an empty path the names of
/// those that are part of the program. Errors: kNotFound.
base::Result<std::vector<std::string>> list_worlds(const std::string& path);

}  // namespace midwatch::app
