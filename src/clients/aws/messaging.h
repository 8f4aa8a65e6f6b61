#pragma once

#include "src/clients/aws/document.h"

// Queues, streams and schedules: Amazon SQS, Kinesis, EventBridge.
// Source: SQS API reference, 2012-11-05; Kinesis API reference, 2013-12-02; EventBridge API reference,
// 2015-10-07.

namespace midwatch::clients::aws {

/// get-queue-attributes: backlog, limits, and the dead-letter queue as a relation.
void decode_sqs_queue(const Document& document, telemetry::TelemetryBatch& out);
/// list-queues: that these queues exist, so that what names one in its configuration is known to use it.
void decode_sqs_queues(const Document& document, telemetry::TelemetryBatch& out);
/// describe-stream and describe-stream-summary.
void decode_kinesis_stream(const Document& document, telemetry::TelemetryBatch& out);
/// list-rules: state and pattern or schedule of rules; a disabled one is an event.
void decode_event_rules(const Document& document, telemetry::TelemetryBatch& out);
/// list-targets-by-rule, of the rule that the command names.
void decode_rules_of_target(const Document& document, telemetry::TelemetryBatch& out);
void decode_event_targets(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
