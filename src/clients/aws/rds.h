#pragma once

#include "src/clients/aws/document.h"

// Amazon RDS and Aurora: instances, clusters, events, log files.
// Source: Amazon RDS API reference, 2014-10-31.

namespace midwatch::clients::aws {

void decode_rds_instances(const Document& document, telemetry::TelemetryBatch& out);
void decode_rds_clusters(const Document& document, telemetry::TelemetryBatch& out);
/// Events of RDS and ElastiCache have one shape; `SourceType` tells them apart.
void decode_database_events(const Document& document, telemetry::TelemetryBatch& out);
/// A portion of a log file of the instance that the command names; PostgreSQL's lines are read with their
/// times.
void decode_rds_log_portion(const Document& document, telemetry::TelemetryBatch& out);
/// describe-db-parameters: what was set by a user or changes how connections and logs are limited.
void decode_rds_parameters(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
