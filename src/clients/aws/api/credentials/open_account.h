#pragma once

#include <memory>
#include <string>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/clients/aws/api/credentials/environment.h"
#include "src/runtime/request_context.h"

namespace midwatch::clients::aws::api {

class Api;  // api.h

struct AccountOptions {
  std::string profile;  ///< empty: AWS_PROFILE, or `default`
  std::string region;   ///< empty: the configured one, or that of the instance
};

/// Makes a client of its own connections, credentials and settings, as an AWS SDK would: nothing is asked of
/// AWS before the first call, except the region of the instance where none is configured.
///
/// Errors:   kInvalidArgument: the configuration files cannot be understood; others of reading them.
/// Requires: `clock` outlives the client.
base::Result<std::unique_ptr<Api>> open_account(const runtime::RequestContext& context,
                                                const base::Clock& clock, Environment environment,
                                                const AccountOptions& options);

}  // namespace midwatch::clients::aws::api
