#pragma once

#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/runtime/request_context.h"

namespace midwatch::clients::aws::api {

/// What proves to AWS who asks. The secret parts never go into an error, a log or a report.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  ///< empty for long-lived keys
  std::optional<base::Timestamp> expires_at;
  std::string source;  ///< where they come from, for people: `environment`, `profile prod`
};

/// Gives the credentials to sign with.
///
/// Errors:  kUnauthenticated: there are none, and where they were looked for; kTimeout, kCancelled,
///          kUnavailable: of the service that issues them.
/// Threads: any number at once.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  virtual base::Result<Credentials> credentials(const runtime::RequestContext& context) = 0;
  /// The service refused the last ones: the next call must not give them again if others can be had.
  virtual void forget() = 0;
};

}  // namespace midwatch::clients::aws::api
