#pragma once

#include <string>

#include "src/sandbox/world/scene.h"

namespace midwatch::sandbox::world {

/// One state machine of Step Functions: its executions, which end as the functions that they call end.
/// Requires: the functions of the world have run in this minute.
class WorkflowProcess {
 public:
  WorkflowProcess(const std::string& name, const Timeline<WorkflowSpec>& spec, Scene& scene);
  void step();

 private:
  void execute(const WorkflowSpec& spec, double start);
  /// Fails where the function of a step fails as often as it did in this minute.
  void call_functions(const WorkflowSpec& spec, ExecutionRecord& execution);
  void measure(const ExecutionRecord& execution, double seconds);

  std::string name_;
  const Timeline<WorkflowSpec>& spec_;
  Scene& scene_;
  Random random_;
};

}  // namespace midwatch::sandbox::world
