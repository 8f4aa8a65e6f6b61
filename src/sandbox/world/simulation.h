#pragma once

#include <cstdint>

#include "src/sandbox/world/history.h"
#include "src/sandbox/world/world.h"

namespace midwatch::sandbox::world {

/// Lets a world run from its history to its horizon, minute by minute. The same world and seed give the same
/// history.
History simulate(const World& world, std::uint64_t seed);

}  // namespace midwatch::sandbox::world
