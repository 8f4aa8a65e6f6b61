#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "src/base/time.h"

namespace midwatch::observe::series {

/// What a stream ordinarily is at a time of a cycle (the same time of the day, or of the week), learnt on the
/// way.
///
/// A cycle is cut into slots; of each slot the means of the latest cycles are kept. What is ordinary is the
/// median of the slot and its two neighbours over the earlier cycles, so that neither a past incident nor a
/// few minutes of delay change it.
///
/// Units:   values in those of the stream. Memory is bounded by slots times kept cycles.
/// Threads: one at a time.
class SeasonalLevel {
 public:
  struct Shape {
    base::Duration cycle;
    base::Duration slot;       ///< divides the cycle
    std::size_t least_cycles;  ///< fewer earlier cycles than this are no habit
    std::size_t kept_cycles;
  };

  explicit SeasonalLevel(Shape shape);

  /// The ordinary value at a time, by the cycles before the one that the latest value was in; nothing while
  /// too few are known. Requires: `time` is not before that of the latest value.
  std::optional<double> ordinary_at(base::Timestamp time);

  /// Learns a value. Requires: times ascend.
  void add(base::Timestamp time, double value);

 private:
  struct Slot {
    std::vector<double> means;  ///< of the latest cycles, a ring
    std::size_t next = 0;
  };
  struct Place {
    std::int64_t cycle = 0;
    std::size_t slot = 0;
    friend bool operator==(const Place&, const Place&) = default;
  };

  Place place_of(base::Timestamp time) const;
  void finish_slot();
  std::optional<double> median_around(std::size_t slot) const;

  Shape shape_;
  std::vector<Slot> slots_;
  Place now_;
  double sum_ = 0;
  std::uint64_t count_ = 0;
  std::optional<Place> known_at_;  ///< where `known_` was worked out
  std::optional<double> known_;
};

}  // namespace midwatch::observe::series
