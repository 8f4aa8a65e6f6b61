#pragma once

#include "src/clients/aws/document.h"

// AWS X-Ray. Source: X-Ray API reference, 2016-04-12; X-Ray developer guide, "segment documents".

namespace midwatch::clients::aws {

/// get-service-graph: who calls whom, and how much fails.
void decode_service_graph(const Document& document, telemetry::TelemetryBatch& out);
/// get-trace-summaries: requests that failed or were throttled, as events of the service at their root.
void decode_trace_summaries(const Document& document, telemetry::TelemetryBatch& out);
/// batch-get-traces: segments and subsegments as spans, exceptions as log lines. Who is called and wrote no
/// segment (a table, a database, a host outside) gets the span that its caller saw.
void decode_traces(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
