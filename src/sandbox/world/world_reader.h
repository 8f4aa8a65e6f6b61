#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/sandbox/world/world.h"

namespace midwatch::sandbox::world {

/// Reads a world file. The seed chooses among the names that the file offers and, where `asked_at` does not
/// say when the world means to be asked, the day and the hour. Errors: kMalformed with `path:line:column` and
/// what is wrong: no YAML, an unknown key, another shape, a name that nothing has.
base::Result<World> read_world(std::string_view text, const std::string& path, std::uint64_t seed,
                               std::optional<base::Timestamp> asked_at = std::nullopt);

}  // namespace midwatch::sandbox::world
