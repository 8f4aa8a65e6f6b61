#pragma once

#include <chrono>

#include "src/base/time.h"

namespace midwatch::base {

/// The only way to know what time it is, so that everything else can be replayed.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Civil time, for records that people read.
  virtual Timestamp now() const = 0;
  /// Time that never jumps, for measuring and for deadlines.
  virtual std::chrono::steady_clock::time_point steady_now() const = 0;
  /// The processor time that this process has used so far, all threads together.
  virtual Duration processor_time() const { return Duration::zero(); }
};

/// The machine's own clock. Threads: safe.
class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  std::chrono::steady_clock::time_point steady_now() const override;
  Duration processor_time() const override;
};

/// A clock that moves only when told to.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : now_(start) {}
  Timestamp now() const override { return now_; }
  std::chrono::steady_clock::time_point steady_now() const override { return steady_; }
  void advance(Duration by) {
    now_ += by;
    steady_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(by);
  }

 private:
  Timestamp now_;
  std::chrono::steady_clock::time_point steady_{};
};

}  // namespace midwatch::base
