#pragma once

#include "src/clients/aws/document.h"

// Elastic Load Balancing. Source: ELB API reference, 2015-12-01.

namespace midwatch::clients::aws {

void decode_load_balancers(const Document& document, telemetry::TelemetryBatch& out);
void decode_target_groups(const Document& document, telemetry::TelemetryBatch& out);
/// Health of the targets of the group that the command names: as replicas of the group, and an event for each
/// that is not well, in the load balancer's words.
void decode_target_health(const Document& document, telemetry::TelemetryBatch& out);
/// Listeners and rules: where requests go, and which certificate they are served with.
void decode_listeners(const Document& document, telemetry::TelemetryBatch& out);
void decode_listener_rules(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
