#pragma once

#include "src/clients/aws/document.h"

// AWS Secrets Manager. Source: Secrets Manager API reference, 2017-10-17. No operation that reads a value is
// decoded.

namespace midwatch::clients::aws {

/// describe-secret and list-secrets: when a secret was made, changed, rotated, read and deleted;
/// `secret.last_read` is empty where the service says that nobody ever read it. A change of its value is a
/// change.
void decode_secret(const Document& document, telemetry::TelemetryBatch& out);
void decode_secrets(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
