#pragma once

#include <string>
#include <vector>

#include "src/model/investigation_record.h"

namespace midwatch::evaluate {

struct RankedAnswer {
  std::string entity;
  std::string mode;
  std::string kind;
  std::string metric;
  std::string change;
};

/// What an investigation answered, as far as it is scored.
struct Answer {
  bool reached = false;  ///< false: the investigation failed; `error` says why
  std::string error;
  model::Outcome outcome = model::Outcome::kInconclusive;
  std::vector<RankedAnswer> ranking;  ///< best first; empty where nothing is said to be wrong
  double probability = 0;             ///< of the first one's entity
  std::string said;                   ///< what is said of the first root cause, lower case
  double milliseconds = 0;
};

Answer answer_of(const model::InvestigationRecord& record);

}  // namespace midwatch::evaluate
