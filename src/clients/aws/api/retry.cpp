#include "src/clients/aws/api/retry.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>

namespace midwatch::clients::aws::api {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// Costs and the full quota of 500 are those of the SDKs' standard mode.
constexpr int kFullQuota = 500;
constexpr int kRetryCost = 5;
constexpr int kTimeoutCost = 10;
constexpr double kLongestDelaySeconds = 20;

// A throttled client goes down to 70 % of what it sent, as the SDKs' adaptive mode, and regains a tenth of
// that with each success; below one call in five seconds it would look like an outage.
constexpr double kThrottledShare = 0.7;
constexpr double kRegainedShare = 0.1;
constexpr double kLowestRate = 0.2;
constexpr double kNoLimitAbove = 1000;  // calls a second that one process never sends
constexpr double kBurstSeconds = 1;     // a second's worth of calls may come at once

std::chrono::steady_clock::duration steady_seconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(seconds));
}

}  // namespace

base::Result<> RealWaiter::wait(const runtime::RequestContext& context, base::Duration duration) {
  if (const auto left = context.remaining()) duration = std::min(duration, *left);
  std::mutex mutex;
  std::condition_variable_any over;
  std::unique_lock lock(mutex);
  over.wait_for(lock, context.stop(), duration, [] { return false; });
  return context.check();
}

bool RetryPolicy::may_retry(int next, bool timed_out) {
  if (next > max_attempts_) return false;
  const int cost = timed_out ? kTimeoutCost : kRetryCost;
  const std::lock_guard lock(mutex_);
  if (quota_ < cost) return false;
  quota_ -= cost;
  return true;
}

void RetryPolicy::succeeded() {
  const std::lock_guard lock(mutex_);
  quota_ = std::min(kFullQuota, quota_ + 1);
}

base::Duration RetryPolicy::delay(int next, double random,
                                  std::optional<std::chrono::milliseconds> retry_after) {
  const double most = std::min(std::exp2(next - 2), kLongestDelaySeconds);
  const auto own = base::duration_from_seconds(random * most);
  return retry_after ? std::max<base::Duration>(own, *retry_after) : own;
}

RateLimiter::RateLimiter(double per_second) : published_(per_second), rate_(per_second) {}

double RateLimiter::rate() const {
  const std::lock_guard lock(mutex_);
  return rate_;
}

double RateLimiter::measured_rate(SteadyTime now) const {
  const double seconds = std::chrono::duration<double>(now - window_start_).count();
  return window_calls_ / std::max(seconds, 1.0);
}

base::Duration RateLimiter::take(SteadyTime now) {
  const std::lock_guard lock(mutex_);
  constexpr auto kWindow = std::chrono::seconds(2);
  if (window_calls_ == 0 || now - window_start_ > kWindow) {
    window_start_ = now;
    window_calls_ = 0;
  }
  ++window_calls_;
  if (rate_ == 0) return base::Duration::zero();
  // The generic cell rate algorithm: `next_free_` moves on by one interval with each call, and may lag behind
  // the clock by the burst.
  const auto interval = steady_seconds(1 / rate_);
  const auto burst =
      std::max(steady_seconds(kBurstSeconds) - interval, std::chrono::steady_clock::duration::zero());
  const auto start = next_free_ ? std::max(*next_free_, now - burst) : now - burst;
  next_free_ = start + interval;
  return start <= now ? base::Duration::zero() : std::chrono::duration_cast<base::Duration>(start - now);
}

void RateLimiter::throttled(SteadyTime now) {
  const std::lock_guard lock(mutex_);
  const double sent = measured_rate(now);
  const double from = rate_ == 0 ? sent : std::min(rate_, std::max(sent, kLowestRate));
  rate_ = std::max(from * kThrottledShare, kLowestRate);
  next_free_ = std::max(next_free_.value_or(now), now);  // what was saved up for a burst is gone
}

void RateLimiter::succeeded() {
  const std::lock_guard lock(mutex_);
  if (rate_ == 0 || rate_ == published_) return;
  rate_ *= 1 + kRegainedShare;
  if (published_ != 0) {
    rate_ = std::min(rate_, published_);
  } else if (rate_ > kNoLimitAbove) {
    rate_ = 0;
    next_free_.reset();
  }
}

}  // namespace midwatch::clients::aws::api
