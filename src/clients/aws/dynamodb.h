#pragma once

#include "src/clients/aws/document.h"

// Amazon DynamoDB. Source: DynamoDB API reference, 2012-08-10.

namespace midwatch::clients::aws {

/// A table: status, billing, provisioned capacity (`limit.read_capacity`, `limit.write_capacity`) of itself
/// and of its indexes.
void decode_dynamodb_table(const Document& document, telemetry::TelemetryBatch& out);
/// list-tables: that these tables exist, so that what names one in its configuration is known to use it.
void decode_dynamodb_tables(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
