#pragma once

#include <memory>
#include <string>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/clients/aws/api/api.h"
#include "src/connectors/aws/agent_space.h"

namespace midwatch::app {

/// Reads a space file; an empty path is the space of the credentials: their own account and region. Errors:
/// kNotFound, and those of connectors::aws::read_agent_space.
base::Result<connectors::aws::AgentSpace> load_space(const std::string& path);

/// Opens the AWS account that the environment's credentials are for, as an AWS SDK would; a space of one
/// region decides the region. Nothing is asked yet. Errors: the configuration files cannot be read.
base::Result<std::unique_ptr<clients::aws::api::Api>> open_aws(const connectors::aws::AgentSpace& space,
                                                               const base::Clock& clock);

}  // namespace midwatch::app
