#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/knowledge/advice.h"
#include "src/model/text.h"

namespace midwatch::knowledge {

/// Where a sign is looked for, seen from the entity that the hypothesis is about.
enum class Place {
  kSelf,          ///< the entity, its instances and parts
  kDependents,    ///< who depends on it, directly or through others
  kAffected,      ///< the entity itself or who depends on it
  kDependencies,  ///< what it depends on directly
  kHosts,         ///< what it runs on
  kPeers,         ///< what runs on the same host, and other entities of the same kind
  kAnywhere,
};

/// Something that a failure mode makes likely or unlikely to be seen.
struct Sign {
  std::string see;  ///< observation type; `*` stands for one or more parts
  Place place = Place::kSelf;
  double likely = 0.5;      ///< P(seen | this mode at this entity)
  double otherwise = 0.05;  ///< P(seen | not this mode at this entity)
  std::string group;        ///< of several signs of one group only the heaviest counts
  std::map<std::string, std::string, std::less<>> where;  ///< fact → text that it must match (RE2, whole)
  bool needed = false;                                    ///< without it the mode is not proposed
  bool silent_when_absent = false;                        ///< absence says nothing (nobody would have looked)
  model::Text what;  ///< for "expected and missing"; empty: the observation type's own words
};

/// Something that, where it is seen, rules the mode out.
struct Refuter {
  std::string see;
  Place place = Place::kSelf;
  std::map<std::string, std::string, std::less<>> where;
  model::Text because;
};

/// A content of a change that fits the mechanism of the mode.
struct FittingChange {
  std::string see;             ///< change.THING.WAY
  double weight = 1.0;         ///< natural log likelihood ratio when seen
  Place place = Place::kSelf;  ///< whom the change reached, seen from the entity
};

/// A question that would test the mode.
struct Question {
  std::string signal;  ///< metrics, logs, traces, changes, events, configuration, code, person
  model::Text what;
};

/// An observation of a test scenario, and how sure.
struct ScenarioObservation {
  std::string type;
  std::string at;  ///< "self", "dependent", "dependency", "host", "peer"
  double strength = 1.0;
  std::map<std::string, std::string, std::less<>> facts;
};

/// A small case that a mode must win (or lose), checked by `midwatch knowledge lint`.
struct Scenario {
  std::string name;
  std::string entity_class;
  std::vector<ScenarioObservation> seen;
  bool expect_best = true;
};

/// One kind of fault. Source: a file of knowledge/modes.
struct FailureMode {
  std::string id;
  std::string kind;
  double prior = 0.01;   ///< how common: P(this mode at a given entity | some incident), before evidence
  bool generic = false;  ///< stands for "something of this family", where nothing more specific fits
  /// The mode names how a fault shows rather than why: it gives way to a cause that is seen at the entity
  /// itself, or at what the entity depends on.
  bool yields_to_own = false;
  bool yields_to_dependencies = false;
  std::vector<std::string> applies_to;  ///< entity classes; empty: any
  std::string source_file;
  model::Text title;
  model::Text why;
  std::vector<Sign> signs;
  std::vector<Refuter> refuted_by;
  std::vector<FittingChange> changes;
  bool needs_change = false;  ///< the mode is a fault of a change: without one that fits it is not proposed
  bool gradual = false;       ///< its effect may show hours after its change
  bool burdens = false;       ///< it gives work to what the entity depends on: the alarm may be there
  std::vector<Question> questions;
  std::vector<Scenario> scenarios;
  Advice advice;
  /// Advice and scenarios as CBOR instead, where the mode is one of the program's own: most of the
  /// knowledge's bytes are theirs, and an investigation tells of few modes. They lie in the program.
  std::string_view encoded_details;
};

/// The advice of a mode, wherever it lies.
Advice advice_of(const FailureMode& mode);

/// True where an observation type matches a pattern of a sign: parts are separated by dots, `*` stands for
/// one or more.
bool type_matches(std::string_view pattern, std::string_view type);

}  // namespace midwatch::knowledge
