#pragma once

#include <string_view>
#include <vector>

namespace midwatch::sandbox::world {

/// A world file that is part of the program.
struct EmbeddedWorld {
  std::string_view name;  ///< of its file, without the ending
  std::string_view text;
};

/// Those of sandbox/worlds, ordered by name.
const std::vector<EmbeddedWorld>& embedded_worlds();

}  // namespace midwatch::sandbox::world
