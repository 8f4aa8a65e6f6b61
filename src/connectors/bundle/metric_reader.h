#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/connectors/bundle/line_reader.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/telemetry/metric.h"

namespace midwatch::connectors::bundle {

/// Collects the rows of metrics.csv or baseline.csv into series.
///
/// Shape: columns by header name, in any order: timestamp, entity, metric, value; unit and stat if there;
/// every further
///        column is a dimension. Fields may be quoted as in RFC 4180, but not hold line ends.
/// Rows with NaN or an infinity are absent samples: skipped and counted. A series over kMaxPoints points is
/// thinned to half by averaging neighbours, so that memory stays bounded; that is reported.
class MetricReader {
 public:
  MetricReader();
  ~MetricReader();
  MetricReader(const MetricReader&) = delete;
  MetricReader& operator=(const MetricReader&) = delete;

  static constexpr std::size_t kMaxPoints = 65'536;

  /// Reads one file. Errors: those of the source, and kMalformed where the header lacks a needed column.
  base::Result<std::uint64_t> read(LineReader& lines, ReadProblems& problems);

  /// All series, ordered by key, points ascending, one a time.
  std::vector<telemetry::MetricSeries> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::connectors::bundle
