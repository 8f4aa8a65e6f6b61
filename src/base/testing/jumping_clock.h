#pragma once

#include <atomic>

#include "src/base/clock.h"

namespace midwatch::base::testing {

/// Another clock whose civil time somebody sets: forward, backward, while others look. Threads: safe.
class JumpingClock final : public Clock {
 public:
  explicit JumpingClock(const Clock& inner) : inner_(inner) {}
  Timestamp now() const override { return inner_.now() + Duration(ahead_.load()); }
  std::chrono::steady_clock::time_point steady_now() const override { return inner_.steady_now(); }

  /// So far ahead of the inner clock it is from now on.
  void set_ahead(Duration ahead) { ahead_ = ahead.count(); }

 private:
  const Clock& inner_;
  std::atomic<Duration::rep> ahead_ = 0;
};

}  // namespace midwatch::base::testing
