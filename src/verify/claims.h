#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/model/evidence.h"
#include "src/model/observation.h"
#include "src/model/text.h"

namespace midwatch::verify {

/// An observation as a report tells it; its evidence is in Claims::evidence.
struct ClaimedObservation {
  model::Observation observation;
  std::string statement;
  std::vector<std::string> evidence;
};

/// Who is said to have said something, and when.
struct ClaimedSpeaker {
  std::string by;
  std::string time;
  friend bool operator==(const ClaimedSpeaker&, const ClaimedSpeaker&) = default;
};

struct ClaimedHypothesis {
  int rank = 0;
  std::string entity;
  std::string mode;
  std::string title;
  std::string change;
  std::string status;
  double probability = 0;
  std::vector<std::string> supporting;
  std::vector<std::string> opposing;
  std::optional<ClaimedSpeaker> excluded;
};

struct ClaimedLink {
  std::string entity;
  std::string what;
  std::vector<std::string> observations;
};

struct ClaimedCause {
  std::string entity;
  std::string mode;
  std::string title;
  std::string change;
  std::string location;
  double probability = 0;
  std::optional<base::Timestamp> onset;
  std::vector<std::string> explains;
  std::vector<ClaimedLink> chain;
};

struct ClaimedExclusion {
  std::string entity;
  std::string mode;
  std::string change;
  std::string observation;
  std::optional<ClaimedSpeaker> excluded;
};

struct ClaimedMoment {
  base::Timestamp time;
  std::string kind;
  std::string entity;
  std::string what;
  std::string observation;
  std::string change;
};

struct ClaimedStep {
  std::string phase;
  std::string command;
};

/// Everything of a report (midwatch.report/v1) that can be held against the records.
struct Claims {
  std::string bundle;
  std::string outcome;
  model::Language language = model::Language::kEnglish;
  std::vector<ClaimedCause> causes;
  std::vector<ClaimedHypothesis> hypotheses;
  std::vector<ClaimedObservation> observations;
  std::map<std::string, model::Evidence> evidence;  ///< by id
  std::vector<ClaimedExclusion> ruled_out;
  std::vector<ClaimedSpeaker> steering;  ///< of what excludes something
  std::vector<ClaimedMoment> timeline;
  std::vector<std::string> affected;
  std::vector<std::vector<std::string>> paths;
  std::string mitigation_kind;
  std::vector<ClaimedStep> steps;
  std::vector<std::string> spec_files;
};

/// Reads a report. Errors: kMalformed, naming the member that is missing or of the wrong type.
base::Result<Claims> read_claims(std::string_view report);

}  // namespace midwatch::verify
