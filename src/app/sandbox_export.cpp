#include "src/app/sandbox_export.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/sandbox/world/bundle_export.h"
#include "src/sandbox/world/world_reader.h"

namespace midwatch::app {

base::Result<void> export_world(const SandboxExport& what) {
  std::ifstream in(what.world, std::ios::binary);
  if (!in)
    return base::user_error(base::ErrorCode::kNotFound, fmt::format("cannot read the world {}", what.world));
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::error_code error;
  if (std::filesystem::exists(what.folder, error) && !std::filesystem::is_empty(what.folder, error))
    return base::user_error(base::ErrorCode::kConflict, fmt::format("{} is not empty", what.folder));
  MIDWATCH_TRY(auto world, sandbox::world::read_world(text, what.world, what.seed));
  sandbox::world::WorldAccount account(std::move(world), what.seed);
  return sandbox::world::export_bundle(account, account.asked_at(), what.folder);
}

}  // namespace midwatch::app
