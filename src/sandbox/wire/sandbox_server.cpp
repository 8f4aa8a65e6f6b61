#include "src/sandbox/wire/sandbox_server.h"

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
  return sandbox;
}

std::string SandboxServer::address() const {
  return fmt::format("http://127.0.0.1:{}", server_->port());
}

}  // namespace midwatch::sandbox::wire
