#include "src/sandbox/world/service_process.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "src/sandbox/world/function_log.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

constexpr double kUnitsPerCpu = 1024;
/// From the order to start a task until it serves.
constexpr double kStartSeconds = 45;
/// Above this ratio of wanted to available CPU, health checks time out as well.
constexpr double kHealthOverload = 1.25;
/// So many minutes a task may be unhealthy before it is replaced.
constexpr int kUnhealthyMinutes = 2;
/// Lines that one task logs of failing requests in a minute; more say nothing new.
constexpr double kFailureLines = 12;
/// A new task counts for its deployment when it has passed two checks.
constexpr double kSteadySeconds = 60;
/// So many tasks of a deployment end before its circuit breaker gives it up.
constexpr int kBreakerFailures = 3;
/// A task that is ended for its health gets this long.
constexpr double kStopSeconds = 30;
/// A start-up that is shorter is over before anybody looks.
constexpr double kQuickStart = 5;
/// How often a balancer checks, and after how many failures a target is unhealthy.
constexpr double kCheckSeconds = 30;
constexpr double kFailedChecks = 2;

}  // namespace

ServiceProcess::ServiceProcess(const std::string& name, const Timeline<ServiceSpec>& spec, Scene& scene)
    : name_(name), spec_(spec), scene_(scene), random_(scene.seed, "service " + name) {
  revision_ = 20 + static_cast<int>(random_.below(60));
  begin_deployment(nullptr);
}

void ServiceProcess::event(double at, std::string message) {
  scene_.history.service_events.push_back(
      {scene_.moment(at), name_, fmt::format("(service {}) {}", name_, std::move(message))});
}

const ServiceSpec& ServiceProcess::current_spec() const {
  return spec_.at(deployed_at_ == rolled_back_at_ ? current_deployment().definition_at : scene_.time);
}

const ServiceSpec& ServiceProcess::spec_of(const Task& task) const {
  if (task.deployed_at == rolled_back_at_) return current_spec();
  double until = scene_.time + kMinuteSeconds;
  for (const Change& change : scene_.world.changes) {
    const bool deploys = change.kind == ChangeKind::kDeploy && change.target == name_;
    if (deploys && change.at > task.deployed_at) until = std::min(until, change.at - 1);
  }
  return spec_.at(until);
}

void ServiceProcess::begin_deployment(const Change* change) {
  const double at = change == nullptr ? -scene_.world.history - 20 * 86400 : change->at;
  const ServiceSpec& spec = spec_.at(at);
  if (change != nullptr) ++revision_;
  deployed_at_ = at;
  failed_starts_ = 0;
  DeploymentRecord deployment;
  deployment.service = name_;
  deployment.id = "ecs-svc/" + std::to_string(1000000000000000000U + random_.next() % 8000000000000000000U);
  deployment.image = spec.image;
  deployment.revision = revision_;
  deployment.created = scene_.moment(at);
  deployment.definition_at = at;
  if (change == nullptr) deployment.completed = scene_.moment(at + 180);
  scene_.history.deployments.push_back(std::move(deployment));
  deployments_.push_back(scene_.history.deployments.size() - 1);
}

void ServiceProcess::break_circuit() {
  DeploymentRecord& current = current_deployment();
  if (!current_spec().circuit_breaker || current.completed || current.failed_tasks < kBreakerFailures) return;
  constexpr double kNoticedAfter = 55;
  const double at = scene_.time + kNoticedAfter;
  current.failed = scene_.moment(at);
  current.reason = "ECS deployment circuit breaker: tasks failed to start.";
  event(at, fmt::format("(deployment {}) deployment failed: tasks failed to start.", current.id));
  for (Task& task : tasks_) {
    if (task.deployed_at != deployed_at_ || task.stopped) continue;
    record(task).exit_code = 143;
    stop_task(task, at, "ServiceSchedulerInitiated",
              fmt::format("Scaling activity initiated by (deployment {})", current.id));
  }
  DeploymentRecord back = scene_.history.deployments[deployments_[deployments_.size() - 2]];
  event(at + 1, fmt::format("rolling back to deployment {}.", back.id));
  back.reason = fmt::format("ECS deployment circuit breaker: rolling back to deploymentId {}.", back.id);
  back.id = "ecs-svc/" + std::to_string(1000000000000000000U + random_.next() % 8000000000000000000U);
  back.failed_tasks = 0;
  back.created = scene_.moment(at + 1);
  back.completed.reset();
  deployed_at_ = at + 1;
  rolled_back_at_ = deployed_at_;
  scene_.history.deployments.push_back(std::move(back));
  deployments_.push_back(scene_.history.deployments.size() - 1);
}

