#include "src/clients/aws/api/credentials/open_account.h"

#include <mutex>
#include <random>
#include <utility>

#include "src/base/ascii.h"
#include "src/base/ids.h"
#include "src/base/try.h"
#include "src/clients/aws/api/api.h"
#include "src/clients/aws/api/aws_client.h"
#include "src/clients/aws/api/credentials/account_settings.h"
#include "src/clients/aws/api/credentials/credential_chain.h"
#include "src/clients/aws/api/credentials/instance_metadata.h"
#include "src/http/curl_client.h"

namespace midwatch::clients::aws::api {
namespace {

/// Jitter that differs between processes. Threads: any number at once.
class SystemRandom {
 public:
  double operator()() {
    const std::lock_guard lock(mutex_);
    return std::uniform_real_distribution<double>(0, 1)(engine_);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_{std::random_device()()};
};

/// A client that owns everything it works with.
class Account final : public Api {
 public:
  Account(const base::Clock& clock, Environment environment, std::string profile, ClientSettings settings)
      : credentials_(http_, std::move(environment), std::move(profile)),
        ids_(clock),
        client_(make_aws_client({http_, credentials_, waiter_, ids_, [this] { return random_(); }},
                                std::move(settings))) {}

  base::Result<base::Json> call(const runtime::RequestContext& context, const ApiRequest& request) override {
    return client_->call(context, request);
  }

 private:
  http::CurlClient http_;
  CredentialChain credentials_;
  RealWaiter waiter_;
  base::Uuid7Generator ids_;
  SystemRandom random_;
  std::unique_ptr<Api> client_;
};

/// The region that the instance runs in; empty where this is none.
std::string instance_region(const runtime::RequestContext& context, const Environment& environment) {
  if (environment.is_true("AWS_EC2_METADATA_DISABLED")) return {};
  http::CurlClient http;
  InstanceMetadata metadata(http, environment);
  const auto region = metadata.read(context, "/latest/meta-data/placement/region");
  return region ? std::string(base::trim(*region)) : std::string();
}

}  // namespace

base::Result<std::unique_ptr<Api>> open_account(const runtime::RequestContext& context,
                                                const base::Clock& clock, Environment environment,
                                                const AccountOptions& options) {
  MIDWATCH_TRY(SharedConfig config, read_shared_config(environment));
  const std::string profile = options.profile.empty() ? default_profile(environment) : options.profile;
  ClientSettings settings;
  settings.region = options.region.empty() ? configured_region(environment, config, profile) : options.region;
  if (settings.region.empty()) settings.region = instance_region(context, environment);
  settings.max_attempts = configured_attempts(environment, config, profile);
  settings.endpoint = [environment, config = std::move(config), profile](const Service& service) {
    return configured_endpoint(environment, config, profile, service.id);
  };
  return std::unique_ptr<Api>(
      std::make_unique<Account>(clock, std::move(environment), options.profile, std::move(settings)));
}

}  // namespace midwatch::clients::aws::api
