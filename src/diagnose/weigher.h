#pragma once

#include <string>
#include <vector>

#include "src/diagnose/calibration.h"
#include "src/diagnose/case_file.h"
#include "src/diagnose/change_matcher.h"
#include "src/diagnose/dependency_graph.h"
#include "src/diagnose/sign_reader.h"
#include "src/diagnose/suspects.h"
#include "src/knowledge/knowledge_base.h"

namespace midwatch::diagnose {

/// One account of the ledger: what a sign adds (or takes away) because it is seen, or because it is missing.
struct Contribution {
  const knowledge::Sign* sign = nullptr;  ///< null: an observation the mode does not speak of, or context
  std::size_t observation = Sighting::kNone;
  double weight = 0;
  std::string_view context =
      {};  ///< key of the phrase that says what counts here, where it is no observation
};

/// A failure mode at a suspect, weighed.
struct WeighedHypothesis {
  SuspectIndex suspect = 0;
  const knowledge::FailureMode* mode = nullptr;
  double log_odds = 0;
  std::vector<Contribution> contributions;
  const knowledge::Refuter* refuter = nullptr;  ///< what rules it out; null where nothing does
  std::size_t refuting_observation = Sighting::kNone;
  const model::Directive* excluded = nullptr;  ///< what a person said against it; null where nobody did
  ChangeFit change;                            ///< the change that brought the fault; none where nothing fits
};

/// Weighs every applicable failure mode at every suspect.
///
/// Source: naive Bayes over signs with soft evidence (Pearl 1988, "virtual evidence"), where the probability
/// of a sign
///         without the mode is estimated from knowledge, from the other suspects of the same incident, and
///         from how probable it is that a fault below explains it (explaining away, in a fixed number of
///         passes).
/// Shape:   best first; ties by entity, then by mode. Those that a person excluded stand last: they are
///          weighed, but explain nothing away.
std::vector<WeighedHypothesis> weigh(const CaseFile& file, const knowledge::KnowledgeBase& knowledge,
                                     const Suspects& suspects, const DependencyGraph& graph,
                                     const ChangeMatcher& changes, const Calibration& calibration);

}  // namespace midwatch::diagnose
