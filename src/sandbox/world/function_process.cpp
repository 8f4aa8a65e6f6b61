#include "src/sandbox/world/function_process.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/sandbox/world/function_log.h"
#include "src/sandbox/world/trace_documents.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

/// An idle environment is given up after about this long.
constexpr double kIdleSeconds = 600;
/// Up to this share above its memory a run thrashes until its time is over; beyond, it is killed at once.
constexpr double kThrashing = 1.6;
/// After this long an API Gateway gives up on its integration.
constexpr double kGatewaySeconds = 29;
/// A look-up of a name that does not exist is answered within this time.
constexpr double kLookupSeconds = 0.02;
constexpr std::string_view kNamespace = "AWS/Lambda";

template <class Spec>
bool has(const Named<Spec>& components, const std::string& name) {
  return std::any_of(components.begin(), components.end(),
                     [&](const auto& one) { return one.first == name; });
}

CallKind kind_of(const World& world, const std::string& used) {
  if (has(world.tables, used)) return CallKind::kTable;
  if (has(world.databases, used)) return CallKind::kDatabase;
  return has(world.queues, used) ? CallKind::kQueue : CallKind::kHost;
}

}  // namespace

FunctionProcess::FunctionProcess(const std::string& name, const Timeline<FunctionSpec>& spec, Scene& scene)
    : name_(name), spec_(spec), scene_(scene), random_(scene.seed, "function " + name) {}

void FunctionProcess::step() {
  const FunctionSpec& spec = spec_.at(scene_.time);
  busiest_ = 0;
  allowed_ = allowance(spec);
  scene_.functions[name_] = {};
  std::vector<double> starts;
  std::size_t count = 0;
  if (!spec.queue.empty()) {
    // A consumer takes what is there, as far as its environments get through it.
    Dependency& queue = scene_.dependencies[spec.queue];
    if (!spec.queue_enabled) return;
    const double each = std::max(0.05, spec.work.takes + spec.work.waits);
    const double concurrency = spec.concurrency < 0 ? 10 : spec.concurrency;
    count = random_.count(std::min(queue.demand, concurrency * kMinuteSeconds / each));
    queue.taken += static_cast<double>(count);
  } else if (spec.bucket.empty() || scene_.notifies(spec.bucket, name_)) {
    count = random_.count(scene_.requests(spec.load, random_));
  }
  for (std::size_t i = 0; i < count; ++i) starts.push_back(random_.uniform() * kMinuteSeconds);
  std::sort(starts.begin(), starts.end());
  for (const double start : starts) invoke(scene_.time + start, scene_.input(spec.load, random_));
  scene_.functions[name_].at_once = static_cast<double>(busiest_);
  if (busiest_ > 0)
    scene_.measure(std::string(kNamespace), "ConcurrentExecutions", {{"FunctionName", name_}},
                   static_cast<double>(busiest_));
}

FunctionProcess::Environment* FunctionProcess::environment_for(double start) {
  const FunctionSpec& spec = spec_.at(start);
  const double updated = updated_before(start);
  std::erase_if(environments_, [&](const Environment& environment) {
    const bool outdated = environment.begun < updated && environment.free_at <= start;
    return outdated || environment.free_at < start - kIdleSeconds;
  });
  const auto busy = static_cast<std::size_t>(std::count_if(
      environments_.begin(), environments_.end(), [&](const Environment& e) { return e.free_at > start; }));
  busiest_ = std::max(busiest_, busy + 1);
  if (static_cast<double>(busy) >= allowed_) return nullptr;
  const auto free = std::find_if(environments_.begin(), environments_.end(),
                                 [&](const Environment& e) { return e.free_at <= start; });
  if (free != environments_.end()) return &*free;
  const std::string day = base::format_rfc3339(scene_.moment(start));
  environments_.push_back({fmt::format("{}/{}/{}/[$LATEST]{}", day.substr(0, 4), day.substr(5, 2),
                                       day.substr(8, 2), random_.hex(32)),
                           start});
  environments_.back().warm = static_cast<double>(busy) < spec.provisioned;
  return &environments_.back();
}

double FunctionProcess::allowance(const FunctionSpec& spec) const {
  if (spec.concurrency >= 0) return spec.concurrency;
  double free = scene_.world.concurrency;
  double others = 0;
  for (const auto& [name, timeline] : scene_.world.functions) {
    const FunctionSpec& other = timeline.at(scene_.time);
    const auto minute = scene_.functions.find(name);
    if (other.concurrency >= 0) {
      free -= other.concurrency;
    } else if (name != name_ && minute != scene_.functions.end()) {
      others += minute->second.wanted;
    }
  }
  const auto own = scene_.functions.find(name_);
  const double wanted = own == scene_.functions.end() ? 0 : own->second.wanted;
  // Where more is wanted than there is, everybody gets the same share of it.
  return wanted + others > free ? std::max(1.0, free * wanted / (wanted + others)) : free - others;
}

double FunctionProcess::updated_before(double start) const {
  double updated = -1e12;
  for (const Change& change : scene_.world.changes) {
    const bool update =
        change.kind == ChangeKind::kUpdateCode || change.kind == ChangeKind::kUpdateConfiguration;
    if (update && change.target == name_ && change.at <= start) updated = change.at;
  }
  return updated;
}