void ServiceProcess::deploy_due() {
  const auto& changes = scene_.world.changes;
  for (; next_change_ < changes.size() && changes[next_change_].at < scene_.time + kMinuteSeconds;
       ++next_change_) {
    const Change& change = changes[next_change_];
    if (change.kind == ChangeKind::kDeploy && change.target == name_) begin_deployment(&change);
  }
}

std::string ServiceProcess::start_failure(const ServiceSpec& spec) const {
  if (!spec.start_failure.empty()) return spec.start_failure;
  std::string missing = missing_image(scene_.world, spec.image);
  if (!missing.empty()) return missing;
  for (const auto& [variable, secret] : spec.secrets) {
    if (scene_.allows(spec.execution_role, "secretsmanager:GetSecretValue " + secret)) continue;
    return fmt::format(
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
        "failed: "
        "unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret "
        "{} from "
        "secrets manager: operation error Secrets Manager: GetSecretValue, https response error StatusCode: "
        "400, "
        "RequestID: {}, api error AccessDeniedException: User: arn:aws:sts::{}:assumed-role/{}/{} is not "
        "authorized "
        "to perform: secretsmanager:GetSecretValue on resource: {} because no identity-based policy allows "
        "the "
        "secretsmanager:GetSecretValue action",
        secret, "5b1c6f0e-6b7e-4a7e-9d5e-0f1e2d3c4b5a", scene_.world.account, spec.execution_role,
        "ecs-agent", secret);
  }
  return {};
}

void ServiceProcess::start_task() {
  const ServiceSpec& spec = current_spec();
  const bool before = scene_.time <= -scene_.world.history;
  const double created = before ? deployed_at_ + 60 : scene_.time + 5 + 20 * random_.uniform();
  TaskRecord task;
  task.id = random_.hex(32);
  task.service = name_;
  task.cluster = spec.cluster;
  task.container = container_name(spec);
  task.image = image_uri(scene_.world, spec.image);
  task.digest = image_digest(spec.image);
  task.address = fmt::format("10.0.{}.{}", 10 + random_.below(3), 10 + random_.below(200));
  task.zone = scene_.world.region + (random_.chance(0.5) ? "a" : "b");
  task.revision = current_deployment().revision;
  task.cpu = spec.cpu;
  task.memory = spec.memory;
  task.deployment = current_deployment().id;
  task.created = scene_.moment(created);
  const std::string failure = start_failure(spec);
  const double ready = created + kStartSeconds * (0.8 + 0.4 * random_.uniform());
  const bool slow = !before && spec.work.start_up > kQuickStart;
  const double serves = slow ? ready + spec.work.start_up : ready;
  double ends = kNever;
  if (failure.empty()) {
    task.started = scene_.moment(ready);
    if (slow && !spec.balancer.empty()) {
      ends = check_start(spec, ready, serves, task);
    } else {
      task.health[*task.started] = true;
    }
    if (!before) event(created, fmt::format("has started 1 tasks: (task {}).", task.id));
  } else {
    task.stopped = scene_.moment(created + 25);
    task.stop_code = "TaskFailedToStart";
    task.stopped_reason = failure;
    task.reason = failure;
    ++current_deployment().failed_tasks;
    if (++failed_starts_ == 3) event(created + 40, "is unable to consistently start tasks successfully.");
  }
  scene_.history.tasks.push_back(std::move(task));
  if (failure.empty()) tasks_.push_back({scene_.history.tasks.size() - 1, deployed_at_, ready, serves, ends});
}

double ServiceProcess::check_start(const ServiceSpec& spec, double ready, double serves, TaskRecord& task) {
  const double unhealthy = ready + kCheckSeconds * kFailedChecks + 8 * random_.uniform();
  const double healthy = serves + kCheckSeconds;
  if (healthy > unhealthy) {
    task.health[scene_.moment(unhealthy)] = false;
    task.check_fault = "Health checks failed";
  }
  const double ends = std::max(unhealthy, ready + spec.grace) + 4 + 8 * random_.uniform();
  if (healthy > ends) return ends;
  task.health[scene_.moment(healthy)] = true;
  return kNever;
}

