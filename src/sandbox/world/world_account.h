#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/base/result.h"
#include "src/sandbox/account.h"
#include "src/sandbox/world/answers.h"

namespace midwatch::sandbox::world {

/// A simulated account that answers from the history of a world. What it says of a moment follows from the
/// call's own time alone; nothing that lies after it, and nothing of the world's truth, can be asked for.
class WorldAccount : public Account {
 public:
  WorldAccount(World world, std::uint64_t seed);

  tl::expected<base::Json, AccountError> answer(const AccountCall& call) override;

  /// The package of a function's code as it is deployed at this time, a zip archive; nothing where there is
  /// no such function.
  std::optional<std::string> code_package(const std::string& function, base::Timestamp now) const;

  const World& world() const { return world_; }
  const History& history() const { return history_; }
  /// When an alarm of the world first fires after time zero; time zero where none does.
  base::Timestamp alarm_time() const;
  /// When the world means to be asked.
  base::Timestamp asked_at() const;

 private:
  World world_;
  History history_;
  std::map<std::pair<std::string, std::string>, Handler, std::less<>> handlers_;
};

}  // namespace midwatch::sandbox::world
