#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"
#include "src/sandbox/account.h"

namespace midwatch::sandbox::wire {

/// Token buckets: one for each operation of an account and region, of the size that AWS publishes.
///
/// Threads: safe.
class Throttle {
 public:
  /// Takes one token; the refusal in the words of the service where there is none.
  std::optional<AccountError> take(std::string_view service, std::string_view operation,
                                   std::string_view region, base::Timestamp now);

 private:
  struct Bucket {
    double tokens = 0;
    base::Timestamp filled;
  };
  std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

/// How a service says that it is asked too often.
AccountError throttled(std::string_view service);

}  // namespace midwatch::sandbox::wire