void ServiceProcess::say_starts(Task& task, const ServiceSpec& spec) {
  // What a program says of its start is spread over it; the last line says that it is done.
  const auto& lines = spec.work.starts;
  for (; task.said_starts < lines.size(); ++task.said_starts) {
    const double part = static_cast<double>(task.said_starts + 1) / static_cast<double>(lines.size());
    const double at = task.ready_at + 0.2 + part * (task.serves_at - task.ready_at);
    if (at >= std::min(scene_.time + kMinuteSeconds, task.ends_at) && task.serves_at > task.ready_at) return;
    say(task, at, lines[task.said_starts]);
  }
}

void ServiceProcess::start_up(Task& task) {
  const ServiceSpec& spec = spec_of(task);
  say_starts(task, spec);
  const Dimensions dimensions{{"ClusterName", spec.cluster}, {"ServiceName", name_}};
  const double used = std::min(1.0, 0.2 + spec.work.busy * kUnitsPerCpu / spec.cpu);
  scene_.measure("AWS/ECS", "CPUUtilization", dimensions, 100 * used * (1 + 0.03 * random_.normal()));
  scene_.measure("AWS/ECS", "MemoryUtilization", dimensions, 100 * spec.work.memory / spec.memory);
  if (task.ends_at >= scene_.time + kMinuteSeconds) return;
  const std::string group = target_group_arn(scene_.world, name_);
  event(task.ends_at - 2,
        fmt::format("(task {}) (port {:.0f}) is unhealthy in (target-group {}) due to (reason {}).",
                    record(task).id, spec.port, group, record(task).check_fault));
  record(task).exit_code = 143;
  DeploymentRecord& deployment = current_deployment();
  if (!deployment.completed && record(task).deployment == deployment.id) ++deployment.failed_tasks;
  stop_task(task, task.ends_at + kStopSeconds / 2, "ServiceSchedulerInitiated",
            fmt::format("Task failed ELB health checks in (target-group {})", group));
}

void ServiceProcess::stop_task(Task& task, double at, std::string stop_code, std::string stopped_reason) {
  task.stopped = true;
  TaskRecord& kept = record(task);
  kept.stopped = scene_.moment(at);
  kept.stop_code = std::move(stop_code);
  kept.stopped_reason = std::move(stopped_reason);
}

void ServiceProcess::replace_old_tasks() {
  const auto ready = std::count_if(tasks_.begin(), tasks_.end(), [&](const Task& task) {
    return task.deployed_at == deployed_at_ && task.serves_at + kSteadySeconds <= scene_.time;
  });
  const bool complete = static_cast<double>(ready) >= current_spec().desired;
  if (!complete) return;
  for (Task& task : tasks_) {
    if (task.deployed_at == deployed_at_ || task.stopped) continue;
    record(task).exit_code = 143;
    stop_task(task, scene_.time + 20, "ServiceSchedulerInitiated",
              fmt::format("Scaling activity initiated by (deployment {})", current_deployment().id));
    event(scene_.time + 20, fmt::format("has stopped 1 running tasks: (task {}).", record(task).id));
  }
  DeploymentRecord& deployment = current_deployment();
  if (deployment.completed) return;
  deployment.completed = scene_.moment(scene_.time + 40);
  event(scene_.time + 45, "has reached a steady state.");
}

void ServiceProcess::interrupt() {
  if (!current_spec().interrupted) return;
  for (Task& task : tasks_) {
    if (task.stopped) continue;
    record(task).exit_code = 143;
    stop_task(task, scene_.time + 10, "SpotInterruption", "Your Spot Task was interrupted.");
  }
}

