#pragma once

#include <string>
#include <vector>

#include "src/sandbox/world/scene.h"

namespace midwatch::sandbox::world {

/// One Lambda function: its runs, in as many environments as they need.
class FunctionProcess {
 public:
  FunctionProcess(const std::string& name, const Timeline<FunctionSpec>& spec, Scene& scene);
  void step();

 private:
  struct Environment {
    std::string stream;
    double begun = 0;
    double free_at = -1e12;
    double kept = 0;  ///< MB that earlier runs left behind
    bool warm = false;
  };
  struct Run {
    double start = 0;
    double seconds = 0;
    double init_seconds = 0;
    double used = 0;  ///< MB
    std::string request, input, status, platform_error;
    const Failure* failure = nullptr;
    Failure own_failure;
    std::vector<TraceCall> calls;
    bool failed() const { return failure != nullptr || !status.empty(); }
  };

  void invoke(double start, const std::string& input);
  Environment* environment_for(double start);
  /// Runs that it may have at once: its own reserve, or what the account has for it among all who ask.
  double allowance(const FunctionSpec& spec) const;
  /// When its code or configuration was last changed before this; environments from before serve no more.
  double updated_before(double start) const;
  void work(Run& run, const FunctionSpec& spec);
  /// Goes through what the handler does in order, until the first failure.
  void call_dependencies(Run& run, const FunctionSpec& spec);
  void fail(Run& run, Failure failure);
  void limit(Run& run, const FunctionSpec& spec, Environment& environment);
  void write_log(const Run& run, const FunctionSpec& spec, const Environment& environment, bool cold);
  void measure(const Run& run, const FunctionSpec& spec);
  /// What the gateway before the function measures and logs of a request.
  void measure_gateway(const Run& run, const FunctionSpec& spec);
  void trace(const Run& run, const FunctionSpec& spec);

  std::string name_;
  const Timeline<FunctionSpec>& spec_;
  Scene& scene_;
  Random random_;
  std::vector<Environment> environments_;
  std::size_t busiest_ = 0;
  double allowed_ = 0;  ///< in this minute
};

}  // namespace midwatch::sandbox::world
