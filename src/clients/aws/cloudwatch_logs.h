#pragma once

#include "src/clients/aws/document.h"

// Amazon CloudWatch Logs. Source: CloudWatch Logs API reference, 2014-03-28.

namespace midwatch::clients::aws {

/// filter-log-events and get-log-events: lines of the group's owner (a function by its name, else the group).
void decode_log_events(const Document& document, telemetry::TelemetryBatch& out);
/// get-query-results of Logs Insights: rows that hold @message and @timestamp are lines.
void decode_log_query_results(const Document& document, telemetry::TelemetryBatch& out);
void decode_log_groups(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
