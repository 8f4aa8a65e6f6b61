#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/http/server/server.h"

namespace midwatch::sandbox::wire {

/// What goes wrong with a call.
enum class FaultKind {
  kThrottled,    ///< refused in the service's own words, with Retry-After where the plan says one
  kServerError,  ///< 500, or another status that the plan says
  kDenied,       ///< refused as for a missing permission
  kTruncated,    ///< the whole length is announced, a part of the body is sent, the connection closed
  kStalled,      ///< the answer comes late
  kClosed,       ///< the connection is closed without an answer
};

/// One rule of a plan: which calls, and what goes wrong with them.
struct Fault {
  FaultKind kind = FaultKind::kThrottled;
  /// `logs FilterLogEvents`, or `logs` for all of a service; empty: every call. A download of code is
  /// `s3 GetObject`.
  std::vector<std::string> operations;
  /// Which of the calls that the rule applies to, counted from 1.
  std::uint64_t first = 1;
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  std::optional<std::chrono::milliseconds> retry_after{};  ///< of kThrottled and kServerError
  std::optional<int> status{};         ///< of kThrottled and kServerError, where not the service's own
  std::chrono::milliseconds stall{0};  ///< of kStalled
  std::optional<std::size_t> bytes{};  ///< of kTruncated; nothing: half of the body
};

/// Reads a plan:
///
///     faults:
///       - fault: throttled        # or server-error, denied, truncated, stalled, closed
///         operations: [logs FilterLogEvents, xray]
///         calls: 1-3              # 4, 4-, or absent for all
///         retry_after: 2s
///
/// Errors: kMalformed with `path:line:column`, also for an unknown key, operation or fault.
base::Result<std::vector<Fault>> read_fault_plan(std::string_view text, const std::string& path);

/// Counts calls and decides which goes wrong: the first rule that covers a call's number.
///
/// Threads: safe.
class FaultPlan {
 public:
  /// Starts counting anew.
  void set(std::vector<Fault> faults);
  /// Counts one call of an operation with every rule that applies to it.
  std::optional<Fault> next(std::string_view service, std::string_view operation);

 private:
  struct Counted {
    Fault fault;
    std::uint64_t calls = 0;
  };
  std::mutex mutex_;
  std::vector<Counted> rules_;
};

/// Spoils an answer as a fault of kTruncated, kStalled or kClosed says; of another kind, adds what belongs to
/// the refusal that was made of it.
void spoil(http::ServerResponse& response, const Fault& fault);

}  // namespace midwatch::sandbox::wire
