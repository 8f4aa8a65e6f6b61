#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/telemetry/log_record.h"

namespace midwatch::observe::logs {

struct LogObserverOptions {
  /// Where there is no separate baseline, lines before this time are the baseline.
  std::optional<base::Timestamp> split;
  /// The split is a guess from the time of the alarm: the fault may have begun before it.
  bool split_is_guess = false;
  base::TimeRange window;                   ///< of the incident
  std::vector<std::string> known_entities;  ///< whom an error may name; those with lines are known anyway
  std::function<std::string(std::uint32_t)> source_name;
};

struct LogFindings {
  std::vector<model::Observation> observations;
  std::vector<std::string> entities;  ///< who has lines, ordered
  std::vector<std::pair<std::string, std::string>> instances;
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
  std::uint64_t repeated = 0;  ///< records that came twice in a row, time and all; counted once
};

/// Observes log records in one pass: templates that are new, more or less frequent than in the baseline,
/// stack traces, the signatures of the knowledge, requests that leave their usual way (log_flow.h), runs of
/// functions (lambda_runs.h), access logs (access_statistics.h), slow statements (slow_statements.h), and how
/// much is logged at all (volume.h).
///
/// A line that continues a stack trace belongs to the record before it of the same entity and instance. Rates
/// are compared after scaling the baseline to the length of the incident. Records may lack a time, and come
/// in any order, from several files. Memory:  by distinct templates and entities, not by lines. Threads: one
/// thread.
class LogObserver {
 public:
  LogObserver(const knowledge::KnowledgeBase& knowledge, LogObserverOptions options);
  ~LogObserver();
  LogObserver(const LogObserver&) = delete;
  LogObserver& operator=(const LogObserver&) = delete;

  void observe_baseline(const telemetry::LogRecord& record);
  void observe(const telemetry::LogRecord& record);
  /// A line that was saved for what it shows, as output of a tool: of the incident although it was written
  /// before the split, unless that is long ago.
  void observe_saved(const telemetry::LogRecord& record);
  LogFindings finish();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::observe::logs
