#pragma once

#include <string_view>

#include "src/clients/aws/document.h"

// Spans that X-Ray keeps as lines of a log group where Transaction Search is on. Source: CloudWatch user
// guide, "Transaction Search: Spans"; OpenTelemetry protocol, trace.proto; Application Signals' attributes
// (aws.local.service, aws.remote.resource.identifier) of the AWS distribution of OpenTelemetry.

namespace midwatch::clients::aws {

inline constexpr std::string_view kSpansGroup = "aws/spans";

/// filter-log-events of `kSpansGroup`: each line is one span in the JSON of OpenTelemetry. Exceptions that it
/// holds become log lines; who is called and wrote no span gets the one that its caller saw.
void decode_span_lines(const Document& document, telemetry::TelemetryBatch& out);

}  // namespace midwatch::clients::aws
