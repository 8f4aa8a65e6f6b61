#include "src/app/world_loading.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "src/sandbox/world/embedded_worlds.h"
#include "src/sandbox/world/world_reader.h"

namespace midwatch::app {
namespace {

namespace fs = std::filesystem;
using sandbox::world::embedded_worlds;

std::vector<std::string> embedded_names() {
  std::vector<std::string> names;
  for (const auto& world : embedded_worlds()) names.emplace_back(world.name);
  return names;
}

}  // namespace

base::Result<sandbox::world::World> load_world(const std::string& path, std::uint64_t seed,
                                               std::optional<base::Timestamp> asked_at) {
  std::ifstream in(path, std::ios::binary);
  if (in && fs::is_regular_file(path)) {
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    return sandbox::world::read_world(text, path, seed, asked_at);
  }
  const auto& worlds = embedded_worlds();
  const auto one = std::find_if(worlds.begin(), worlds.end(), [&](const auto& w) { return w.name == path; });
  if (one == worlds.end()) {
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("there is no world {}: neither a file, nor one of {}", path,
                                        fmt::join(embedded_names(), ", ")));
  }
  return sandbox::world::read_world(one->text, path, seed, asked_at);
}

base::Result<std::vector<std::string>> list_worlds(const std::string& path) {
  if (path.empty()) return embedded_names();
  if (fs::is_regular_file(path)) return std::vector{path};
  std::error_code error;
  std::vector<std::string> files;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".yaml") files.push_back(at->path().string());
  }
  if (files.empty()) {
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("there is no world file (*.yaml) in {}; check the path", path));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace midwatch::app