void FunctionProcess::invoke(double start, const std::string& input) {
  const FunctionSpec& spec = spec_.at(start);
  Environment* environment = environment_for(start);
  if (environment == nullptr) {
    scene_.functions[name_].wanted += spec.work.takes / kMinuteSeconds;
    scene_.measure(std::string(kNamespace), "Throttles", {{"FunctionName", name_}}, 1);
    if (!spec.gateway.empty()) {
      scene_.measure("AWS/ApiGateway", "Count", {{"ApiName", spec.gateway}}, 1);
      scene_.measure("AWS/ApiGateway", "5XXError", {{"ApiName", spec.gateway}}, 1);
    }
    return;
  }
  Run run;
  run.start = start;
  run.request = random_.uuid();
  run.input = input;
  const bool cold = !environment->warm;
  if (cold) run.init_seconds = spec.work.start_up * std::max(0.5, 1 + spec.work.spread * random_.normal());
  work(run, spec);
  limit(run, spec, *environment);
  environment->warm = run.status.empty();
  if (!run.status.empty()) environment->kept = 0;
  environment->free_at = run.start + run.init_seconds + run.seconds;
  write_log(run, spec, *environment, cold);
  measure(run, spec);
  trace(run, spec);
}

void FunctionProcess::work(Run& run, const FunctionSpec& spec) {
  const Work& work = spec.work;
  run.seconds = work.takes * std::max(0.3, 1 + work.spread * random_.normal());
  for (const std::string& module : work.imports) {
    if (std::find(spec.packages.begin(), spec.packages.end(), module) != spec.packages.end()) continue;
    run.status = "error";
    run.platform_error = "Runtime.ImportModuleError";
    run.seconds = 0;
    run.own_failure = missing_module(spec, module);
    run.failure = &run.own_failure;
    return;
  }
  for (const Failure& failure : work.throws) {
    const bool meant = failure.on.empty() || failure.on == run.input;
    if (!meant || !random_.chance(failure.share)) continue;
    run.failure = &failure;
    return;
  }
  call_dependencies(run, spec);
  if (run.failure == nullptr && work.waits > 0) {
    run.calls.push_back({"wait", run.seconds, work.waits, false, run.seconds + work.waits > spec.timeout});
    run.seconds += work.waits;
  }
}

void FunctionProcess::fail(Run& run, Failure failure) {
  run.own_failure = std::move(failure);
  run.failure = &run.own_failure;
}

void FunctionProcess::call_dependencies(Run& run, const FunctionSpec& spec) {
  for (const std::string& host : spec.work.resolves) {
    if (scene_.resolves(host)) continue;
    run.seconds += kLookupSeconds;
    return fail(run, unknown_host(host));
  }
  for (const std::string& permission : spec.work.may) {
    if (scene_.allows(spec.role, permission)) continue;
    Failure denied = access_denied(scene_, spec.role, name_, permission);
    denied.stack = {"async handler (/var/task/index.js:6:18)"};
    return fail(run, std::move(denied));
  }
  for (const std::string& used : spec.work.uses) {
    Dependency& dependency = scene_.dependencies[used];
    for (double tries = 0; tries <= spec.work.retries; ++tries) {
      dependency.demand += 1;
      const bool fails = random_.chance(dependency.fails);
      const double takes = fails && dependency.hangs > 0
                               ? dependency.hangs
                               : dependency.latency * std::max(0.3, 1 + spec.work.spread * random_.normal());
      constexpr int kAnswered = 200;
      run.calls.push_back({used, run.seconds, takes, fails, run.seconds + takes > spec.timeout,
                           kind_of(scene_.world, used), fails ? dependency.status : kAnswered});
      run.seconds += takes;
      if (!fails) break;
      if (tries + 1 > spec.work.retries) return fail(run, dependency.failure);
    }
  }
}

void FunctionProcess::limit(Run& run, const FunctionSpec& spec, Environment& environment) {
  const Work& work = spec.work;
  const bool grows =
      work.memory_in_run > 0 && (scene_.input_share(spec.load, "large") == 0 || run.input == "large");
  environment.kept += work.memory_kept;
  const double wanted =
      (work.memory + environment.kept + (grows ? work.memory_in_run : 0)) * (1 + 0.02 * random_.normal());
  run.used = std::min(wanted, spec.memory);
  if (wanted > spec.memory * kThrashing) {
    run.status = "error";
    run.platform_error = "Runtime.OutOfMemory";
    run.failure = nullptr;
    run.seconds = std::min(spec.timeout * 0.7, 1.5 + run.seconds);
  } else if (wanted > spec.memory * 0.99) {
    run.used = spec.memory - (random_.chance(0.5) ? 1 : 0);
    run.seconds = spec.timeout + 1;
  }
  if (run.seconds <= spec.timeout) return;
  run.seconds = spec.timeout;
  run.status = "timeout";
  run.failure = nullptr;
}

