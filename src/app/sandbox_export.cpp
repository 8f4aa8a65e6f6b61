#include "src/app/sandbox_export.h"

#include <filesystem>

#include <fmt/format.h>

#include "src/app/world_loading.h"
#include "src/base/try.h"
#include "src/sandbox/world/bundle_export.h"

namespace midwatch::app {

base::Result<void> export_world(const SandboxExport& what) {
  std::error_code error;
  if (std::filesystem::exists(what.folder, error) && !std::filesystem::is_empty(what.folder, error))
    return base::user_error(base::ErrorCode::kConflict, fmt::format("{} is not empty", what.folder));
  MIDWATCH_TRY(auto world, load_world(what.world, what.seed));
  sandbox::world::WorldAccount account(std::move(world), what.seed);
  return sandbox::world::export_bundle(account, account.asked_at(), what.folder);
}

}  // namespace midwatch::app
