#pragma once

#include <string>
#include <vector>

#include "src/clients/aws/api/api.h"
#include "src/connectors/aws/inquiry.h"

namespace midwatch::connectors::aws {

struct SurveyOptions {
  AskingLimits limits{.calls = 300};  ///< a whole account holds more than one incident touches
  AgentSpace space;
  std::string region;  ///< empty: that of the credentials
  std::string entity;  ///< an ARN or "service/name": only what is around it; empty: everything in the space
  AnswerListener on_answer;
};

/// What exists in an account, and how it hangs together.
struct Survey {
  telemetry::TelemetryBatch batch;  ///< entities and relations that may be shown, linked
  std::vector<Answer> answers;
  std::string entity;  ///< the wanted one, by the id that the account gives it
  std::size_t calls = 0;
  std::size_t outside = 0;  ///< resources that others refer to and the space keeps out
};

/// Asks an account what there is: stacks, services and what they run, functions and what starts them, load
/// balancers, APIs, databases, queues, secrets, networks, and who called whom in the last hour. In rounds:
/// lists first, then what they refer to. It reads neither a log line nor a metric.
///
/// Errors: `entity` names no resource, or lies outside the space; kCancelled. Whatever is refused, or not
///         asked any more at the end of the calls or the time, is a notice of the batch.
base::Result<Survey> survey(const runtime::RequestContext& context, clients::aws::api::Api& api,
                            const SurveyOptions& options);

}  // namespace midwatch::connectors::aws
