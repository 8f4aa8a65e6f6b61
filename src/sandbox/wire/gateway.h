#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "src/base/clock.h"
#include "src/http/curl_client.h"
#include "src/http/server/server.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/code_store.h"
#include "src/sandbox/wire/credentials.h"
#include "src/sandbox/wire/fault_plan.h"
#include "src/sandbox/wire/notifier.h"
#include "src/sandbox/wire/paging.h"
#include "src/sandbox/wire/signature.h"
#include "src/sandbox/wire/throttle.h"
#include "src/sandbox/wire/wire_call.h"

namespace midwatch::sandbox::wire {

/// How the gateway behaves towards its clients.
struct GatewayOptions {
  std::chrono::milliseconds latency{0};  ///< added to every answer
  std::uint64_t seed = 1;                ///< of request ids, tokens and session keys
  bool throttles = true;                 ///< at the published limits
  std::string account = "123456789012";  ///< whose the sandbox's key is
  PackageSource packages{};              ///< of functions' code; empty: there is none
  std::vector<Fault> faults{};           ///< what goes wrong besides
  NotifierOptions notifier{};
};

/// Speaks AWS to clients and asks an Account: checks signatures, finds the operation, throttles, pages,
/// encodes. Whatever it does not know it refuses; nothing is answered by default.
///
/// Threads: any.
class Gateway {
 public:
  /// `clock` is what clients sign by; `world_clock` the time that the account is asked about.
  Gateway(Account& account, const base::Clock& clock, const base::Clock& world_clock, GatewayOptions options);

  http::ServerResponse answer(const http::ServerRequest& request);
  /// The keys that it accepts: `sandbox_credentials`, and what is added or issued.
  KeyRing& keys() { return keys_; }
  /// What goes wrong from now on. Calls are counted anew.
  void set_faults(std::vector<Fault> faults) { faults_.set(std::move(faults)); }
  Notifier& notifier() { return notifier_; }

 private:
  http::ServerResponse answer_now(const http::ServerRequest& request, const std::string& request_id);
  tl::expected<base::Json, AccountError> ask(const WireCall& call, const Credentials& who,
                                             const std::string& region);
  tl::expected<base::Json, AccountError> ask_paged(const WireCall& call, AccountCall asked);
  http::ServerResponse answer_download(const http::ServerRequest& request);
  http::ServerResponse answer_call(const http::ServerRequest& request, const Signed& caller,
                                   const std::string& request_id);
  tl::expected<base::Json, AccountError> ask_account(const AccountCall& asked);
  std::string next_request_id();

  Account& account_;
  const base::Clock& clock_;
  const base::Clock& world_clock_;
  GatewayOptions options_;
  std::string secret_;
  KeyRing keys_;
  Pager pager_;
  Throttle throttle_;
  FaultPlan faults_;
  http::CurlClient http_;
  Notifier notifier_;
  std::atomic<std::uint64_t> requests_ = 0;
};

}  // namespace midwatch::sandbox::wire
