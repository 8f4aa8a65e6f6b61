#pragma once

#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/clients/aws/api/credentials.h"
#include "src/clients/aws/api/credentials/environment.h"
#include "src/clients/aws/api/credentials/shared_config.h"
#include "src/http/http_client.h"
#include "src/runtime/request_context.h"

namespace midwatch::clients::aws::api {

/// What a source of credentials looks at and asks with, for one search.
struct SourceContext {
  const runtime::RequestContext& context;
  http::HttpClient& http;
  const Environment& environment;
  const SharedConfig& config;
  std::string profile;  ///< whose settings count for region and endpoints
};

/// Credentials, or nothing where this source is not configured. An error ends the search: a source that is
/// configured and fails must not be passed over for another identity.
using FoundCredentials = base::Result<std::optional<Credentials>>;

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
FoundCredentials environment_credentials(const SourceContext& from);

/// A web identity token of AWS_WEB_IDENTITY_TOKEN_FILE for AWS_ROLE_ARN (IAM roles for service accounts).
FoundCredentials web_identity_credentials(const SourceContext& from);

/// Whatever the profile says: role, web identity, SSO, keys, process; chains of roles are followed.
FoundCredentials profile_credentials(const SourceContext& from, const std::string& profile);

/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI: ECS tasks and EKS Pod Identity.
FoundCredentials container_credentials(const SourceContext& from);

/// The instance's metadata service, version 2; version 1 only where the service knows no other.
FoundCredentials instance_credentials(const SourceContext& from);

/// The token that `aws sso login` left, exchanged for credentials of the profile's role.
FoundCredentials sso_credentials(const SourceContext& from, const ConfigSection& section,
                                 const std::string& profile);

/// The command of `credential_process`, run without a shell.
FoundCredentials process_credentials(const SourceContext& from, const std::string& command,
                                     const std::string& profile);

}  // namespace midwatch::clients::aws::api
