#pragma once

#include "src/clients/aws/document.h"

// Amazon ElastiCache. Source: ElastiCache API reference, 2015-02-02. Its events have the form of RDS events.

namespace midwatch::clients::aws {

void decode_cache_clusters(const Document& document, telemetry::TelemetryBatch& out);
void decode_replication_groups(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
