#include "src/clients/aws/step_functions.h"

#include <iterator>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

/// The state machine of an execution: execution:MACHINE:NAME.
std::string machine_of(const std::string& execution) {
  auto arn = parse_arn(execution);
  constexpr std::string_view kExecution = "execution:";
  if (!arn || !arn->resource.starts_with(kExecution)) return execution;
  const std::string rest = arn->resource.substr(kExecution.size());
  arn->resource = "stateMachine:" + rest.substr(0, rest.find(':'));
  return arn->text();
}

bool failed(const std::string& status) {
  return status == "FAILED" || status == "TIMED_OUT" || status == "ABORTED";
}

void add_execution(const Document& document, const Json& execution, telemetry::TelemetryBatch& out) {
  const std::string status = text_at(execution, "status");
  const std::string id = text_at(execution, "executionArn");
  if (!failed(status) || id.empty()) return;
  std::string machine = text_at(execution, "stateMachineArn");
  if (machine.empty()) machine = machine_of(id);
  const Json& stopped = at(execution, "stopDate");
  auto event =
      make_event(document, machine, "states", stopped.is_null() ? at(execution, "startDate") : stopped);
  event.type = "execution";
  event.reason = status;
  const auto arn = parse_arn(id);
  event.message = fmt::format("execution {} {}: {} {}", arn ? arn->name() : std::string_view(id), status,
                              text_at(execution, "error"), text_at(execution, "cause"));
  out.events.push_back(std::move(event));
}

/// Resources that a definition names, at any depth.
void relate_tasks(const Document& document, const Json& value, const std::string& machine, int depth,
                  telemetry::TelemetryBatch& out) {
  constexpr int kDeepest = 40;
  if (depth > kDeepest || !value.is_structured()) return;
  for (const auto& [key, inner] : value.items()) {
    if (inner.is_string() && (key == "Resource" || key == "FunctionName" || key == "FunctionName.$")) {
      const std::string target = unqualified_function(base::text(inner));
      const auto arn = parse_arn(target);
      // "arn:aws:states:::lambda:invoke" names an integration, not a resource.
      if (arn && !arn->account.empty()) relate(out, machine, target, RelationKind::kCalls, document.ref);
    }
    relate_tasks(document, inner, machine, depth + 1, out);
  }
}

/// The states of a history by the number of the event that entered them.
std::map<double, std::string> states_of(const Json& events) {
  std::map<double, std::string> entered;
  for (const Json& item : events) {
    std::string name = text_at(item, "stateEnteredEventDetails", "name");
    if (!name.empty()) entered.emplace(base::number_at(item, "id").value_or(0), std::move(name));
  }
  return entered;
}

/// The state that was entered last before an event; empty where the page does not hold it.
std::string state_before(const std::map<double, std::string>& entered, const Json& event) {
  const auto after = entered.lower_bound(base::number_at(event, "id").value_or(0));
  return after == entered.begin() ? std::string() : std::prev(after)->second;
}

}  // namespace

void decode_state_machine(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& body = document.body;
  const std::string id = text_at(body, "stateMachineArn");
  if (id.empty()) return;
  auto entity = make_entity(id, "AWS::StepFunctions::StateMachine", text_at(body, "name"), "workflow",
                            Json::object(), document.ref);
  copy_members(body, {{"platform.phase", "status"}}, entity.attributes);
  copy_times(body, {{"platform.created", "creationDate"}}, entity.attributes);
  const Json definition = base::parse_json(text_at(body, "definition")).value_or(Json());
  set_number(entity.attributes, "limit.timeout", at(definition, "TimeoutSeconds"));
  out.entities.push_back(std::move(entity));
  relate(out, id, text_at(body, "roleArn"), RelationKind::kAssumesRole, document.ref);
  relate_tasks(document, definition, id, 0, out);
}

void decode_executions(const Document& document, telemetry::TelemetryBatch& out) {
  add_execution(document, document.body, out);
  for (const Json& execution : list_at(document.body, "executions")) add_execution(document, execution, out);
}

void decode_execution_history(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string execution(document.command.option("execution-arn"));
  const std::string machine = execution.empty() ? "states/unknown" : machine_of(execution);
  const Json& events = list_at(document.body, "events");
  const auto entered = states_of(events);
  for (const Json& item : events) {
    const std::string type = text_at(item, "type");
    if (type.find("Failed") == std::string::npos && type.find("TimedOut") == std::string::npos &&
        type.find("Aborted") == std::string::npos)
      continue;
    const std::string state = state_before(entered, item);
    for (const auto& [key, details] : item.items()) {
      if (!details.is_object()) continue;
      auto event = make_event(document, machine, "states", at(item, "timestamp"));
      event.type = type;
      event.reason = text_at(details, "error");
      if (event.reason.empty() && type.ends_with("TimedOut")) event.reason = "States.Timeout";
      event.message =
          fmt::format("{}: {}{} {}", type, event.reason,
                      state.empty() ? "" : fmt::format(" at state {}:", state), text_at(details, "cause"));
      const std::string target = unqualified_function(text_at(details, "resource"));
      // An integration ("invoke") is no resource.
      if (parse_arn(target)) relate(out, machine, target, RelationKind::kCalls, document.ref);
      out.events.push_back(std::move(event));
    }
  }
}

}  // namespace midwatch::clients::aws
