#pragma once

#include <string>
#include <vector>

#include "src/sandbox/world/scene.h"

namespace midwatch::sandbox::world {

/// One ECS service: its tasks, what they do with requests, how they end and are replaced.
class ServiceProcess {
 public:
  ServiceProcess(const std::string& name, const Timeline<ServiceSpec>& spec, Scene& scene);
  void step();

 private:
  static constexpr double kNever = 1e12;
  struct Task {
    std::size_t record;  ///< in the history
    double deployed_at;
    double ready_at;   ///< it runs
    double serves_at;  ///< it has started up, and answers
    double ends_at;    ///< its health checks fail for too long before that; else never
    double kept = 0;
    double connections = 0;
    int unhealthy_minutes = 0;
    bool stopped = false;
    std::size_t said_starts = 0;  ///< lines
    bool is_serving(double time) const { return !stopped && serves_at < time && ends_at >= kNever; }
  };
  /// What the requests of one minute came to.
  struct Minute {
    double requests = 0;
    double served = 0, failed = 0, timed_out = 0, dropped = 0;
    double latency = 0;
  };

  void deploy_due();
  void begin_deployment(const Change* change);
  void replace_old_tasks();
  void keep_desired();
  /// Ends every task where the capacity under them is taken back.
  void interrupt();
  void start_task();
  std::string start_failure(const ServiceSpec& spec) const;
  /// Gives up a deployment whose tasks end again and again, and goes back to the one before.
  void break_circuit();
  DeploymentRecord& current_deployment() { return scene_.history.deployments[deployments_.back()]; }
  const DeploymentRecord& current_deployment() const {
    return scene_.history.deployments[deployments_.back()];
  }
  /// What the service is to run: after a rollback, as it was before the deployment that failed.
  const ServiceSpec& current_spec() const;
  const ServiceSpec& spec_of(const Task& task) const;
  /// Has the balancer check a task that starts up slowly: it runs from `ready` on and answers from `serves`
  /// on. Gives when it has failed its checks for too long.
  double check_start(const ServiceSpec& spec, double ready, double serves, TaskRecord& task);
  /// What a task does in a minute in which it starts up.
  void start_up(Task& task);
  void say_starts(Task& task, const ServiceSpec& spec);
  void run_task(Task& task, double requests, Minute& minute);
  double call_dependencies(const ServiceSpec& spec, Task& task, double requests, double& failed);
  void throw_failures(const ServiceSpec& spec, Task& task, double requests, double& failed);
  void check_memory(Task& task, const ServiceSpec& spec, double requests);
  void check_crash(Task& task, const ServiceSpec& spec, double requests);
  void check_health(Task& task, const ServiceSpec& spec, double overload);
  void stop_task(Task& task, double at, std::string stop_code, std::string stopped_reason);
  void say(const Task& task, double at, const std::string& line);
  void say_failures(const Task& task, const Failure& failure, double count);
  void event(double at, std::string message);
  void measure_tasks(const ServiceSpec& spec, std::size_t serving);
  void measure_balancer(const Minute& minute, std::size_t healthy, std::size_t unhealthy);
  TaskRecord& record(const Task& task) { return scene_.history.tasks[task.record]; }
  const TaskRecord& record(const Task& task) const { return scene_.history.tasks[task.record]; }

  std::string name_;
  const Timeline<ServiceSpec>& spec_;
  Scene& scene_;
  Random random_;
  std::vector<Task> tasks_;
  std::vector<std::size_t> deployments_;  ///< in the history, oldest first
  std::size_t next_change_ = 0;
  double deployed_at_ = -1e12;
  double rolled_back_at_ = 1e12;
  int revision_ = 0;
  int failed_starts_ = 0;
};

}  // namespace midwatch::sandbox::world
