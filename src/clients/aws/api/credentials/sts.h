#pragma once

#include <optional>
#include <string>

#include "src/clients/aws/api/credentials/source_context.h"

namespace midwatch::clients::aws::api {

/// A role to take on.
struct RoleRequest {
  std::string role_arn;
  std::string session_name;
  std::string external_id;       ///< empty: none
  std::string duration_seconds;  ///< empty: the service's own choice
};

/// Takes on a role with other credentials.
///
/// Errors: kUnauthenticated, kPermissionDenied: the service refused; others of the network.
base::Result<Credentials> assume_role(const SourceContext& from, const Credentials& base_credentials,
                                      const RoleRequest& role, const std::string& source);

/// Takes on a role with a token of an identity provider; the call itself is not signed.
base::Result<Credentials> assume_role_with_web_identity(const SourceContext& from, const std::string& token,
                                                        const RoleRequest& role, const std::string& source);

}  // namespace midwatch::clients::aws::api
