#pragma once

#include "src/clients/aws/document.h"

// AWS IAM. Source: IAM API reference, 2010-05-08.

namespace midwatch::clients::aws {

void decode_iam_role(const Document& document, telemetry::TelemetryBatch& out);
/// get-role-policy, get-policy-version, list-attached-role-policies: statements as attributes `policy.NAME.N`
/// of the role
/// ("Allow secretsmanager:GetSecretValue on arn:…").
void decode_iam_policy(const Document& document, telemetry::TelemetryBatch& out);
/// simulate-principal-policy: what would be denied is an event of the role.
void decode_iam_simulation(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
