#pragma once

#include "src/clients/aws/document.h"

// AWS Step Functions. Source: Step Functions API reference, 2016-11-23.

namespace midwatch::clients::aws {

/// describe-state-machine: the functions and queues that its tasks call.
void decode_state_machine(const Document& document, telemetry::TelemetryBatch& out);
/// describe-execution and list-executions: executions that failed or timed out are events of their state
/// machine.
void decode_executions(const Document& document, telemetry::TelemetryBatch& out);
/// get-execution-history: the failures in it, with error and cause.
void decode_execution_history(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
