#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/api/watch.h"
#include "src/app/watch/investigation_runner.h"
#include "src/base/clock.h"

namespace midwatch::app {

/// The space whose accounts are simulated.
inline constexpr const char* kSandboxSpace = "sandbox";

/// Simulated accounts that this server has started, each with one alarm. The oldest end when there are many.
/// Threads: any number at once. Requires: the clock outlives it.
class SandboxWorlds {
 public:
  explicit SandboxWorlds(const base::Clock& clock);
  ~SandboxWorlds();

  std::vector<api::SandboxWorld> worlds() const { return worlds_; }
  /// The name of the alarm that went off. Errors: kNotFound: no such world.
  base::Result<std::string> start(const std::string& incident, const std::string& world, std::uint64_t seed);
  /// Errors: kNotFound: the account of this incident has ended.
  base::Result<OpenedSpace> open(const std::string& incident);
  /// Of the account that was started last. Errors: kNotFound: none was.
  base::Result<OpenedSpace> open_latest();

 private:
  struct Hosted;
  base::Result<OpenedSpace> open_hosted(const std::shared_ptr<Hosted>& host);

  const base::Clock& clock_;
  std::vector<api::SandboxWorld> worlds_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<Hosted>> hosted_;
};

}  // namespace midwatch::app
