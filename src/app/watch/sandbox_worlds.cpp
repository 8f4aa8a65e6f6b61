#include "src/app/watch/sandbox_worlds.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "src/app/sandbox_hosting.h"
#include "src/app/world_loading.h"
#include "src/base/try.h"
#include "src/clients/aws/api/credentials/open_account.h"

namespace midwatch::app {
namespace {

/// Each is a server of its own with some ten megabytes.
constexpr std::size_t kMostHosted = 16;
/// What a call to a real account takes, so that one can watch.
constexpr std::chrono::milliseconds kLatency{80};

/// A client that keeps its account alive.
class HostedApi final : public clients::aws::api::Api {
 public:
  HostedApi(std::shared_ptr<void> host, std::unique_ptr<clients::aws::api::Account> account)
      : host_(std::move(host)), account_(std::move(account)) {}

  base::Result<base::Json> call(const runtime::RequestContext& context,
                                const clients::aws::api::ApiRequest& request) override {
    return account_->call(context, request);
  }
  base::Result<clients::aws::api::CodePackage> fetch_code(
      const runtime::RequestContext& context, const clients::aws::api::ApiRequest& request) override {
    return account_->fetch_code(context, request);
  }

 private:
  std::shared_ptr<void> host_;
  std::unique_ptr<clients::aws::api::Account> account_;
};

}  // namespace

struct SandboxWorlds::Hosted {
  std::string incident;
  HostedSandbox sandbox;
};

SandboxWorlds::SandboxWorlds(const base::Clock& clock) : clock_(clock) {
  const auto names = list_worlds("");
  if (!names) return;
  for (const std::string& name : *names)
    if (const auto world = load_world(name, 1)) worlds_.push_back({name, world->title, kSandboxSpace});
}

SandboxWorlds::~SandboxWorlds() = default;

base::Result<std::string> SandboxWorlds::start(const std::string& incident, const std::string& world,
                                               std::uint64_t seed) {
  // Only names: whoever may use the API must not make the server read a file.
  if (std::none_of(worlds_.begin(), worlds_.end(), [&](const auto& w) { return w.name == world; }))
    return base::user_error(base::ErrorCode::kNotFound, "the sandbox has no world of this name");
  auto hosted = std::make_shared<Hosted>();
  hosted->incident = incident;
  SandboxHosting what;
  what.world = world;
  what.seed = seed;
  what.latency = kLatency;
  MIDWATCH_TRY_VOID(hosted->sandbox.start(what, clock_));
  std::string alarm = hosted->sandbox.alarm();
  const std::lock_guard lock(mutex_);
  hosted_.push_back(std::move(hosted));
  if (hosted_.size() > kMostHosted) hosted_.pop_front();
  return alarm;
}

base::Result<OpenedSpace> SandboxWorlds::open(const std::string& incident) {
  std::shared_ptr<Hosted> host;
  {
    const std::lock_guard lock(mutex_);
    const auto at =
        std::find_if(hosted_.begin(), hosted_.end(), [&](const auto& h) { return h->incident == incident; });
    if (at != hosted_.end()) host = *at;
  }
  if (!host) {
    return base::user_error(base::ErrorCode::kNotFound,
                            "the simulated account of this incident has ended; start its world once more");
  }
  return open_hosted(host);
}

base::Result<OpenedSpace> SandboxWorlds::open_latest() {
  std::shared_ptr<Hosted> host;
  {
    const std::lock_guard lock(mutex_);
    if (!hosted_.empty()) host = hosted_.back();
  }
  if (!host) return base::user_error(base::ErrorCode::kNotFound, "no simulated account was started yet");
  return open_hosted(host);
}

base::Result<OpenedSpace> SandboxWorlds::open_hosted(const std::shared_ptr<Hosted>& host) {
  MIDWATCH_TRY(auto account, clients::aws::api::open_account(
                                 runtime::RequestContext::unlimited(clock_), clock_,
                                 clients::aws::api::Environment(host->sandbox.environment()), {}));
  return OpenedSpace{std::make_shared<HostedApi>(host, std::move(account)), {}};
}

}  // namespace midwatch::app