void FunctionProcess::write_log(const Run& run, const FunctionSpec& spec, const Environment& environment,
                                bool cold) {
  const std::string group = "/aws/lambda/" + name_;
  const auto write = [&](double at, std::string message) {
    scene_.log(group, scene_.moment(at), environment.stream, std::move(message));
  };
  if (cold) write(run.start, init_line(spec));
  const double begin = run.start + run.init_seconds;
  if (run.platform_error == "Runtime.ImportModuleError") {
    write(begin, failure_line(spec, scene_.moment(begin), run.request, *run.failure));
    write(begin,
          fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: init\tStatus: error\tError Type: {}",
                      run.init_seconds * 1000, run.platform_error));
  }
  write(begin, fmt::format("START RequestId: {} Version: $LATEST", run.request));
  for (const std::string& line : spec.work.says) {
    if (random_.chance(spec.work.says_share) && run.platform_error.empty())
      write(begin + 0.004, said_line(spec, scene_.moment(begin + 0.004), run.request, line));
  }
  const double end = begin + run.seconds;
  if (run.failure != nullptr && run.platform_error.empty())
    write(end, failure_line(spec, scene_.moment(end), run.request, *run.failure));
  if (run.platform_error == "Runtime.OutOfMemory")
    write(end,
          fmt::format("RequestId: {} Error: Runtime exited with error: signal: killed\nRuntime.ExitError",
                      run.request));
  write(end, fmt::format("END RequestId: {}", run.request));
  ReportLine report{run.request, run.seconds, run.init_seconds,  spec.memory,
                    run.used,    run.status,  run.platform_error};
  write(end + 0.001, report_line(report));
}

void FunctionProcess::measure(const Run& run, const FunctionSpec& spec) {
  const std::string name_space(kNamespace);
  const Dimensions dimensions{{"FunctionName", name_}};
  scene_.measure(name_space, "Invocations", dimensions, 1);
  scene_.measure(name_space, "Errors", dimensions, run.failed() ? 1 : 0);
  FunctionMinute& minute = scene_.functions[name_];
  minute.runs += 1;
  minute.wanted += (run.init_seconds + run.seconds) / kMinuteSeconds;
  if (run.failed()) {
    minute.failed += 1;
    minute.failure = run.failure == nullptr ? platform_failure(run.request, run.status, spec) : *run.failure;
  }
  scene_.measure(name_space, "Duration", dimensions, run.seconds * 1000);
  if (!spec.queue.empty() && run.failed()) scene_.dependencies[spec.queue].returned += 1;
  if (!spec.gateway.empty()) measure_gateway(run, spec);
}

void FunctionProcess::measure_gateway(const Run& run, const FunctionSpec& spec) {
  const Dimensions gateway{{"ApiName", spec.gateway}};
  const double takes = run.init_seconds + run.seconds;
  const double seen = std::min(takes, kGatewaySeconds);
  scene_.measure("AWS/ApiGateway", "Count", gateway, 1);
  scene_.measure("AWS/ApiGateway", "IntegrationLatency", gateway, seen * 1000);
  scene_.measure("AWS/ApiGateway", "Latency", gateway, seen * 1000 + 4);
  const bool late = takes > kGatewaySeconds;
  const bool bad = run.failed() || late || spec.work.answers_badly;
  scene_.measure("AWS/ApiGateway", "5XXError", gateway, bad ? 1 : 0);
  if (!bad) return;
  // A stage that logs errors tells of each in two lines.
  const std::string what =
      late ? "Execution failed due to a timeout error"
      : run.failed()
          ? fmt::format(
                "Lambda execution failed with status 200 due to customer function error: {}. Lambda "
                "request id: {}",
                run.failure == nullptr ? "Task ended early" : run.failure->message, run.request)
          : "Execution failed due to configuration error: Malformed Lambda proxy response";
  const std::string id = random_.uuid();
  const base::Timestamp at = scene_.moment(run.start + seen);
  for (const std::string& line : {what, fmt::format("Method completed with status: {}", late ? 504 : 502)})
    scene_.log(gateway_log_group(spec.gateway), at, base::sha256_hex(id).substr(0, 32),
               fmt::format("({}) {}", id, line));
}

void FunctionProcess::trace(const Run& run, const FunctionSpec& spec) {
  if (!spec.tracing) return;
  const auto seconds = static_cast<std::uint64_t>(base::to_seconds(scene_.moment(run.start)));
  TraceRecord record;
  record.id = fmt::format("1-{:08x}-{}", seconds, random_.hex(24));
  record.segment = random_.hex(16);
  record.entry = name_;
  record.start = scene_.moment(run.start);
  record.seconds = run.init_seconds + run.seconds;
  record.fault = run.failed();
  if (run.failure != nullptr) {
    record.error_type = run.failure->type;
    record.error_message = run.failure->message;
  }
  record.calls = run.calls;
  if (scene_.world.transaction_search) {
    for (SpanLine& line : span_lines(scene_.world, record))
      scene_.log(kSpansGroup, line.time, "default", std::move(line.text));
  }
  scene_.history.traces.push_back(std::move(record));
}

}  // namespace midwatch::sandbox::world
