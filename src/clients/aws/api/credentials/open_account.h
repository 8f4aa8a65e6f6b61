#pragma once

#include <memory>
#include <optional>
#include <string>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/clients/aws/api/api.h"
#include "src/clients/aws/api/credentials.h"
#include "src/clients/aws/api/credentials/environment.h"
#include "src/clients/aws/api/credentials/sts.h"
#include "src/runtime/request_context.h"

namespace midwatch::clients::aws::api {

struct AccountOptions {
  std::string profile;                             ///< empty: AWS_PROFILE, or `default`
  std::string region;                              ///< empty: the configured one, or that of the instance
  std::optional<RoleRequest> role = std::nullopt;  ///< to take on with what is found
};

/// A client, and what is known of how it asks. Threads: any number at once.
class Account : public Api {
 public:
  /// Who asks; found now where nobody asked before. Errors: as CredentialSource.
  virtual base::Result<Credentials> credentials(const runtime::RequestContext& context) = 0;
  /// Of requests that name none; empty where none is configured.
  virtual const std::string& region() const = 0;
  /// How far the clock of AWS is ahead of this machine's by the last answer, to the second; nothing before.
  virtual std::optional<base::Duration> clock_offset() const = 0;
};

/// Makes a client of its own connections, credentials and settings, as an AWS SDK would: nothing is asked of
/// AWS before the first call, except the region of the instance where none is configured.
///
/// Errors:   kInvalidArgument: the configuration files cannot be understood; others of reading them.
/// Requires: `clock` outlives the client.
base::Result<std::unique_ptr<Account>> open_account(const runtime::RequestContext& context,
                                                    const base::Clock& clock, Environment environment,
                                                    const AccountOptions& options);

}  // namespace midwatch::clients::aws::api
