#pragma once

#include <string>

#include "src/base/json.h"

namespace midwatch::sandbox::world {

/// Who asks for what, as policies name it.
struct PolicyRequest {
  std::string role;  ///< ARN
  std::string action;
  std::string resource;  ///< ARN
};

/// True where a statement of a resource's policy denies the request explicitly. Conditions that are known are
/// those on `aws:PrincipalArn` and `aws:SecureTransport` (every client comes by TLS); a statement with
/// another one does not hold.
///
/// Source: IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements: Condition operators"
bool denies(const base::Json& policy, const PolicyRequest& request);

}  // namespace midwatch::sandbox::world
