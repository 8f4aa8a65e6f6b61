#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace midwatch::observe::series {

/// Remembers what was announced, so that one event is announced once.
///
/// An anomaly goes on for a while, and its echoes in sliding windows for longer. A score counts only where it
/// exceeds what was announced lately by a margin; the bar sinks with time and is gone after kMemory rows.
/// Threads: one at a time.
class AnnouncementMemory {
 public:
  /// The score itself where it is news, 0 where it is not. Each call is one row later.
  /// Shape: 0 … 1, in and out.
  double news(double score);

  static constexpr std::uint64_t kMemory = 400;  ///< rows

 private:
  struct Announced {
    std::uint64_t row;
    double score;
  };

  double bar() const;

  std::deque<Announced> announced_;  ///< older ones have higher scores
  std::uint64_t row_ = 0;
};

}  // namespace midwatch::observe::series
