#pragma once

#include "src/clients/aws/document.h"

// Amazon CloudWatch: alarms and metrics.
// Source: Amazon CloudWatch API reference, 2010-08-01.

namespace midwatch::clients::aws {

/// Alarms as events of the resource they watch: state, reason, threshold, since when.
void decode_cloudwatch_alarms(const Document& document, telemetry::TelemetryBatch& out);
/// describe-alarm-history: the changes of state.
void decode_cloudwatch_alarm_history(const Document& document, telemetry::TelemetryBatch& out);
/// get-metric-data. Whose metrics they are says the command (`--metric-data-queries`); without it, labels
/// have to.
void decode_cloudwatch_metric_data(const Document& document, telemetry::TelemetryBatch& out);
/// get-metric-statistics, of the metric that the command names.
void decode_cloudwatch_metric_statistics(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
