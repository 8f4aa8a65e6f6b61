#pragma once

#include "src/clients/aws/document.h"

// AWS CloudTrail. Source: CloudTrail API reference, 2013-11-01; CloudTrail user guide, "record contents".

namespace midwatch::clients::aws {

/// lookup-events: who changed what. Calls that only read are left out. A call that was refused is no change
/// but an event (`source` cloudtrail, `reason` its error code).
void decode_cloudtrail_events(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
