#include "src/identity/turns.h"

#include <chrono>

namespace midwatch::identity {
namespace {

/// What a turn takes, about.
constexpr std::chrono::seconds kComeAgain{1};

}  // namespace

base::Result<Turns::Turn> Turns::take() {
  std::unique_lock lock(mutex_);
  if (running_ >= at_once_ && waiting_ >= may_wait_) {
    auto busy = base::environment_error(base::ErrorCode::kUnavailable,
                                        "too many sign in at once; try again in a moment");
    busy.retry_after = kComeAgain;
    return busy;
  }
  ++waiting_;
  ended_.wait(lock, [&] { return running_ < at_once_; });
  --waiting_;
  ++running_;
  return Turn(this);
}

void Turns::end() {
  const std::lock_guard lock(mutex_);
  --running_;
  ended_.notify_one();
}

}  // namespace midwatch::identity