void ServiceProcess::keep_desired() {
  const double desired = current_spec().desired;
  auto current = static_cast<double>(std::count_if(tasks_.begin(), tasks_.end(), [&](const Task& task) {
    return task.deployed_at == deployed_at_ && !task.stopped;
  }));
  if (current < desired && !current_spec().no_place.empty() && scene_.time > -scene_.world.history) {
    event(scene_.time + 30, fmt::format("was unable to place a task because {}", current_spec().no_place));
    return;
  }
  for (; current < desired; ++current) start_task();
  for (Task& task : tasks_) {
    if (current <= desired) break;
    if (task.stopped || task.deployed_at != deployed_at_) continue;
    record(task).exit_code = 143;
    stop_task(task, scene_.time + 10, "ServiceSchedulerInitiated",
              "Scaling activity initiated by desired count");
    event(scene_.time + 10, fmt::format("has stopped 1 running tasks: (task {}).", record(task).id));
    --current;
  }
}

void ServiceProcess::say(const Task& task, double at, const std::string& line) {
  scene_.log("/ecs/" + name_, scene_.moment(at),
             fmt::format("{}/{}/{}", name_, record(task).container, record(task).id), line);
}

void ServiceProcess::say_failures(const Task& task, const Failure& failure, double count) {
  for (double line = 0; line < std::min(kFailureLines, std::floor(count)); ++line) {
    const double at = scene_.time + kMinuteSeconds * random_.uniform();
    say(task, at, fmt::format("ERROR {}: {}", failure.type, failure.message));
    for (const std::string& frame : failure.stack) say(task, at, "    at " + frame);
  }
}

double ServiceProcess::call_dependencies(const ServiceSpec& spec, Task& task, double requests,
                                         double& failed) {
  const bool connects =
      std::all_of(spec.work.needs.begin(), spec.work.needs.end(), [&](const std::string& name) {
        return spec.environment.contains(name) || spec.secrets.contains(name);
      });
  for (const std::string& permission : spec.work.may) {
    if (scene_.allows(spec.role, permission)) continue;
    failed = requests;
    say_failures(task, access_denied(scene_, spec.role, record(task).id, permission), requests);
    return 0;
  }
  double latency = 0;
  task.connections += spec.work.pool_growth;
  for (const std::string& used : spec.work.uses) {
    Dependency& dependency = scene_.dependencies[used];
    if (!connects) {  // it never opens a pool, so a request that needs one fails at once and says nothing
      failed = requests;
      continue;
    }
    dependency.demand += requests * (1 + spec.work.retries * dependency.fails);
    dependency.connections += spec.work.pool + task.connections;
    const double lost = requests * std::pow(dependency.fails, 1 + spec.work.retries);
    failed = std::min(requests, failed + lost);
    latency += dependency.latency * (1 - dependency.fails) + dependency.fails * dependency.hangs;
    say_failures(task, dependency.failure, lost);
  }
  for (const std::string& host : spec.work.resolves) {
    if (scene_.resolves(host)) continue;
    failed = requests;
    for (double line = 0; line < std::min(kFailureLines, std::floor(requests)); ++line)
      say(task, scene_.time + kMinuteSeconds * random_.uniform(),
          "ERROR Error: getaddrinfo ENOTFOUND " + host);
  }
  return latency;
}

void ServiceProcess::throw_failures(const ServiceSpec& spec, Task& task, double requests, double& failed) {
  for (const Failure& failure : spec.work.throws) {
    const double of_input = failure.on.empty() ? 1 : scene_.input_share(spec.load, failure.on);
    const auto count = static_cast<double>(random_.count(requests * of_input * failure.share));
    failed = std::min(requests, failed + count);
    say_failures(task, failure, count);
  }
}

void ServiceProcess::check_memory(Task& task, const ServiceSpec& spec, double requests) {
  task.kept += requests * spec.work.memory_kept;
  const double used = spec.work.memory + task.kept + requests * spec.work.memory_in_run / kMinuteSeconds;
  const double percent = std::min(100.0, 100 * used / spec.memory * (1 + 0.004 * random_.normal()));
  const Dimensions dimensions{{"ClusterName", spec.cluster}, {"ServiceName", name_}};
  if (used <= spec.memory) {
    scene_.measure("AWS/ECS", "MemoryUtilization", dimensions, percent);
    scene_.measure("ECS/ContainerInsights", "MemoryUtilized", dimensions, percent * spec.memory / 100);
    scene_.measure("ECS/ContainerInsights", "MemoryReserved", dimensions, spec.memory);
    return;
  }
  TaskRecord& kept = record(task);
  kept.exit_code = 137;
  kept.reason = "OutOfMemoryError: Container killed due to memory usage";
  stop_task(task, scene_.time + kMinuteSeconds * random_.uniform(), "EssentialContainerExited",
            "Essential container in task exited");
}

