#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/scene.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

std::string machine_arn(const View& view, const std::string& name) {
  return arn(view.world, "states", "stateMachine:" + name);
}

std::string execution_arn(const View& view, const ExecutionRecord& execution) {
  return arn(view.world, "states", fmt::format("execution:{}:{}", execution.workflow, execution.id));
}

/// As it is now: an execution that ends later still runs.
std::string status_of(const View& view, const ExecutionRecord& execution) {
  return view.past(execution.stop) ? execution.status : "RUNNING";
}

Json summary_of(const View& view, const ExecutionRecord& execution) {
  Json json{{"executionArn", execution_arn(view, execution)},
            {"stateMachineArn", machine_arn(view, execution.workflow)},
            {"name", execution.id},
            {"status", status_of(view, execution)},
            {"startDate", time_text(execution.start)}};
  if (view.past(execution.stop)) json["stopDate"] = time_text(execution.stop);
  return json;
}

tl::unexpected<AccountError> no_such(const char* code, const std::string& id) {
  return refuse(code, fmt::format("{} does not exist: '{}'", code, id));
}

Answer list_state_machines(const View& view, const Json& /*input*/) {
  Json list = Json::array();
  for (const auto& [name, spec] : view.world.workflows)
    list.push_back({{"stateMachineArn", machine_arn(view, name)},
                    {"name", name},
                    {"type", "STANDARD"},
                    {"creationDate", time_text(view.world.zero - std::chrono::hours(24 * 200))}});
  return Json{{"stateMachines", std::move(list)}};
}

Answer describe_state_machine(const View& view, const Json& input) {
  const std::string id = text_at(input, "stateMachineArn");
  for (const auto& [name, spec] : view.world.workflows) {
    if (machine_arn(view, name) != id) continue;
    Json definition = spec.at(view.time).definition;
    if (spec.at(view.time).timeout > 0)
      definition["TimeoutSeconds"] = static_cast<long>(spec.at(view.time).timeout);
    return Json{{"stateMachineArn", id},
                {"name", name},
                {"status", "ACTIVE"},
                {"definition", base::dump_json(definition)},
                {"roleArn", global_arn(view.world, "iam", "role/" + name + "-states")},
                {"type", "STANDARD"},
                {"creationDate", time_text(view.world.zero - std::chrono::hours(24 * 200))}};
  }
  return no_such("StateMachineDoesNotExist", id);
}

Answer list_executions(const View& view, const Json& input) {
  const std::string machine = text_at(input, "stateMachineArn");
  const std::string status = text_at(input, "statusFilter");
  std::vector<const ExecutionRecord*> found;
  for (const ExecutionRecord& execution : view.history.executions) {
    const bool asked = machine_arn(view, execution.workflow) == machine && view.past(execution.start) &&
                       (status.empty() || status_of(view, execution) == status);
    if (asked) found.push_back(&execution);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto* a, const auto* b) { return a->start > b->start; });  // newest first
  Json list = Json::array();
  for (const ExecutionRecord* execution : found) list.push_back(summary_of(view, *execution));
  return Json{{"executions", std::move(list)}};
}

const ExecutionRecord* find_execution(const View& view, const Json& input) {
  const std::string id = text_at(input, "executionArn");
  for (const ExecutionRecord& execution : view.history.executions) {
    if (view.past(execution.start) && execution_arn(view, execution) == id) return &execution;
  }
  return nullptr;
}

Answer describe_execution(const View& view, const Json& input) {
  const ExecutionRecord* execution = find_execution(view, input);
  if (execution == nullptr) return no_such("ExecutionDoesNotExist", text_at(input, "executionArn"));
  Json json = summary_of(view, *execution);
  json["input"] = "{}";
  if (!view.past(execution->stop)) return json;
  if (!execution->error.empty()) json["error"] = execution->error;
  if (!execution->cause.empty()) json["cause"] = execution->cause;
  return json;
}

/// The events of an execution in their order, each after the one before.
class Course {
 public:
  void add(base::Timestamp at, const std::string& type, const char* member = "", Json details = {}) {
    const auto id = static_cast<long>(events_.size()) + 1;
    Json event{{"timestamp", time_text(at)}, {"type", type}, {"id", id}, {"previousEventId", id - 1}};
    if (member[0] != '\0') event[member] = std::move(details);
    events_.push_back(std::move(event));
  }
  Json take() { return std::move(events_); }

 private:
  Json events_ = Json::array();
};

Answer get_execution_history(const View& view, const Json& input) {
  const ExecutionRecord* execution = find_execution(view, input);
  if (execution == nullptr) return no_such("ExecutionDoesNotExist", text_at(input, "executionArn"));
  Course course;
  course.add(execution->start, "ExecutionStarted", "executionStartedEventDetails", {{"input", "{}"}});
  const bool over = view.past(execution->stop);
  const bool called = !execution->function.empty();
  if (!execution->state.empty() && execution->status != "SUCCEEDED")
    course.add(execution->start, "TaskStateEntered", "stateEnteredEventDetails",
               {{"name", execution->state}, {"input", "{}"}});
  if (called) {
    const Json target{{"resourceType", "lambda"}, {"resource", "invoke"}};
    course.add(execution->start, "TaskScheduled", "taskScheduledEventDetails", target);
    if (over)
      course.add(execution->stop, "TaskFailed", "taskFailedEventDetails",
                 {{"resourceType", "lambda"},
                  {"resource", "invoke"},
                  {"error", execution->error},
                  {"cause", execution->cause}});
  }
  if (over && execution->status == "FAILED")
    course.add(execution->stop, "ExecutionFailed", "executionFailedEventDetails",
               {{"error", execution->error}, {"cause", execution->cause}});
  if (over && execution->status == "TIMED_OUT")
    course.add(execution->stop, "ExecutionTimedOut", "executionTimedOutEventDetails", Json::object());
  if (over && execution->status == "SUCCEEDED")
    course.add(execution->stop, "ExecutionSucceeded", "executionSucceededEventDetails", {{"output", "{}"}});
  Json events = course.take();
  if (base::at(input, "reverseOrder") == true) std::reverse(events.begin(), events.end());
  return Json{{"events", std::move(events)}};
}

}  // namespace

std::vector<Operation> workflow_operations() {
  return {{"stepfunctions", "ListStateMachines", list_state_machines},
          {"stepfunctions", "DescribeStateMachine", describe_state_machine},
          {"stepfunctions", "ListExecutions", list_executions},
          {"stepfunctions", "DescribeExecution", describe_execution},
          {"stepfunctions", "GetExecutionHistory", get_execution_history}};
}

}  // namespace midwatch::sandbox::world
