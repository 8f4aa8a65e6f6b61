#pragma once

#include <cstdint>
#include <string>

#include "src/base/result.h"

namespace midwatch::app {

/// What `midwatch sandbox export` is asked to do.
struct SandboxExport {
  std::string world;  ///< path of a world file
  std::uint64_t seed = 1;
  std::string folder;
};

/// Simulates a world and writes what its account answers as an incident bundle.
/// Errors: the world cannot be read or is wrong; the folder holds something or cannot be written.
base::Result<void> export_world(const SandboxExport& what);

}  // namespace midwatch::app
