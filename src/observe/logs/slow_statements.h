#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/lines/statement_line.h"
#include "src/telemetry/log_record.h"

namespace midwatch::observe::logs {

/// Statements that databases log because they are slow, compared with the baseline: `log.statement.slow`,
/// where there are many more of them, or slower ones. Memory:  by entities. Threads: one thread.
class SlowStatements {
 public:
  explicit SlowStatements(model::SourceName source_name) : source_name_(std::move(source_name)) {}

  void add(const telemetry::LogRecord& record, const lines::StatementLine& line, std::uint32_t entity,
           bool baseline);
  std::vector<model::Observation> finish(const std::vector<std::string>& entities) const;

 private:
  struct Statements {
    double baseline_seconds = 0;  // in all
    double baseline_slowest = 0;
    double seconds = 0;
    double slowest = 0;
    std::uint64_t count = 0;
    std::optional<base::Timestamp> first;
    std::string statement;  // the slowest
    model::Evidence evidence;
  };

  model::SourceName source_name_;
  std::map<std::uint32_t, Statements> by_entity_;
};

}  // namespace midwatch::observe::logs
