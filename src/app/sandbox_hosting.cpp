#include "src/app/sandbox_hosting.h"

#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "src/app/world_loading.h"
#include "src/base/try.h"
#include "src/http/url.h"
#include "src/sandbox/wire/sandbox_server.h"
#include "src/sandbox/world/world_account.h"

namespace midwatch::app {

struct HostedSandbox::State {
  State(sandbox::world::World world, std::uint64_t seed) : account(std::move(world), seed) {}

  sandbox::world::WorldAccount account;
  std::unique_ptr<sandbox::wire::SandboxServer> server;
};

namespace {

base::Result<> check_subscribers(const SandboxHosting& what) {
  if (what.notify_signature != 1 && what.notify_signature != 2) {
    return base::user_error(base::ErrorCode::kInvalidArgument,
                            "messages are signed in version 1 (SHA-1) or 2 (SHA-256)");
  }
  for (const std::string& address : what.notify) {
    MIDWATCH_TRY(const http::Url url, http::parse_url(address));
    if (url.scheme == "http" && !http::is_loopback(url.host)) {
      return base::user_error(
          base::ErrorCode::kInvalidArgument,
          fmt::format("{} is neither https nor on this machine; messages go nowhere else", address));
    }
  }
  return {};
}

}  // namespace

HostedSandbox::HostedSandbox() = default;
HostedSandbox::~HostedSandbox() = default;

base::Result<> HostedSandbox::start(const SandboxHosting& what, const base::Clock& clock) {
  MIDWATCH_TRY(auto world, load_world(what.world, what.seed, clock.now()));
  state_ = std::make_unique<State>(std::move(world), what.seed);
  sandbox::wire::SandboxServer::Options options;
  options.port = what.port;
  options.gateway.latency = std::chrono::duration_cast<std::chrono::milliseconds>(what.latency);
  options.gateway.seed = what.seed;
  options.gateway.account = state_->account.world().account;
  options.gateway.faults = what.faults;
  MIDWATCH_TRY_VOID(check_subscribers(what));
  options.gateway.notifier = {.endpoints = what.notify,
                              .signature_version = what.notify_signature,
                              .region = region(),
                              .undelivered = what.undelivered};
  options.gateway.packages = [&account = state_->account](const std::string& function, base::Timestamp now) {
    return account.code_package(function, now);
  };
  MIDWATCH_TRY(state_->server, sandbox::wire::SandboxServer::start(state_->account, clock, clock, options));
  return {};
}

std::string HostedSandbox::address() const {
  return state_->server->address();
}
std::string HostedSandbox::region() const {
  return state_->account.world().region;
}
std::string HostedSandbox::access_key() const {
  return sandbox::wire::sandbox_credentials().access_key;
}
std::string HostedSandbox::secret_key() const {
  return sandbox::wire::sandbox_credentials().secret_key;
}
std::map<std::string, std::string, std::less<>> HostedSandbox::environment() const {
  return {{"AWS_ACCESS_KEY_ID", access_key()},
          {"AWS_SECRET_ACCESS_KEY", secret_key()},
          {"AWS_REGION", region()},
          {"AWS_ENDPOINT_URL", address()},
          {"AWS_EC2_METADATA_DISABLED", "true"}};
}
std::string HostedSandbox::alarm() const {
  return state_->account.world().alarm;
}
base::Timestamp HostedSandbox::alarm_time() const {
  return state_->account.alarm_time();
}
const sandbox::world::WorldTruth& HostedSandbox::truth() const {
  return state_->account.world().truth;
}

void HostedSandbox::set_faults(std::vector<sandbox::wire::Fault> faults) {
  state_->server->gateway().set_faults(std::move(faults));
}

base::Result<std::vector<sandbox::wire::Fault>> load_faults(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("the fault plan {} cannot be read; check the path", path));
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return sandbox::wire::read_fault_plan(text, path);
}

}  // namespace midwatch::app
