#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "src/base/time.h"
#include "src/observe/series/announcement_memory.h"
#include "src/observe/series/recent_values.h"
#include "src/observe/series/seasonal_level.h"
#include "src/observe/series/upper_tail.h"

namespace midwatch::observe::series {

/// Scores the values of one stream as they come: how surely does something out of the ordinary begin here?
///
/// Several statistics look at the newest value: level, change, spread and difference over four lengths of
/// time, and the distance from what is usual at this time of the day and of the week. Each is judged against
/// all that it has been before, upwards and downwards, by its own tail (UpperTail), which puts series of any
/// shape and unit on one scale of surprise. The score is the root mean square of the surprises, bent into
/// 0 … 1: agreement of many counts, and so does one that is sure. What was announced is not announced again
/// (AnnouncementMemory). Nothing is set per series.
///
/// Source:  ensembles of simple detectors by their tail probabilities, e.g. Aggarwal and Sathe, Outlier
///          Ensembles, 2017; tail scores over a stream's own history as in Lavin and Ahmad, Evaluating
///          Real-Time Anomaly Detection Algorithms, ICMLA 2015 (anomaly likelihood).
/// Threads: one at a time.
class StreamingDetector {
 public:
  StreamingDetector();

  /// Scores a row by itself and those before it, and learns it. A value that is not finite, or a time before
  /// the newest, is not learnt and scores 0.
  /// Shape: 0 … 1; bounded memory (about 60 KiB), bounded time.
  double score(base::Timestamp time, double value);

  /// The time of the newest row learnt.
  std::optional<base::Timestamp> newest() const { return newest_; }

 private:
  /// The tails of one statistic, both ways.
  struct Statistic {
    UpperTail high;
    UpperTail low;
  };
  /// What is usual at a time of a cycle, and how far the newest values are from it.
  struct Season {
    base::Duration cycle;
    SeasonalLevel level;
    RecentValues residuals;
    std::optional<base::Timestamp> since;  ///< of the first residual
  };

  static constexpr std::array<std::size_t, 3> kLengths{6, 24, 96};  ///< rows
  static constexpr std::size_t kSeasons = 2;
  /// The value and its change; four a length; two a season.
  static constexpr std::size_t kStatistics = 2 + 4 * kLengths.size() + 2 * kSeasons;

  static void learn(Statistic& statistic, double value);
  void judge(Statistic& statistic, double value);
  void judge_windows();
  void judge_seasons(base::Timestamp time, double value);

  std::optional<base::Timestamp> newest_;
  RecentValues recent_;
  std::array<Season, kSeasons> seasons_;
  std::vector<Statistic> statistics_;
  double squares_ = 0;  ///< of the surprises of the row at hand
  AnnouncementMemory announced_;
};

}  // namespace midwatch::observe::series
