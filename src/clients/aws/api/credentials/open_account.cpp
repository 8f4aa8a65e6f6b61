#include "src/clients/aws/api/credentials/open_account.h"

#include <mutex>
#include <random>
#include <utility>

#include "src/base/ascii.h"
#include "src/base/ids.h"
#include "src/base/try.h"
#include "src/clients/aws/api/aws_client.h"
#include "src/clients/aws/api/credentials/account_settings.h"
#include "src/clients/aws/api/credentials/credential_chain.h"
#include "src/clients/aws/api/credentials/instance_metadata.h"
#include "src/http/curl_client.h"
#include "src/http/http_date.h"

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

/// Remembers by how much the dates of answers differ from this machine's clock.
class ClockReader final : public http::HttpClient {
 public:
  explicit ClockReader(http::HttpClient& inner) : inner_(inner) {}

  base::Result<http::HttpResponse> send(const runtime::RequestContext& context,
                                        const http::HttpRequest& request) override {
    auto response = inner_.send(context, request);
    if (!response) return response;
    if (const auto theirs = http::parse_http_date(response->header("date"))) {
      const std::lock_guard lock(mutex_);
      offset_ = *theirs - std::chrono::floor<std::chrono::seconds>(context.clock().now());
    }
    return response;
  }
  std::optional<base::Duration> offset() const {
    const std::lock_guard lock(mutex_);
    return offset_;
  }

 private:
  http::HttpClient& inner_;
  mutable std::mutex mutex_;
  std::optional<base::Duration> offset_;
};

/// A client that owns everything it works with.
class OwningAccount final : public Account {
 public:
  OwningAccount(const base::Clock& clock, Environment environment, const AccountOptions& options,
                ClientSettings settings)
      : credentials_(http_, std::move(environment), options.profile, options.role),
        ids_(clock),
        region_(settings.region),
        client_(make_aws_client({dated_, credentials_, waiter_, ids_, [this] { return random_(); }},
                                std::move(settings))) {}

  base::Result<base::Json> call(const runtime::RequestContext& context, const ApiRequest& request) override {
    return client_->call(context, request);
  }
  base::Result<CodePackage> fetch_code(const runtime::RequestContext& context,
                                       const ApiRequest& request) override {
    return client_->fetch_code(context, request);
  }
  base::Result<Credentials> credentials(const runtime::RequestContext& context) override {
    return credentials_.credentials(context);
  }
  const std::string& region() const override { return region_; }
  std::optional<base::Duration> clock_offset() const override { return dated_.offset(); }

 private:
  http::CurlClient http_;
  ClockReader dated_{http_};
  CredentialChain credentials_;
  RealWaiter waiter_;
  base::Uuid7Generator ids_;
  SystemRandom random_;
  std::string region_;
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

base::Result<std::unique_ptr<Account>> open_account(const runtime::RequestContext& context,
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
  return std::unique_ptr<Account>(
      std::make_unique<OwningAccount>(clock, std::move(environment), options, std::move(settings)));
}

}  // namespace midwatch::clients::aws::api
