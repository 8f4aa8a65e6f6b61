#pragma once

#include <optional>
#include <stop_token>

#include "src/base/clock.h"
#include "src/base/result.h"

namespace midwatch::runtime {

/// What every call that leaves the process is given: until when it may take, and whether it is still wanted.
class RequestContext {
 public:
  RequestContext(const base::Clock& clock, std::optional<std::chrono::steady_clock::time_point> deadline,
                 std::stop_token stop)
      : clock_(&clock), deadline_(deadline), stop_(std::move(stop)) {}

  /// Without a deadline and without cancellation.
  static RequestContext unlimited(const base::Clock& clock) { return {clock, std::nullopt, {}}; }

  /// The same, but over after `budget` at the latest; never later than this one.
  RequestContext within(base::Duration budget) const;

  const base::Clock& clock() const { return *clock_; }
  const std::stop_token& stop() const { return stop_; }
  std::optional<base::Duration> remaining() const;

  /// kCancelled or kTimeout where the call should end now.
  base::Result<> check() const;

 private:
  const base::Clock* clock_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  std::stop_token stop_;
};

}  // namespace midwatch::runtime
