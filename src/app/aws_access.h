#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/clients/aws/api/credentials/open_account.h"
#include "src/connectors/aws/agent_space.h"

namespace midwatch::app {

/// Reads a space file; an empty path is the space of the credentials: their own account and region. Errors:
/// kNotFound, and those of connectors::aws::read_agent_space.
base::Result<connectors::aws::AgentSpace> load_space(const std::string& path);

/// One account of a space, opened.
struct OpenedAccount {
  std::string id;                    ///< empty: whatever the credentials are for
  std::vector<std::string> regions;  ///< that the space names
  std::unique_ptr<clients::aws::api::Account> account;
};

/// Opens every account of a space with the environment's credentials, found as an AWS SDK finds them; the
/// role of an account is taken on when it is first asked. Nothing is asked yet. Errors: the configuration
/// files cannot be read. Requires: `clock` outlives them.
base::Result<std::vector<OpenedAccount>> open_accounts(const connectors::aws::AgentSpace& space,
                                                       const base::Clock& clock);

/// Opens a space as one: a request goes to the account that it names, or else to the first. Errors, requires:
/// as open_accounts.
base::Result<std::unique_ptr<clients::aws::api::Api>> open_aws(const connectors::aws::AgentSpace& space,
                                                               const base::Clock& clock);

}  // namespace midwatch::app
