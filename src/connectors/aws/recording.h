#pragma once

#include <string>

#include "src/base/result.h"
#include "src/connectors/aws/aws_connector.h"

namespace midwatch::connectors::aws {

/// Writes everything that was read as an incident bundle (docs/incident-bundle.md), which replays to the same
/// report. No credential is in it: addresses of code packages and values of secrets never reach an Answer.
///
/// Errors: the folder is there already and not empty; it cannot be written.
base::Result<> write_recording(const AwsConnector& connector, const std::string& folder);

}  // namespace midwatch::connectors::aws
