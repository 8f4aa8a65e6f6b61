#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "src/connectors/bundle/line_reader.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/telemetry/metric.h"

namespace midwatch::connectors::bundle {

/// How much a MetricReader keeps. With the defaults, 160 MiB of points and 100 MiB of keys.
struct MetricBounds {
  std::size_t series = 200'000;             ///< rows of further series are skipped and counted
  std::size_t points_of_a_series = 65'536;  ///< a longer one is thinned
  std::size_t points = 8UL * 1024 * 1024;   ///< in all; beyond it the longest series are thinned
};

/// Collects the rows of metrics.csv or baseline.csv into series.
///
/// Shape: columns by header name, in any order: timestamp, entity, metric, value; unit and stat if there;
///        every further column is a dimension. Fields may be quoted as in RFC 4180, but not hold line ends.
/// Rows with NaN or an infinity are absent samples: skipped and counted. What is beyond the bounds is thinned
/// by averaging neighbours (SeriesBuilder), so that memory stays bounded; that is reported.
class MetricReader {
 public:
  explicit MetricReader(MetricBounds bounds = {});
  ~MetricReader();
  MetricReader(const MetricReader&) = delete;
  MetricReader& operator=(const MetricReader&) = delete;

  /// Reads one file; returns the number of rows that held something. Errors: those of the source, and
  /// kMalformed where the header lacks a needed column.
  base::Result<std::uint64_t> read(LineReader& lines, ReadProblems& problems);

  /// All series, ordered by key, points ascending, one a time. `source` is how gaps call the files.
  std::vector<telemetry::MetricSeries> finish(std::string_view source, std::vector<model::Gap>& gaps);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::connectors::bundle
