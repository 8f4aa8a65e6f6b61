#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/clients/aws/command_line.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::aws {

/// The IAM action that lets somebody call an operation, by the names of the AWS CLI: "elbv2",
/// "describe-rules" give "elasticloadbalancing:DescribeRules". The operation may also stand as the API calls
/// it. Source: Service Authorization Reference.
std::string iam_action(std::string_view service, std::string_view operation);

/// The action that a refusal names ("… is not authorized to perform: ecs:DescribeTasks on resource: …");
/// empty where it names none.
std::string_view refused_action(std::string_view message);

/// What it means that a command printed an error instead of an answer: which permission is missing, which
/// service is off, what was asked and why nothing came.
///
/// Shape: `line` is the command as it was given, with or without a comment sign before it; `text` is what was
///        printed: "An error occurred (AccessDeniedException) when calling the DescribeServices operation:
///        …".
telemetry::DecodeNotice refusal_notice(const CommandLine& command, std::string_view line,
                                       std::string_view text, telemetry::RecordRef ref);

/// That an answer about a time holds nothing: of lines, events, points or traces there were none in the time
/// that was asked for. Nothing for any other answer.
std::optional<telemetry::DecodeNotice> emptiness_notice(const CommandLine& command, std::string_view line,
                                                        const base::Json& body, telemetry::RecordRef ref);

}  // namespace midwatch::clients::aws
