#pragma once

#include <string>
#include <string_view>

#include "src/clients/aws/document.h"

// Amazon Route 53: zones and what they hold.
// Source: Amazon Route 53 API reference, 2013-04-01.

namespace midwatch::clients::aws {

/// "stock.core.example" of "Stock.core.example.": a name as clients look it up.
std::string looked_up_name(std::string_view record);

/// list-hosted-zones: each zone, and whether it is private.
void decode_hosted_zones(const Document& document, telemetry::TelemetryBatch& out);
/// list-resource-record-sets: what each name leads to (`record.values`). Where the command asks from a name
/// on and the zone has none of that name, the name is an entity whose `record.values` are empty.
void decode_record_sets(const Document& document, telemetry::TelemetryBatch& out);
/// get-health-check-status: how many checkers find the endpoint well.
void decode_health_check_status(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
