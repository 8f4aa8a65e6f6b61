#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/lines/access_line.h"
#include "src/observe/traces/log_histogram.h"
#include "src/telemetry/log_record.h"

namespace midwatch::observe::logs {

/// What access logs say of requests, compared with the baseline: `log.access.failing` (5xx), `.rejected`
/// (4xx), `.unanswered` (an upstream did not answer), `.slow`. Memory:  bounded by entities, statuses, and
/// kMostUpstreams each. Threads: one thread.
class AccessStatistics {
 public:
  explicit AccessStatistics(model::SourceName source_name) : source_name_(std::move(source_name)) {}

  void add(const telemetry::LogRecord& record, const lines::AccessLine& line, std::uint32_t entity,
           bool baseline);
  std::vector<model::Observation> finish(const std::vector<std::string>& entities) const;

 private:
  enum What : std::size_t { kFailing, kRejected, kUnanswered, kWhats };
  struct Seen {
    std::uint64_t baseline = 0;
    std::uint64_t incident = 0;
    std::optional<base::Timestamp> first;
    model::Evidence evidence;
    std::map<int, std::uint64_t> statuses;           // of the incident
    std::map<std::string, std::uint64_t> upstreams;  // of the incident
    std::map<std::string, std::uint64_t> paths;      // of the incident
  };
  struct Server {
    std::uint64_t baseline = 0;
    std::uint64_t incident = 0;
    std::array<Seen, kWhats> seen;
    traces::LogHistogram seconds;
    traces::LogHistogram baseline_seconds;
    double slowest = 0;
    model::Evidence slowest_evidence;
    std::optional<base::Timestamp> first_slow;
  };

  void note(Seen& seen, const telemetry::LogRecord& record, const lines::AccessLine& line, bool baseline);

  model::SourceName source_name_;
  std::map<std::uint32_t, Server> by_entity_;
};

}  // namespace midwatch::observe::logs
