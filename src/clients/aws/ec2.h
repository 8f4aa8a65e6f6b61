#pragma once

#include "src/clients/aws/document.h"

// Amazon EC2: networks and instances. Source: EC2 API reference, 2016-11-15. Ids are "ec2/ID" (sg-…,
// subnet-…, i-…).

namespace midwatch::clients::aws {

/// Rules as attributes `ingress.N` and `egress.N` ("tcp 5432 from sg-…").
void decode_security_groups(const Document& document, telemetry::TelemetryBatch& out);
void decode_security_group_rules(const Document& document, telemetry::TelemetryBatch& out);
/// Free addresses as `subnet.free_addresses`; none left is an event.
void decode_subnets(const Document& document, telemetry::TelemetryBatch& out);
void decode_nat_gateways(const Document& document, telemetry::TelemetryBatch& out);
/// Routes that lead nowhere (blackhole) are events.
void decode_route_tables(const Document& document, telemetry::TelemetryBatch& out);
void decode_vpc_endpoints(const Document& document, telemetry::TelemetryBatch& out);
void decode_instances(const Document& document, telemetry::TelemetryBatch& out);
/// Status checks as conditions `System` and `Instance`; scheduled events of the provider are events.
void decode_instance_status(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
