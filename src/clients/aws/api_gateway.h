#pragma once

#include "src/clients/aws/document.h"

// Amazon API Gateway, REST and HTTP APIs. Source: API Gateway API references, 2015-07-09 and 2018-11-29 (V2).

namespace midwatch::clients::aws {

/// get-rest-apis and get-apis.
void decode_apis(const Document& document, telemetry::TelemetryBatch& out);
/// get-integration(s) and get-resources with methods embedded: which function or address a method calls, and
/// its time limit.
void decode_api_integrations(const Document& document, telemetry::TelemetryBatch& out);
/// get-stages and get-deployments: what is served since when.
void decode_api_stages(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
