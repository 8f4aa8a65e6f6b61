#pragma once

#include <cstdint>

#include "src/connectors/bundle/line_reader.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::connectors::bundle {

/// How much of one kind of record is kept: these files are held in memory, so they are bounded.
class RecordBudget {
 public:
  /// A large cluster's events of some hours, or all changes of a company's week.
  static constexpr std::uint64_t kMaxRecords = 100'000;
  static constexpr std::uint64_t kMaxBytes = 64ULL * 1024 * 1024;

  /// Counts a record of so many bytes in; false, and nothing is counted, where it is too much.
  bool allows(std::uint64_t bytes) {
    if (records_ >= kMaxRecords || bytes_ + bytes > kMaxBytes) return false;
    ++records_;
    bytes_ += bytes;
    return true;
  }

 private:
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

/// Reads the small record files of a bundle, a JSON object a line, into `batch`. `source` goes into each
/// record's ref. A line that is no such record is skipped and counted; of two changes with the same (kind,
/// id) the first stays. Each returns the number of lines that held something.
base::Result<std::uint64_t> read_changes(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                         RecordBudget& budget, telemetry::TelemetryBatch& batch);
base::Result<std::uint64_t> read_events(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                        RecordBudget& budget, telemetry::TelemetryBatch& batch);
base::Result<std::uint64_t> read_entities(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                          RecordBudget& budget, telemetry::TelemetryBatch& batch);
base::Result<std::uint64_t> read_relations(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                           RecordBudget& budget, telemetry::TelemetryBatch& batch);

}  // namespace midwatch::connectors::bundle
