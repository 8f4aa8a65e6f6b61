#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/base/json_value.h"
#include "src/base/time.h"

namespace midwatch::sandbox::world {

/// In order of the names.
using Dimensions = std::vector<std::pair<std::string, std::string>>;

struct MetricId {
  std::string name_space;
  std::string name;
  Dimensions dimensions;
  auto operator<=>(const MetricId&) const = default;
};

/// What was published of one metric in one minute.
struct MetricPoint {
  double sum = 0;
  double min = 0;
  double max = 0;
  double count = 0;
  std::vector<float> samples;  ///< some of the values, for percentiles
};

/// Minute → what was published; a minute in which nothing was published is not there.
using MetricCourse = std::map<base::Timestamp, MetricPoint>;

class Metrics {
 public:
  void add(const MetricId& id, base::Timestamp minute, double value, double count = 1);
  const std::map<MetricId, MetricCourse>& all() const { return courses_; }
  const MetricCourse* find(const MetricId& id) const;
  void forget(const std::string& name_space);

 private:
  std::map<MetricId, MetricCourse> courses_;
};

struct LogEvent {
  base::Timestamp time;
  std::string stream;
  std::string message;
};

struct TaskRecord {
  std::string id, service, cluster, image, digest, address, zone, container;
  int revision = 0;
  double cpu = 0, memory = 0;
  base::Timestamp created;
  std::optional<base::Timestamp> started, stopped;
  std::optional<int> exit_code;
  std::string reason;  ///< of the container
  std::string stop_code, stopped_reason;
  std::string deployment;
  std::map<base::Timestamp, bool> health;  ///< since when it is healthy, or not; before: not known yet
  std::string check_fault;                 ///< in the balancer's words, where it is not
};

struct DeploymentRecord {
  std::string service, id, image;
  int revision = 0;
  int failed_tasks = 0;
  base::Timestamp created;
  std::optional<base::Timestamp> completed, failed;
  std::string reason;        ///< why it was begun or given up; empty: as ever
  double definition_at = 0;  ///< s from time zero: its task definition is the service as it was then
};

struct ServiceEvent {
  base::Timestamp time;
  std::string service, message;
};

struct ImageRecord {
  std::string repository, tag, digest;
  base::Timestamp pushed;
  double bytes = 0;
};

struct TrailEvent {
  base::Timestamp time;
  std::string id, name, source, user, resource_type, resource, error_code, error_message;
  std::string region;  ///< whose trail alone has it; empty: any
  base::Json parameters;
};

struct AlarmState {
  std::string alarm, state, reason, reason_data;
  base::Timestamp time;
};

/// What a call goes to.
enum class CallKind { kWait, kHost, kTable, kDatabase, kQueue };

struct TraceCall {
  std::string name;  ///< of the world; "wait": the process itself waits
  double start = 0, seconds = 0;
  bool fault = false;
  bool unfinished = false;
  CallKind kind = CallKind::kWait;
  int status = 0;  ///< that the callee answered with; 0: it did not answer, or not over HTTP
};

struct TraceRecord {
  std::string id, segment, entry;
  base::Timestamp start;
  double seconds = 0;
  bool fault = false;
  std::string error_type, error_message;
  std::vector<TraceCall> calls;
};

/// An execution of a workflow.
struct ExecutionRecord {
  std::string workflow, id, status;
  std::string state, function;  ///< where it failed or waits; the function that failed there, if one did
  std::string error, cause;
  base::Timestamp start, stop;
};

/// When a function's code or configuration was changed.
struct FunctionUpdate {
  std::string function;
  base::Timestamp time;
  bool code = false;
};

struct StoreNote {
  std::string store;
  base::Timestamp time;
  std::string message, category;
};

/// All that happened in a world and was kept.
struct History {
  Metrics metrics;
  std::map<std::string, std::vector<LogEvent>> logs;  ///< group → events in order of time
  std::vector<TaskRecord> tasks;
  std::vector<DeploymentRecord> deployments;
  std::vector<ServiceEvent> service_events;
  std::vector<ImageRecord> images;
  std::vector<TrailEvent> trail;
  std::vector<AlarmState> alarm_states;  ///< in order of time
  std::vector<TraceRecord> traces;
  std::vector<FunctionUpdate> function_updates;
  std::vector<StoreNote> store_notes;
  std::vector<ExecutionRecord> executions;
  /// Database → minute → wait → average active sessions.
  std::map<std::string, std::map<base::Timestamp, std::map<std::string, double>>> database_load;
};

}  // namespace midwatch::sandbox::world
