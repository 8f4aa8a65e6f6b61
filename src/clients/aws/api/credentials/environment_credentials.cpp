#include "src/clients/aws/api/credentials/credential_document.h"
#include "src/clients/aws/api/credentials/source_context.h"

namespace midwatch::clients::aws::api {

FoundCredentials environment_credentials(const SourceContext& from) {
  Credentials credentials{.access_key_id = from.environment.get("AWS_ACCESS_KEY_ID"),
                          .secret_access_key = from.environment.get("AWS_SECRET_ACCESS_KEY"),
                          .session_token = from.environment.get("AWS_SESSION_TOKEN"),
                          .expires_at = {},
                          .source = "environment"};
  if (credentials.access_key_id.empty()) return std::nullopt;
  if (credentials.secret_access_key.empty())
    return no_credentials("environment", "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
  return credentials;
}

}  // namespace midwatch::clients::aws::api
