#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/evaluate/answer.h"
#include "src/evaluate/truth.h"

namespace midwatch::evaluate {

/// One past incident, what is known of it, and what was answered.
struct ScoredCase {
  Truth truth;
  Answer answer;
};

/// How well a list of ranks does. Source: AC@k and Avg@5 as in the literature on root cause analysis (e.g.
/// Meng et al., "Localizing failure root causes in a microservice through causality inference", 2020); MAR is
/// the mean rank, a miss or a rank over 10 counting 10.
struct RankSummary {
  std::size_t cases = 0;
  double ac1 = 0;
  double ac3 = 0;
  double ac5 = 0;
  double avg5 = 0;
  double mar = 0;
};

/// The figures of a set or of one of its groups.
struct ScoreRow {
  std::string name;
  std::string level;  ///< what was asked
  std::optional<RankSummary> ranks;
  std::size_t healthy = 0;
  std::size_t healthy_right = 0;  ///< of these, answered with "nothing is wrong"
  std::size_t asserted = 0;       ///< a root cause was asserted
  std::size_t wrong = 0;          ///< of these, wrongly
  std::size_t with_decoys = 0;
  std::size_t decoys_blamed = 0;
  double median_ms = 0;
  double p95_ms = 0;
};

/// Of the answers with a probability between these bounds, how many were right.
struct CalibrationBin {
  double from = 0;
  double to = 0;
  std::size_t cases = 0;
  double mean_probability = 0;
  double right = 0;
};

/// A case that was not answered right at the asked level.
struct Miss {
  std::string id;
  std::optional<int> rank;
  std::string wanted;
  std::string got;
};

struct ScoreSet {
  ScoreRow whole;
  std::vector<ScoreRow> groups;  ///< ordered by name; empty where the truth names none
  std::vector<Miss> misses;
};

struct Scorecard {
  std::vector<ScoreSet> sets;  ///< in the order in which they first occur
  std::vector<CalibrationBin> calibration;
  std::vector<std::pair<std::string, std::string>> failures;  ///< incident, why it could not be investigated
};

Scorecard make_scorecard(const std::vector<ScoredCase>& cases);

}  // namespace midwatch::evaluate
