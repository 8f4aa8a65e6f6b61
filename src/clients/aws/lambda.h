#pragma once

#include "src/clients/aws/document.h"

// AWS Lambda: functions, event sources, concurrency.
// Source: AWS Lambda API reference, 2015-03-31.

namespace midwatch::clients::aws {

/// The id of the account's concurrency. Source: Service Quotas, "Concurrent executions" of AWS Lambda.
inline constexpr const char* kLambdaConcurrency = "servicequotas/lambda/L-B99A9384";

/// get-function, get-function-configuration and list-functions: limits, environment, role, network, log
/// group; the last modification is a change.
void decode_lambda_function(const Document& document, telemetry::TelemetryBatch& out);
void decode_lambda_functions(const Document& document, telemetry::TelemetryBatch& out);
/// Event source mappings: the function reads from the source; a disabled or failing one is an event.
void decode_lambda_event_sources(const Document& document, telemetry::TelemetryBatch& out);
/// get-function-concurrency, of the function that the command names.
void decode_lambda_concurrency(const Document& document, telemetry::TelemetryBatch& out);
/// get-policy, of the function that the command names: which bucket may call it (`permission.N.source`).
void decode_lambda_policy(const Document& document, telemetry::TelemetryBatch& out);
/// get-account-settings: how many runs of functions the account may have at once, as a quota, on which every
/// function runs that has no concurrency of its own.
void decode_lambda_account_settings(const Document& document, telemetry::TelemetryBatch& out);
/// list-versions-by-function: each published version is a change.
void decode_lambda_versions(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
