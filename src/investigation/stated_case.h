#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/diagnose/diagnosis.h"
#include "src/investigation/gatherer.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/investigation_record.h"

namespace midwatch::investigation {

/// Observations weaker than this are kept for the ledger, but not told.
inline constexpr double kTold = 0.3;

/// A case whose observations have their sentences: what the parts of a record are composed from.
class StatedCase {
 public:
  StatedCase(const Gathered& gathered, const diagnose::Diagnosis& diagnosis,
             const knowledge::KnowledgeBase& knowledge);

  const Gathered& gathered() const { return gathered_; }
  const diagnose::Diagnosis& diagnosis() const { return diagnosis_; }
  const knowledge::KnowledgeBase& knowledge() const { return knowledge_; }
  const std::vector<model::StatedObservation>& observations() const { return observations_; }

  /// What people call an entity.
  std::string name_of(const std::string& entity) const;
  /// Requires: an observation of the case.
  const model::StatedObservation& stated(const std::string& id) const;
  /// The observations of an entity that are worth telling, the surest first.
  std::vector<const model::StatedObservation*> told_of(const std::string& entity) const;
  /// The change with this id, the one whose content was read first; null where there is none.
  const telemetry::ChangeEvent* change(const std::string& id) const;
  /// The series that an observation was made from; null where it was none or is not of the incident.
  const telemetry::MetricSeries* series_of(const model::Observation& observation) const;

 private:
  const Gathered& gathered_;
  const diagnose::Diagnosis& diagnosis_;
  const knowledge::KnowledgeBase& knowledge_;
  std::vector<model::StatedObservation> observations_;
  std::map<std::string, std::size_t> by_id_;
};

}  // namespace midwatch::investigation
