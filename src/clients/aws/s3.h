#pragma once

#include "src/clients/aws/document.h"

// Amazon S3: how buckets are configured; never what lies in them. Whose configuration it is, says the
// command. Source: Amazon S3 API reference, 2006-03-01.

namespace midwatch::clients::aws {

/// get-bucket-policy: its statements (`policy.bucket.N`), and of those that deny to whom and what
/// (`deny.N.principal`, `.except`, `.action`, `.condition`). A bucket without a policy has `policy.bucket`
/// "none".
void decode_bucket_policy(const Document& document, telemetry::TelemetryBatch& out);
/// get-public-access-block: `public_access.policies` and `.lists`, "blocked" or "allowed".
void decode_public_access_block(const Document& document, telemetry::TelemetryBatch& out);
/// get-bucket-notification-configuration: whom the bucket tells of which events (`notification.N`), and how
/// many that are (`notification.count`); a function reads from the bucket that starts it.
void decode_bucket_notifications(const Document& document, telemetry::TelemetryBatch& out);
/// get-bucket-encryption: `encryption.algorithm`; the key is a relation.
void decode_bucket_encryption(const Document& document, telemetry::TelemetryBatch& out);
/// get-bucket-location: `region`.
void decode_bucket_location(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
