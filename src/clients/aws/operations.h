#pragma once

#include "src/clients/aws/document.h"

// What AWS itself does and limits: auto scaling, health, service quotas, certificates, keys.
// Source: Auto Scaling API reference, 2011-01-01; Application Auto Scaling, 2016-02-06; AWS Health,
// 2016-08-04;
//         Service Quotas, 2019-06-24; ACM, 2015-12-08; KMS, 2014-11-01.

namespace midwatch::clients::aws {

/// describe-scaling-activities of both kinds of auto scaling.
void decode_scaling_activities(const Document& document, telemetry::TelemetryBatch& out);
/// describe-events and describe-event-details of AWS Health.
void decode_health_events(const Document& document, telemetry::TelemetryBatch& out);
/// get-service-quota and list-service-quotas: limits by name.
void decode_service_quotas(const Document& document, telemetry::TelemetryBatch& out);
/// describe-key: the state of a key; one that cannot be used is an event.
void decode_kms_key(const Document& document, telemetry::TelemetryBatch& out);
/// describe-certificate: until when it is valid, and who uses it.
void decode_certificate(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
