#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "src/clients/aws/api/credentials.h"
#include "src/clients/aws/api/credentials/environment.h"
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
  /// `http` outlives the chain.
  CredentialChain(http::HttpClient& http, Environment environment, std::string profile);

  base::Result<Credentials> credentials(const runtime::RequestContext& context) override;
  void forget() override;

 private:
  base::Result<Credentials> find(const runtime::RequestContext& context) const;

  http::HttpClient& http_;
  const Environment environment_;
  const std::string profile_;
  std::mutex mutex_;  // held while renewing, so that many callers renew once
  std::optional<Credentials> kept_;
  base::Timestamp renew_at_;
};

}  // namespace midwatch::clients::aws::api
