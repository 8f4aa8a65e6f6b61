#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/gateway.h"

namespace midwatch::sandbox::wire {

/// A simulated AWS account on loopback, for clients that are told its address (`--endpoint-url`).
///
/// Threads: `stop` from any.
class SandboxServer {
 public:
  struct Options {
    std::uint16_t port = 0;  ///< 0: any free one
    GatewayOptions gateway;
  };

  /// The account and the clocks must outlive the server.
  static base::Result<std::unique_ptr<SandboxServer>> start(Account& account, const base::Clock& clock,
                                                            const base::Clock& world_clock,
                                                            const Options& options);

  /// `http://127.0.0.1:PORT`
  std::string address() const;
  Gateway& gateway() { return *gateway_; }
  void stop();

 private:
  SandboxServer() = default;
  void deliver(const std::stop_token& stop);
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<http::Server> server_;
  std::jthread deliveries_;  ///< of messages to subscribers
};

}  // namespace midwatch::sandbox::wire
