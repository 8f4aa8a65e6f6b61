#pragma once

#include <cstdint>
#include <string>

#include "src/base/result.h"
#include "src/sandbox/world/world_account.h"

namespace midwatch::sandbox::world {

/// Asks an account everything that an investigation could want to know at one moment, and writes the answers
/// as an incident bundle. Errors: the folder cannot be written.
base::Result<void> export_bundle(WorldAccount& account, base::Timestamp now, const std::string& folder);

}  // namespace midwatch::sandbox::world
