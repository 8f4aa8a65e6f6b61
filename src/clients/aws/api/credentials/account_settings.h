#pragma once

#include <string>
#include <string_view>

#include "src/clients/aws/api/credentials/environment.h"
#include "src/clients/aws/api/credentials/shared_config.h"

namespace midwatch::clients::aws::api {

/// The region where nobody names one: AWS_REGION, AWS_DEFAULT_REGION, the profile's; empty where none says.
std::string configured_region(const Environment& environment, const SharedConfig& config,
                              std::string_view profile);

/// The address that replaces AWS's own for the service with this id (`CLOUDWATCH_LOGS`):
/// AWS_ENDPOINT_URL_<ID>, AWS_ENDPOINT_URL, the profile's `services` section, the profile's endpoint_url;
/// empty where none says, or AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true.
std::string configured_endpoint(const Environment& environment, const SharedConfig& config,
                                std::string_view profile, std::string_view service_id);

/// How often a call is tried: AWS_MAX_ATTEMPTS, the profile's max_attempts, 3.
int configured_attempts(const Environment& environment, const SharedConfig& config, std::string_view profile);

}  // namespace midwatch::clients::aws::api
