#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "src/app/watch/serve_config.h"
#include "src/base/clock.h"
#include "src/base/log.h"
#include "src/store/store.h"

namespace midwatch::app {

using SpaceConfigs = std::map<std::string, SpaceConfig, std::less<>>;

struct Forgotten {
  std::size_t incidents = 0;
  std::vector<std::string> too_large;  ///< spaces that are still larger than they may be: nothing more may go
};

/// Deletes the incidents that were resolved longer ago than their space keeps them, the oldest of a space
/// that holds more than it may, with all that belongs to them, answers to idempotency keys whose day is over,
/// sign-ins that have ended, and old failed tries. What is open or held stays. Errors: of the store.
base::Result<Forgotten> forget_old(store::Store& store, const SpaceConfigs& spaces, base::Timestamp now);

/// Tells whether a clock is steady enough to delete something by it: one that was set to next year would take
/// all that is a year old, and nothing would bring it back.
class ClockWatch {
 public:
  explicit ClockWatch(const base::Clock& clock) : clock_(clock) {}

  /// True where civil time went on since the last look as time itself did. The first look has nothing to go
  /// by.
  bool is_steady();

 private:
  struct Look {
    base::Timestamp civil;
    std::chrono::steady_clock::time_point steady;
  };
  const base::Clock& clock_;
  std::optional<Look> last_;
};

/// Does so every hour while the clock is steady, first some minutes after the start, on a thread of its own.
/// Requires: what is referred to outlives it.
class Housekeeping {
 public:
  Housekeeping(store::Store& store, const SpaceConfigs& spaces, const base::Clock& clock, base::Log log);

 private:
  std::mutex mutex_;
  std::condition_variable_any never_;
  std::jthread thread_;
};

}  // namespace midwatch::app
