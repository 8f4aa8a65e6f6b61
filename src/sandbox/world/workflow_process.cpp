#include "src/sandbox/world/workflow_process.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {

WorkflowProcess::WorkflowProcess(const std::string& name, const Timeline<WorkflowSpec>& spec, Scene& scene)
    : name_(name), spec_(spec), scene_(scene), random_(scene.seed, "workflow " + name) {}

void WorkflowProcess::step() {
  const WorkflowSpec& spec = spec_.at(scene_.time);
  const std::size_t count = random_.count(scene_.requests(spec.load, random_));
  for (std::size_t i = 0; i < count; ++i) execute(spec, scene_.time + random_.uniform() * kMinuteSeconds);
}

void WorkflowProcess::execute(const WorkflowSpec& spec, double start) {
  ExecutionRecord execution;
  execution.workflow = name_;
  execution.id = random_.uuid();
  execution.start = scene_.moment(start);
  execution.status = "SUCCEEDED";
  execution.state = spec.state;
  double seconds = spec.takes * std::max(0.4, 1 + 0.15 * random_.normal());
  if (random_.chance(spec.fails)) {
    execution.status = "FAILED";
    execution.error = spec.error;
    execution.cause = spec.cause;
    seconds *= 0.2;
  } else if (random_.chance(spec.waits)) {
    execution.status = "TIMED_OUT";
    seconds = spec.timeout;
  } else {
    call_functions(spec, execution);
  }
  execution.stop = scene_.moment(start + seconds);
  measure(execution, seconds);
  scene_.history.executions.push_back(std::move(execution));
}

void WorkflowProcess::call_functions(const WorkflowSpec& spec, ExecutionRecord& execution) {
  for (const WorkflowStep& step : spec.steps) {
    const auto minute = scene_.functions.find(step.function);
    if (minute == scene_.functions.end() || minute->second.failed == 0) continue;
    if (!random_.chance(minute->second.failed / minute->second.runs)) continue;
    const Failure& failure = minute->second.failure;
    execution.status = "FAILED";
    execution.state = step.state;
    execution.function = step.function;
    execution.error = failure.type;
    execution.cause = base::dump_json(
        {{"errorType", failure.type}, {"errorMessage", failure.message}, {"trace", failure.stack}});
    return;
  }
}

void WorkflowProcess::measure(const ExecutionRecord& execution, double seconds) {
  const Dimensions dimensions{{"StateMachineArn", arn(scene_.world, "states", "stateMachine:" + name_)}};
  const auto add = [&](const char* metric, base::Timestamp at, double value) {
    scene_.history.metrics.add({"AWS/States", metric, dimensions},
                               std::chrono::floor<std::chrono::minutes>(at), value);
  };
  add("ExecutionsStarted", execution.start, 1);
  add("ExecutionTime", execution.stop, seconds * 1000);
  add(execution.status == "SUCCEEDED" ? "ExecutionsSucceeded"
      : execution.status == "FAILED"  ? "ExecutionsFailed"
                                      : "ExecutionsTimedOut",
      execution.stop, 1);
}

}  // namespace midwatch::sandbox::world
