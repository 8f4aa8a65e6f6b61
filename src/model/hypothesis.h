#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/directive.h"
#include "src/model/observation.h"
#include "src/model/text.h"

namespace midwatch::model {

enum class HypothesisStatus { kSupported, kOpen, kRefuted };

std::string_view to_string(HypothesisStatus status);

/// One line of the ledger: what an observation adds to a hypothesis (or takes away), as a natural log
/// likelihood ratio.
struct LedgerEntry {
  std::string observation;  ///< Observation::id
  double weight = 0;
};

/// Something that the hypothesis makes likely, that was looked for, and that is not there.
struct MissingSign {
  std::string sign;  ///< the pattern of the failure mode, for example "sign.oom_kill"
  double weight = 0;
  Text what;
};

/// What counts beside single observations: how common the mode is, where the alarm fired, what came first.
struct ContextEntry {
  Text what;
  double weight = 0;
};

/// A failure mode at an entity, or a change, with the account of why it is believed or not.
struct Hypothesis {
  int rank = 0;
  std::string entity;
  std::string mode;  ///< id of the failure mode
  std::string
      kind;  ///< family: latency, error, saturation, availability, configuration, change, dependency, …
  std::string metric;
  std::string change;
  Text title;
  double log_odds = 0;  ///< the sum of the ledger and of the mode's prior
  double probability = 0;
  double place_probability = 0;  ///< of the entity, over all modes
  HypothesisStatus status = HypothesisStatus::kOpen;
  std::vector<LedgerEntry> supporting;
  std::vector<LedgerEntry> opposing;
  std::vector<MissingSign> missing;
  std::vector<ContextEntry>
      context;  ///< with the ledgers and `missing` it sums to log_odds, small weights aside
  std::optional<base::Timestamp> onset;
  std::string location;               ///< "file:line[:col]" where code is at fault and known
  std::optional<Speaker> excluded{};  ///< the person who ruled it out, whatever its ledger says
  Facts facts;                        ///< everything known for texts and commands
};

}  // namespace midwatch::model
