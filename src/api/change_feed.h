#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace midwatch::api {

/// That an incident or an investigation is not as it was.
struct Change {
  enum class Kind { kIncident, kInvestigation, kJournal, kReport };
  Kind kind = Kind::kIncident;
  std::string id;
  std::string space;
};

/// Tells those who wait that something changed, within this process. It keeps the last few thousand changes;
/// who was away for longer has to look at the store. Threads: any number at once.
class ChangeFeed {
 public:
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
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Change> changes_;
  std::uint64_t last_ = 0;
  bool closed_ = false;
};

}  // namespace midwatch::api
