#pragma once

#include <functional>
#include <string>
#include <vector>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/evaluate/scorecard.h"

namespace midwatch::app {

/// What `midwatch evaluate` is asked to do.
struct Evaluation {
  std::vector<std::string> folders;  ///< where bundles lie: folders and archives, at any depth
  std::vector<std::string> truths;   ///< truth files; empty: truth.jsonl in each folder
  std::string knowledge_folder;      ///< empty: the built-in knowledge
  unsigned jobs = 0;  ///< incidents investigated side by side; 0: as many as the machine has cores
  std::function<void(std::size_t done, std::size_t all)>
      on_progress;  ///< called from any thread, one at a time
};

struct EvaluationResult {
  evaluate::Scorecard card;
  std::vector<std::string> notices;  ///< bundles that no truth knows
};

/// Investigates every bundle that a truth knows and scores the answers. A bundle that cannot be investigated,
/// and a truth without a bundle, count as missed.
/// Errors: no truth, no bundle, or one of the files cannot be read.
base::Result<EvaluationResult> evaluate_bundles(const Evaluation& what, const base::Clock& clock);

}  // namespace midwatch::app
