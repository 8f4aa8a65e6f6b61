#pragma once

#include <cstdint>

#include "src/sandbox/world/history.h"
#include "src/sandbox/world/world.h"

namespace midwatch::sandbox::world {

/// Writes down what the changes of a world leave behind: CloudTrail events, pushed images, updates of
/// functions. Requires: the deployments of `history` are there.
void write_trail(const World& world, std::uint64_t seed, History& history);

}  // namespace midwatch::sandbox::world
