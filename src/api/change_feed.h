#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "src/base/log.h"
#include "src/store/store.h"

namespace midwatch::api {

/// That an incident or an investigation is not as it was.
using Change = store::Change;

/// Tells those who wait that something changed. It keeps the last few thousand changes; who was away for
/// longer has to look at the store. Threads: any number at once.
class ChangeFeed {
 public:
  /// Says that this process wrote something. Where the feed follows a store, it is told once it was read
  /// there.
  void publish(Change change);
  /// The number of the last change.
  std::uint64_t last() const;
  struct News {
    std::vector<Change> changes;
    std::uint64_t last = 0;
    bool complete = true;  ///< false: older changes were forgotten
    bool closed = false;   ///< nothing comes any more
  };
  /// What came after `seen`; waits for something to come, at most so long.
  News wait(std::uint64_t seen, std::chrono::milliseconds at_most);
  /// Wakes all who wait, now and from now on: the server stops.
  void close();

 private:
  friend class StoreFollower;
  void keep(Change change);
  void tell(const store::Changes& changes);
  /// Returns when this process wrote something, when it is time, or when it is stopped.
  void wait_for_own(const std::stop_token& stop, std::chrono::milliseconds at_most);

  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::condition_variable_any written_;
  std::deque<Change> changes_;
  std::uint64_t last_ = 0;
  bool follows_ = false;
  bool own_ = false;  ///< this process wrote what was not read yet
  bool closed_ = false;
};

/// Lets a feed tell what any process writes into a store, in the order in which it was kept, from now on.
///
/// Threads: has one of its own. Requires: store and feed outlive it, and the feed has no other.
class StoreFollower {
 public:
  struct Options {
    /// What others wrote is told that late; what this process wrote, at once.
    std::chrono::milliseconds period{250};
    /// Hears of each change, after the feed.
    std::function<void(const Change&)> on_change{};
    base::Log log{};  ///< hears once when the store cannot be read
  };

  StoreFollower(store::Store& store, ChangeFeed& feed, Options options);

 private:
  base::Result<> tell_new();

  store::Store& store_;
  ChangeFeed& feed_;
  Options options_;
  std::optional<std::uint64_t> seen_;
  std::jthread thread_;
};

}  // namespace midwatch::api
