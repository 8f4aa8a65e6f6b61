#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "src/clients/aws/api/credentials.h"
#include "src/clients/aws/api/credentials/environment.h"
#include "src/clients/aws/api/credentials/sts.h"
#include "src/http/http_client.h"

namespace midwatch::clients::aws::api {

/// Looks for credentials where the AWS SDKs do, in botocore's order: environment, the profile's role, web
/// identity, the profile's SSO, keys or process, container, instance. Keeps what it found and renews it
/// before it expires.
///
/// Source: botocore 1.43.11, credentials.py
class CredentialChain final : public CredentialSource {
 public:
  /// `profile` empty: the environment's choice. A profile that is named goes before keys in the environment.
  /// With a `role`, what was found takes it on. `http` outlives the chain.
  CredentialChain(http::HttpClient& http, Environment environment, std::string profile,
                  std::optional<RoleRequest> role = std::nullopt);

  base::Result<Credentials> credentials(const runtime::RequestContext& context) override;
  void forget() override;

 private:
  base::Result<Credentials> find(const runtime::RequestContext& context) const;
  base::Result<Credentials> find_first(const SourceContext& from) const;

  http::HttpClient& http_;
  const Environment environment_;
  const std::string profile_;
  const std::optional<RoleRequest> role_;
  std::mutex mutex_;  // held while renewing, so that many callers renew once
  std::optional<Credentials> kept_;
  base::Timestamp renew_at_;
};

}  // namespace midwatch::clients::aws::api
