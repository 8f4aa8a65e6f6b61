#pragma once

#include <string>
#include <vector>

#include "src/diagnose/calibration.h"
#include "src/diagnose/case_file.h"
#include "src/diagnose/change_matcher.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/hypothesis.h"
#include "src/model/investigation_record.h"

namespace midwatch::diagnose {

/// A hypothesis that the evidence shows to be a cause.
struct NamedCause {
  std::size_t hypothesis = 0;  ///< position in Diagnosis::hypotheses
  double probability = 0;      ///< of its place; where there are several, each given the others
  /// How it reaches the alarm: suspects from the cause to the alarmed entity, both included.
  std::vector<std::string> path;
};

/// What the evidence amounts to.
struct Diagnosis {
  model::Outcome outcome = model::Outcome::kInconclusive;
  std::vector<model::Hypothesis> hypotheses;  ///< best first, ranked from 1
  std::vector<NamedCause> root_causes;        ///< one an independent cause, the likeliest first
  std::vector<InnocentChange> innocent;       ///< changes that are not the cause, and why
  std::vector<std::string> affected;          ///< entities that depend on a root cause, ordered
};

/// Weighs all hypotheses and decides the outcome. Deterministic and pure.
Diagnosis diagnose(const CaseFile& file, const knowledge::KnowledgeBase& knowledge,
                   const Calibration& calibration = {});

}  // namespace midwatch::diagnose
