#include "src/runtime/request_context.h"

#include <algorithm>

namespace midwatch::runtime {

RequestContext RequestContext::within(base::Duration budget) const {
  const auto own =
      clock_->steady_now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(budget);
  return {*clock_, deadline_ ? std::min(*deadline_, own) : own, stop_};
}

std::optional<base::Duration> RequestContext::remaining() const {
  if (!deadline_) return std::nullopt;
  return std::max(base::Duration::zero(),
                  std::chrono::duration_cast<base::Duration>(*deadline_ - clock_->steady_now()));
}

base::Result<> RequestContext::check() const {
  if (stop_.stop_requested()) return base::user_error(base::ErrorCode::kCancelled, "cancelled");
  if (deadline_ && clock_->steady_now() >= *deadline_) {
    return base::environment_error(base::ErrorCode::kTimeout, "the deadline has passed");
  }
  return {};
}

}  // namespace midwatch::runtime
