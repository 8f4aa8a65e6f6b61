#include "src/clients/aws/api/credentials/credential_chain.h"

#include <algorithm>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/clients/aws/api/credentials/shared_config.h"
#include "src/clients/aws/api/credentials/source_context.h"

namespace midwatch::clients::aws::api {
namespace {

// A signed request is refused when its token ends on the way, so renewal begins early, as in botocore; but
// not before half of a short life is over, or each call would renew.
constexpr auto kRenewBefore = std::chrono::minutes(15);

base::Timestamp renewal_time(const Credentials& credentials, base::Timestamp now) {
  if (!credentials.expires_at) return base::Timestamp::max();
  return *credentials.expires_at -
         std::min<base::Duration>(kRenewBefore, (*credentials.expires_at - now) / 2);
}

bool is_role(const SharedConfig& config, const std::string& profile) {
  return !setting(config.profile(profile), "role_arn").empty() ||
         !setting(config.credentials_of(profile), "role_arn").empty();
}

}  // namespace

CredentialChain::CredentialChain(http::HttpClient& http, Environment environment, std::string profile,
                                 std::optional<RoleRequest> role)
    : http_(http),
      environment_(std::move(environment)),
      profile_(std::move(profile)),
      role_(std::move(role)) {}

base::Result<Credentials> CredentialChain::find(const runtime::RequestContext& context) const {
  MIDWATCH_TRY(const SharedConfig config, read_shared_config(environment_));
  const SourceContext from{context, http_, environment_, config,
                           profile_.empty() ? default_profile(environment_) : profile_};
  MIDWATCH_TRY(Credentials first, find_first(from));
  if (!role_) return first;
  return assume_role(from, first, *role_, fmt::format("role {} by {}", role_->role_arn, first.source));
}

base::Result<Credentials> CredentialChain::find_first(const SourceContext& from) const {
  const bool named = !profile_.empty();
  const std::string& profile = from.profile;
  const SharedConfig& config = from.config;
  if (profile != "default" && !config.has_profile(profile)) {
    return base::user_error(base::ErrorCode::kUnauthenticated,
                            fmt::format("the AWS configuration has no profile {}", profile));
  }
  const auto of_profile = [&profile](const SourceContext& source) {
    return profile_credentials(source, profile);
  };
  std::vector<std::function<FoundCredentials(const SourceContext&)>> sources;
  if (!named) sources.emplace_back(environment_credentials);
  if (is_role(config, profile)) sources.emplace_back(of_profile);
  if (!named) sources.emplace_back(web_identity_credentials);
  sources.insert(sources.end(), {of_profile, container_credentials, instance_credentials});
  for (const auto& source : sources) {
    MIDWATCH_TRY(std::optional<Credentials> found, source(from));
    if (found) return std::move(*found);
  }
  MIDWATCH_TRY_VOID(from.context.check());
  return base::user_error(
      base::ErrorCode::kUnauthenticated,
      fmt::format(
          "no AWS credentials: none in the environment, in profile {}, of a container or of an instance; "
          "run 'aws configure', or set AWS_PROFILE",
          profile));
}

base::Result<Credentials> CredentialChain::credentials(const runtime::RequestContext& context) {
  const std::lock_guard lock(mutex_);
  const auto now = context.clock().now();
  if (kept_ && now < renew_at_) return *kept_;
  auto found = find(context);
  if (!found) {
    // The issuer is not there, but what it gave still holds for a while.
    if (kept_ && now < *kept_->expires_at) return *kept_;
    return found;
  }
  if (found->expires_at && *found->expires_at <= now) {
    return base::user_error(base::ErrorCode::kUnauthenticated,
                            fmt::format("the credentials from {} have expired", found->source));
  }
  kept_ = *found;
  renew_at_ = renewal_time(*kept_, now);
  return found;
}

void CredentialChain::forget() {
  const std::lock_guard lock(mutex_);
  kept_.reset();
}

}  // namespace midwatch::clients::aws::api