void ServiceProcess::check_crash(Task& task, const ServiceSpec& spec, double requests) {
  if (!spec.work.crash || task.stopped) return;
  const Crash& crash = *spec.work.crash;
  const bool by_time = crash.after > 0 && scene_.time + kMinuteSeconds - task.ready_at >= crash.after;
  const bool by_request = crash.share > 0 && random_.chance(std::min(1.0, crash.share * requests));
  if (!by_time && !by_request) return;
  const double at = by_time ? std::max(scene_.time + 1, task.ready_at + crash.after)
                            : scene_.time + kMinuteSeconds * random_.uniform();
  for (const std::string& line : crash.lines) say(task, at, line);
  record(task).exit_code = crash.exit;
  DeploymentRecord& deployment = current_deployment();
  if (!deployment.completed && record(task).deployment == deployment.id) ++deployment.failed_tasks;
  stop_task(task, at + 0.4, "EssentialContainerExited", "Essential container in task exited");
}

void ServiceProcess::check_health(Task& task, const ServiceSpec& spec, double overload) {
  if (task.stopped || spec.balancer.empty()) return;
  const bool slow = overload > kHealthOverload;
  if (!slow && !spec.health_fails) {
    if (task.unhealthy_minutes > 0) record(task).health[scene_.minute] = true;
    task.unhealthy_minutes = 0;
    return;
  }
  record(task).check_fault = slow ? "Request timed out" : "Health checks failed with these codes: [404]";
  if (task.unhealthy_minutes == 0) record(task).health[scene_.moment(scene_.time + 30)] = false;
  if (++task.unhealthy_minutes < kUnhealthyMinutes) return;
  const std::string group = target_group_arn(scene_.world, name_);
  event(scene_.time + 20,
        fmt::format("(task {}) (port {:.0f}) is unhealthy in (target-group {}) due to (reason {}).",
                    record(task).id, spec.port, group, record(task).check_fault));
  record(task).exit_code = slow ? 137 : 143;
  stop_task(task, scene_.time + kStopSeconds, "ServiceSchedulerInitiated",
            fmt::format("Task failed ELB health checks in (target-group {})", group));
}

void ServiceProcess::run_task(Task& task, double requests, Minute& minute) {
  const ServiceSpec& spec = spec_of(task);
  say_starts(task, spec);
  const double available = spec.cpu / kUnitsPerCpu * kMinuteSeconds;
  const double wanted = spec.work.busy * kMinuteSeconds + requests * spec.work.cpu;
  const double ratio = wanted / available;
  const double used = std::min(1.0, ratio * (1 + 0.03 * random_.normal()));
  const Dimensions dimensions{{"ClusterName", spec.cluster}, {"ServiceName", name_}};
  scene_.measure("AWS/ECS", "CPUUtilization", dimensions, 100 * used);
  scene_.measure("ECS/ContainerInsights", "CpuUtilized", dimensions, spec.cpu * used);
  scene_.measure("ECS/ContainerInsights", "CpuReserved", dimensions, spec.cpu);
  double failed = 0;
  double latency = spec.work.takes + spec.work.waits + call_dependencies(spec, task, requests, failed);
  throw_failures(spec, task, requests, failed);
  latency += spec.work.cpu * kUnitsPerCpu / spec.cpu / std::max(0.04, 1 - used);
  // What does not fit into the minute waits; what waits longer than the balancer does is lost.
  const double late = ratio > 1 ? requests * (1 - 1 / ratio) : 0;
  if (ratio > 1) latency += std::min(spec.idle_timeout * 0.6, 20 * (ratio - 1));
  minute.timed_out += latency >= spec.idle_timeout ? requests : late;
  minute.failed += failed;
  minute.served += std::max(0.0, requests - failed - late);
  minute.latency = std::max(minute.latency, std::min(latency, spec.idle_timeout));
  for (const std::string& line : spec.work.says) {
    const auto count = random_.count(std::min(20.0, requests * spec.work.says_share));
    for (std::size_t i = 0; i < count; ++i) say(task, scene_.time + kMinuteSeconds * random_.uniform(), line);
  }
  check_memory(task, spec, requests);
  check_crash(task, spec, requests);
  check_health(task, spec, ratio);
}

