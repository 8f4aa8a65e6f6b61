#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/model/investigation_record.h"

namespace midwatch::app {

/// One row of a file of metrics, scored.
struct ScoredRow {
  std::string_view timestamp;  ///< as the file has it; empty where the row has none
  std::optional<base::Timestamp> time;
  std::optional<double> value;
  std::string_view series;  ///< the row's further fields, joined by spaces
  std::uint64_t line = 0;
  double score = 0;  ///< 0 … 1: how surely something out of the ordinary begins here
};

/// What was read, and what was wrong in it: each kind of problem with the file and its first lines.
struct ScoredFile {
  std::uint64_t rows = 0;
  std::vector<model::Gap> problems;
};

/// Scores the rows of a CSV file, one after another, each by those before it; in one pass and bounded memory.
///
/// Shape:   needs the columns `timestamp` and `value`; rows that agree in all further columns are one series,
///          at most kMostSeries of them. Times are RFC 3339 or epoch seconds; without a zone they are read as
///          UTC. `.gz` and `.zst` are undone; "-" is standard input.
///          Every row that is not blank is visited. A row that cannot be read, that has no finite value, or
///          that is older than the row before of its series scores 0 and is no part of any later score.
/// Errors:  those of the file; kMalformed where the header lacks a needed column, with file and line.
/// Threads: one at a time.
base::Result<ScoredFile> score_series_file(const std::string& path,
                                           const std::function<void(const ScoredRow&)>& visit);

inline constexpr std::size_t kMostSeries = 1000;

}  // namespace midwatch::app
