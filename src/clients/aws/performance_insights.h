#pragma once

#include "src/clients/aws/document.h"

// Amazon RDS Performance Insights. Source: Performance Insights API reference, 2018-02-27.

namespace midwatch::clients::aws {

/// describe-dimension-keys: the heaviest statements, waits, users or hosts as events of `source`
/// performance_insights
/// (`type` top_sql, top_wait_events, top_users, top_hosts).
void decode_dimension_keys(const Document& document, telemetry::TelemetryBatch& out);
/// get-resource-metrics: series of the database that the command names.
void decode_resource_metrics(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
