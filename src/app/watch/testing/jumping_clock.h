#pragma once

#include <atomic>

#include "src/base/clock.h"

namespace midwatch::app::testing {

/// Another clock whose civil time somebody sets: forward, backward, while others look. Threads: safe.
class JumpingClock final : public base::Clock {
 public:
  explicit JumpingClock(const base::Clock& inner) : inner_(inner) {}
  base::Timestamp now() const override { return inner_.now() + base::Duration(ahead_.load()); }
  std::chrono::steady_clock::time_point steady_now() const override { return inner_.steady_now(); }

  /// So far ahead of the inner clock it is from now on.
  void set_ahead(base::Duration ahead) { ahead_ = ahead.count(); }

 private:
  const base::Clock& inner_;
  std::atomic<base::Duration::rep> ahead_ = 0;
};

}  // namespace midwatch::app::testing