void ServiceProcess::step() {
  deploy_due();
  interrupt();
  keep_desired();
  replace_old_tasks();
  const ServiceSpec& spec = current_spec();
  Minute minute;
  minute.requests = scene_.requests(spec.load, random_);
  const double middle = scene_.time + kMinuteSeconds / 2;
  const auto serving = static_cast<std::size_t>(
      std::count_if(tasks_.begin(), tasks_.end(), [&](const Task& task) { return task.is_serving(middle); }));
  std::size_t unhealthy = 0;
  std::size_t starting = 0;
  for (Task& task : tasks_) {
    if (!task.is_serving(middle)) {
      const bool runs = !task.stopped && task.serves_at > task.ready_at && task.ready_at < middle;
      if (runs) {
        start_up(task);
        starting += task.ready_at + kCheckSeconds * kFailedChecks < middle ? 1 : 0;
      }
      continue;
    }
    run_task(task, minute.requests / static_cast<double>(serving), minute);
    unhealthy += task.unhealthy_minutes > 0 || task.stopped ? 1 : 0;
    // Requests that are under way when a process ends, and those sent to it before that is noticed.
    if (task.stopped && record(task).stop_code == "EssentialContainerExited")
      minute.dropped += std::max(1.0, 0.15 * minute.requests / static_cast<double>(serving));
  }
  std::erase_if(tasks_, [](const Task& task) { return task.stopped; });
  break_circuit();
  if (!spec.balancer.empty())
    measure_balancer(minute, serving - std::min(serving, unhealthy), unhealthy + starting);
  measure_tasks(spec, serving);
}

void ServiceProcess::measure_tasks(const ServiceSpec& spec, std::size_t serving) {
  const Dimensions dimensions{{"ClusterName", spec.cluster}, {"ServiceName", name_}};
  const auto measure = [&](const char* metric, double value) {
    scene_.measure("ECS/ContainerInsights", metric, dimensions, value);
  };
  // A deployment whose predecessor still has tasks is under way.
  const bool rolling = !current_deployment().completed;
  measure("RunningTaskCount", static_cast<double>(serving));
  measure("DesiredTaskCount", spec.desired);
  measure("DeploymentCount", rolling ? 2 : 1);
}

void ServiceProcess::measure_balancer(const Minute& minute, std::size_t healthy, std::size_t unhealthy) {
  const std::string name_space = "AWS/ApplicationELB";
  const std::string& balancer = spec_.at(scene_.time).balancer;
  const Dimensions whole{{"LoadBalancer", balancer_dimension(balancer)}};
  const Dimensions group{{"LoadBalancer", balancer_dimension(balancer)},
                         {"TargetGroup", target_group_dimension(name_)}};
  const auto count = [&](const char* name, const Dimensions& dimensions, double value) {
    if (std::round(value) >= 1) scene_.measure(name_space, name, dimensions, 1, std::round(value));
  };
  const bool none = healthy + unhealthy == 0;
  for (const Dimensions& dimensions : {whole, group}) {
    count("RequestCount", dimensions, minute.requests);
    count("HTTPCode_Target_2XX_Count", dimensions, minute.served);
    count("HTTPCode_Target_5XX_Count", dimensions, minute.failed);
    if (minute.served + minute.failed >= 1) {
      for (int i = 0; i < 20; ++i)
        scene_.measure(name_space, "TargetResponseTime", dimensions,
                       minute.latency * std::max(0.2, 1 + 0.25 * random_.normal()));
    }
  }
  count("HTTPCode_ELB_502_Count", whole, minute.dropped);
  count("HTTPCode_ELB_503_Count", whole, none ? minute.requests : 0);
  count("HTTPCode_ELB_504_Count", whole, minute.timed_out);
  count("HTTPCode_ELB_5XX_Count", whole, minute.dropped + minute.timed_out + (none ? minute.requests : 0));
  count("TargetConnectionErrorCount", group, minute.dropped);
  scene_.measure(name_space, "HealthyHostCount", group, static_cast<double>(healthy));
  scene_.measure(name_space, "UnHealthyHostCount", group, static_cast<double>(unhealthy));
}

}  // namespace midwatch::sandbox::world
