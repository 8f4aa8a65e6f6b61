#include "src/app/world_loading.h"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "src/sandbox/world/world_reader.h"

namespace midwatch::app {

base::Result<sandbox::world::World> load_world(const std::string& path, std::uint64_t seed,
                                               std::optional<base::Timestamp> asked_at) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::user_error(base::ErrorCode::kNotFound, fmt::format("cannot read the world {}", path));
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return sandbox::world::read_world(text, path, seed, asked_at);
}

}  // namespace midwatch::app
