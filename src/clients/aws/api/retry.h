#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/runtime/request_context.h"

namespace midwatch::clients::aws::api {

/// Gives numbers from 0 up to, not including, 1. Threads: any number at once.
using RandomSource = std::function<double()>;

/// Waits between attempts.
///
/// Errors:  kCancelled, kTimeout of the context.
/// Threads: any number at once.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual base::Result<> wait(const runtime::RequestContext& context, base::Duration duration) = 0;
};

/// Waits in real time; a stop ends the wait at once.
class RealWaiter final : public Waiter {
 public:
  base::Result<> wait(const runtime::RequestContext& context, base::Duration duration) override;
};

/// How often a call is tried again: the SDKs' mode `standard`.
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior"
class RetryPolicy {
 public:
  explicit RetryPolicy(int max_attempts) : max_attempts_(max_attempts) {}

  int max_attempts() const { return max_attempts_; }

  /// True where attempt number `next` (from 2) may be made; takes its cost out of the quota that all calls of
  /// a service share, so that a service that is down is not asked three times as often.
  bool may_retry(int next, bool timed_out);
  void succeeded();

  /// The wait before attempt `next`: random up to 1, 2, 4, … seconds, at most 20; at least what the service
  /// asked for.
  static base::Duration delay(int next, double random, std::optional<std::chrono::milliseconds> retry_after);

 private:
  const int max_attempts_;
  std::mutex mutex_;
  int quota_ = 500;
};

/// Keeps the calls of one API under its published limit, and lowers that when the service says it is too
/// much.
///
/// Units:   calls a second.
/// Threads: any number at once.
class RateLimiter {
 public:
  /// `per_second` 0: no limit until the service throttles.
  explicit RateLimiter(double per_second);

  /// Takes one call; how long to wait before making it.
  base::Duration take(std::chrono::steady_clock::time_point now);
  void throttled(std::chrono::steady_clock::time_point now);
  void succeeded();
  double rate() const;

 private:
  double measured_rate(std::chrono::steady_clock::time_point now) const;

  const double published_;
  mutable std::mutex mutex_;
  double rate_;  // 0: no limit
  std::optional<std::chrono::steady_clock::time_point> next_free_;
  std::chrono::steady_clock::time_point window_start_{};
  double window_calls_ = 0;
};

}  // namespace midwatch::clients::aws::api
