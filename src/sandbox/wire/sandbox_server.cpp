#include "src/sandbox/wire/sandbox_server.h"

#include <condition_variable>
#include <mutex>

#include <fmt/format.h>

namespace midwatch::sandbox::wire {

base::Result<std::unique_ptr<SandboxServer>> SandboxServer::start(Account& account, const base::Clock& clock,
                                                                  const base::Clock& world_clock,
                                                                  const Options& options) {
  std::unique_ptr<SandboxServer> sandbox(new SandboxServer());
  sandbox->gateway_ = std::make_unique<Gateway>(account, clock, world_clock, options.gateway);
  http::ServerOptions serving;
  serving.port = options.port;
  auto server =
      http::Server::start(serving, [gateway = sandbox->gateway_.get()](const http::ServerRequest& request) {
        return gateway->answer(request);
      });
  if (!server) return std::move(server).error();
  sandbox->server_ = *std::move(server);
  sandbox->gateway_->notifier().serve_at(sandbox->address());
  sandbox->deliveries_ =
      std::jthread([whole = sandbox.get()](const std::stop_token& stop) { whole->deliver(stop); });
  return sandbox;
}

void SandboxServer::deliver(const std::stop_token& stop) {
  // Alarms are evaluated once in a minute; half a second is at once.
  constexpr auto kBetween = std::chrono::milliseconds(500);
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    gateway_->notifier().deliver(stop);
    stopped.wait_for(lock, stop, kBetween, [] { return false; });
  }
}

void SandboxServer::stop() {
  deliveries_.request_stop();
  server_->stop();
}

std::string SandboxServer::address() const {
  return fmt::format("http://127.0.0.1:{}", server_->port());
}

}  // namespace midwatch::sandbox::wire
