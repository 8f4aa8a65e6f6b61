#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/lines/lambda_line.h"
#include "src/telemetry/log_record.h"

namespace midwatch::observe::logs {

/// What the platform's lines say of the runs of serverless functions: runs that end at the limit of time
/// (`sign.lambda_timeout`) or of memory (`sign.lambda_out_of_memory`, `metric.memory.saturated`), that exit
/// (`sign.lambda_exit`), initialisations that fail (`sign.lambda_init_failure`), and runs that take longer
/// (`metric.latency.up`), and runs that wait for an environment to be initialised, where that takes longer
/// than the work (`state.function.cold_starts`). What ended the runs is one of two: their memory was full
/// (`state.function.memory_exhausted`), or they were cut off with memory to spare
/// (`state.function.timed_out`).
/// Which runs ended by their memory is kept, so that what other runs say can be told from it.
/// Memory:  bounded by the number of entities and kMostRuns identifiers each.
/// Threads: one thread.
class LambdaRuns {
 public:
  explicit LambdaRuns(model::SourceName source_name) : source_name_(std::move(source_name)) {}

  void add(const telemetry::LogRecord& record, const lines::LambdaLine& line, std::uint32_t entity,
           bool baseline);
  /// Counts a line that the application wrote: that there are none says where the time goes.
  void add_application_line(std::uint32_t entity);
  static std::uint64_t run_hash(std::string_view id);
  bool knows(std::uint32_t entity) const { return by_entity_.contains(entity); }
  /// True where runs of the entity ended because its memory was full, and none of these (hashes of their ids)
  /// is one of them.
  bool are_apart_from_memory(std::uint32_t entity, const std::vector<std::uint64_t>& runs) const;
  std::vector<model::Observation> finish(const std::vector<std::string>& entities) const;

 private:
  /// Lines of one kind: how many, and the first.
  struct Seen {
    std::uint64_t count = 0;
    std::optional<base::Timestamp> first;
    model::Evidence evidence;
    std::string error_type;
    double value = 0;
  };
  /// When a run ended, what it took, and what initialising its environment took before it.
  struct Run {
    base::Timestamp end;
    float duration_ms = 0;
    float init_ms = 0;  ///< 0: the environment was there
  };
  struct Function {
    std::uint64_t runs = 0;
    std::uint64_t baseline_runs = 0;
    double limit_mb = 0;
    double most_used_mb = 0;
    std::uint64_t near_limit = 0;
    double baseline_most_used_mb = 0;
    std::vector<float> durations;  // ms; at most kMostRuns
    std::vector<float> baseline_durations;
    std::vector<Run> timed;  // baseline and window; at most kMostRuns
    Seen slowest_start;
    std::uint64_t baseline_timeouts = 0;
    std::uint64_t baseline_starts = 0;
    std::uint64_t application_lines = 0;
    std::uint64_t starts = 0;  // runs before which the environment was initialised well
    double slowest_start_ms = 0;
    double failed_used_mb = 0;  // the most that a run used which was ended
    Seen timeouts;
    Seen failed_full;                         // runs that failed with a full memory
    std::set<std::uint64_t> ended_by_memory;  // hashes of their ids; at most kMostRuns
    Seen out_of_memory;
    Seen exits;
    Seen init_failures;
    Seen full;                 // the run that used the most memory
    Seen slowest;              // run
    std::string last_timeout;  // request whose end was seen in more than one line
  };

  void note(Seen& seen, const telemetry::LogRecord& record, const lines::LambdaLine& line, double value);
  static void note_full(Function& f, const lines::LambdaLine& line);
  static std::optional<model::Observation> end_of_runs(const Function& f);
  static std::optional<model::Observation> cold_starts(const Function& f);
  void add_run(Function& f, const telemetry::LogRecord& record, const lines::LambdaLine& line, bool baseline);

  model::SourceName source_name_;
  std::map<std::uint32_t, Function> by_entity_;
};

}  // namespace midwatch::observe::logs
