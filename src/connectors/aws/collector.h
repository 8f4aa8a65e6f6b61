#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "src/clients/aws/api/api.h"
#include "src/connectors/aws/alarm_reader.h"
#include "src/connectors/aws/asker.h"
#include "src/connectors/aws/boundary.h"
#include "src/connectors/aws/inquiry.h"
#include "src/connectors/aws/resource_questions.h"
#include "src/telemetry/alarm.h"

namespace midwatch::connectors::aws {

/// What an investigation starts from; exactly one of the first four.
struct Wanted {
  std::string alarm;     ///< the name of an alarm
  bool latest = false;   ///< the alarm that fired last
  std::string entity;    ///< an ARN, or "service/name"
  std::string question;  ///< a sentence in English or Japanese that names an alarm or a resource
  std::optional<base::TimeRange> window;  ///< where it is not the alarm that says when
  std::string region;                     ///< empty: that of the credentials
};

/// Everything that was asked of an account for one incident.
struct Collected {
  telemetry::IncidentScope scope;
  std::vector<Answer> answers;  ///< in the order in which they were asked
  std::size_t calls = 0;
};

/// How much of the uncertainty about the cause a look at one signal of an entity would take away, by what is
/// known so far. Units: bits. `signal` is "logs", "changes", "events", "configuration" or "code".
struct Leaning {
  std::string entity;
  std::string signal;
  double bits = 0;
};

struct CollectorOptions {
  AskingLimits limits;
  AgentSpace space;
  AnswerListener on_answer;
  /// Weighs what was answered until now, after each round; what it leans to is asked before the rest.
  std::function<std::vector<Leaning>(Collected)> weigh;
};

/// Asks an account about one incident, in rounds: each round asks what promises most information for its
/// cost, given what the rounds before it answered, until nothing worth asking is left, the calls are used up,
/// or the deadline comes. A refusal never ends it.
///
/// Errors: the start itself cannot be found: no such alarm, nothing in ALARM, no resource that the sentence
///         names, or it lies outside the space; kCancelled.
base::Result<Collected> collect(const runtime::RequestContext& context, clients::aws::api::Api& api,
                                const Wanted& wanted, const CollectorOptions& options);

}  // namespace midwatch::connectors::aws
