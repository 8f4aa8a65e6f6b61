#include "src/sandbox/world/simulation.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/sandbox/world/alarm_process.h"
#include "src/sandbox/world/change_trail.h"
#include "src/sandbox/world/fields.h"
#include "src/sandbox/world/function_process.h"
#include "src/sandbox/world/service_process.h"
#include "src/sandbox/world/store_processes.h"
#include "src/sandbox/world/workflow_process.h"

namespace midwatch::sandbox::world {
namespace {

/// The free space of every database, which shrinks as it is written to.
class Volumes {
 public:
  double free(const std::string& name, const DatabaseSpec& spec) {
    auto [volume, first] = free_.try_emplace(name, spec.free_storage);
    if (first) return volume->second;
    const bool full = volume->second <= 0;
    constexpr double kMinutesAnHour = 60;
    volume->second = std::max(0.0, volume->second - spec.storage_growth / kMinutesAnHour);
    just_full_ = !full && volume->second <= 0;
    return volume->second;
  }
  bool just_full() const { return just_full_; }

 private:
  std::map<std::string, double> free_;
  bool just_full_ = false;
};

void step_stores(Scene& scene, Volumes& volumes) {
  for (const auto& [name, spec] : scene.world.databases) {
    const DatabaseSpec& now = spec.at(scene.time);
    const double free = volumes.free(name, now);
    if (volumes.just_full())
      scene.history.store_notes.push_back(
          {name, scene.moment(scene.time + 12),
           "Allocated storage has been exhausted. Allocate additional storage to resolve.", "low storage"});
    step_database(name, now, free, scene);
  }
  for (const auto& [name, spec] : scene.world.tables) step_table(name, spec.at(scene.time), scene);
  for (const auto& [name, spec] : scene.world.hosts) step_host(name, spec.at(scene.time), scene);
  for (const auto& [name, spec] : scene.world.nats) step_nat(name, spec.at(scene.time), scene);
}

/// What a world states of metrics that no process of it has.
void publish_measurements(Scene& scene) {
  for (const MeasurementSpec& spec : scene.world.measurements) {
    if (scene.time >= spec.until) continue;
    Random random(scene.seed, fmt::format("{} {} {}", spec.metric_namespace, spec.metric, scene.time));
    const double value = spec.share * scene.requests(spec.load, random);
    if (!spec.sparse) {
      scene.measure(spec.metric_namespace, spec.metric, spec.dimensions, value);
    } else if (const auto count = random.count(value); count > 0) {
      scene.measure(spec.metric_namespace, spec.metric, spec.dimensions, static_cast<double>(count));
    }
  }
}

/// The members of a line at a moment of the world.
void fill_moment(base::Json& json, base::Timestamp moment, Random& random) {
  constexpr std::string_view kNow = "@now";
  if (json.is_string()) {
    const std::string text = json.get<std::string>();
    if (text == "@id") {
      json = random.uuid();
    } else if (text.starts_with(kNow)) {
      const std::string_view rest = std::string_view(text).substr(kNow.size());
      const auto apart = rest.empty() ? std::optional(0.0) : parse_seconds(rest);
      if (apart) json = base::format_rfc3339(moment + base::duration_from_seconds(*apart));
    }
  }
  if (!json.is_structured()) return;
  for (auto& item : json) fill_moment(item, moment, random);
}

/// What a world states of lines that no process of it writes, in the minute that begins.
void write_journals(Scene& scene) {
  std::size_t number = 0;
  for (const JournalSpec& spec : scene.world.journals) {
    Random random(scene.seed, fmt::format("journal {} {}", number++, scene.time));
    std::vector<double> moments;
    for (const double at : spec.at) {
      if (scene.time <= at && at < scene.time + kMinuteSeconds) moments.push_back(at);
    }
    if (!spec.load.empty() && spec.from <= scene.time && scene.time < spec.until) {
      const auto count = random.count(scene.requests(spec.load, random));
      for (std::size_t i = 0; i < count; ++i)
        moments.push_back(scene.time + random.uniform() * kMinuteSeconds);
    }
    for (const double at : moments) {
      std::string line = spec.text;
      if (line.empty()) {
        base::Json members = spec.json;
        fill_moment(members, scene.moment(at), random);
        line = base::dump_json(members);
      }
      scene.log(spec.group, scene.moment(at), spec.stream, std::move(line));
    }
  }
}

/// What Lambda measures of all functions together.
void measure_account(Scene& scene) {
  double at_once = 0;
  for (const auto& [name, minute] : scene.functions) at_once += minute.at_once;
  if (at_once > 0) scene.measure("AWS/Lambda", "ConcurrentExecutions", {}, at_once);
}

/// What a client meets before the first minute is over.
void settle_first(Scene& scene, Volumes& volumes) {
  step_stores(scene, volumes);
  for (auto& [name, dependency] : scene.dependencies) dependency.demand = 0;
}

void forget(const World& world, History& history) {
  for (const std::string& silent : world.silent) {
    history.metrics.forget(silent);
    history.logs.erase(silent);
  }
}

}  // namespace

History simulate(const World& world, std::uint64_t seed) {
  History history;
  Scene scene{world, seed, history, {}, {}, -world.history, {}};
  std::deque<FunctionProcess> functions;
  std::deque<ServiceProcess> services;
  std::deque<QueueProcess> queues;
  for (const auto& [name, spec] : world.functions) functions.emplace_back(name, spec, scene);
  for (const auto& [name, spec] : world.services) services.emplace_back(name, spec, scene);
  for (const auto& [name, spec] : world.queues) queues.emplace_back(name, spec, scene);
  std::deque<WorkflowProcess> workflows;
  for (const auto& [name, spec] : world.workflows) workflows.emplace_back(name, spec, scene);
  Volumes volumes;
  scene.minute = scene.moment(scene.time);
  settle_first(scene, volumes);
  for (; scene.time < world.horizon; scene.time += kMinuteSeconds) {
    scene.minute = scene.moment(scene.time);
    for (auto& queue : queues) queue.offer();
    for (auto& function : functions) function.step();
    measure_account(scene);
    for (auto& workflow : workflows) workflow.step();
    for (auto& service : services) service.step();
    for (auto& queue : queues) queue.settle();
    step_stores(scene, volumes);
    publish_measurements(scene);
    write_journals(scene);
  }
  for (auto& [group, events] : history.logs) {
    std::stable_sort(events.begin(), events.end(),
                     [](const LogEvent& a, const LogEvent& b) { return a.time < b.time; });
  }
  std::stable_sort(history.service_events.begin(), history.service_events.end(),
                   [](const ServiceEvent& a, const ServiceEvent& b) { return a.time < b.time; });
  write_trail(world, seed, history);
  run_alarms(world, history);  // they saw what was published, also where none of it can be read later
  forget(world, history);
  return history;
}

}  // namespace midwatch::sandbox::world
