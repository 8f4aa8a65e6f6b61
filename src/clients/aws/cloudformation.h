#pragma once

#include "src/clients/aws/document.h"

// AWS CloudFormation. Source: CloudFormation API reference, 2010-05-15.

namespace midwatch::clients::aws {

/// Stack events: each step as an event of its resource; a stack's own completed create, update or rollback is
/// a change.
void decode_stack_events(const Document& document, telemetry::TelemetryBatch& out);
/// describe-stack-resources and list-stack-resources: what a stack contains.
void decode_stack_resources(const Document& document, telemetry::TelemetryBatch& out);
void decode_stacks(const Document& document, telemetry::TelemetryBatch& out);
/// Resources whose configuration departs from the template.
void decode_stack_drifts(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
