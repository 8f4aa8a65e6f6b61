#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/directive.h"
#include "src/model/hypothesis.h"
#include "src/model/mitigation.h"
#include "src/model/observation.h"
#include "src/model/text.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"

namespace midwatch::model {

enum class Outcome { kRootCause, kNothingWrong, kInconclusive };

std::string_view to_string(Outcome outcome);

/// One step of the way from the root cause to the alarm.
struct ChainLink {
  std::string entity;
  Text what;
  std::vector<std::string> observations;
};

struct RootCause {
  std::string entity;
  std::string mode;
  std::string kind;
  Text title;
  Text why;
  double probability = 0;
  std::string change;
  std::optional<base::Timestamp> onset;
  std::string location;
  std::vector<std::string> explains;  ///< observation ids
  std::vector<ChainLink> chain;       ///< from the cause to the symptom
  MitigationPlan mitigation;
  ChangeSpec spec;
};

/// What people call an entity, and the provider's word for its kind; empty where nobody said it.
struct EntityName {
  std::string name;
  std::string type;
};

/// Something that could not be looked at, or was looked for and is absent.
struct Gap {
  Text what;
  std::string query;
  std::string source;
  std::optional<base::TimeRange> window;
};

struct RuledOut {
  std::string entity;
  std::string mode;
  std::string change;
  Text title;
  Text because;
  std::string observation;            ///< that shows it; empty where a person said so
  std::optional<Speaker> excluded{};  ///< that person
};

struct TimelineEntry {
  base::Timestamp time;
  std::string kind;  ///< "change", "onset", "event", "alarm"
  std::string entity;
  Text what;
  std::string observation;
  std::string change;
};

/// Who is affected, and how. `until` is absent where it still goes on when the record ends.
struct Impact {
  std::vector<std::string> entities;  ///< who shows something, the root cause first
  std::vector<std::vector<std::string>> paths;
  std::optional<base::Timestamp> from;
  std::optional<base::Timestamp> until;
  Text how_much;
  std::string observation;  ///< what `how_much` says
};

/// A question whose answer would tell the leading hypotheses apart.
struct NextQuestion {
  std::string entity;
  std::string name;  ///< what people call the entity
  std::string mode;
  std::string signal;  ///< where to look: metrics, logs, traces, changes, events, configuration, code, person
  Text what;
  double bits = 0;  ///< how much of the uncertainty its answer is expected to take away
  base::TimeRange window{};
  std::string query;  ///< the command that gives the records; empty where none is known
};

/// One kind of record that was looked at, and how much of it there was.
struct Looked {
  std::string signal;
  std::uint64_t records = 0;
};

/// A series worth drawing: of the alarm or of a link of the chain.
struct Chart {
  telemetry::MetricKey key;
  Text title;
  std::string entity;
  std::string unit;
  std::vector<telemetry::MetricPoint> points;  ///< thinned to what a chart can show
  std::optional<double> baseline_low;          ///< the ordinary range
  std::optional<double> baseline_high;
  std::optional<base::Timestamp> onset;
  std::string observation;
};

struct Statistics {
  std::uint64_t queries = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t malformed = 0;
  base::Duration wall{};
  base::Duration cpu{};
  std::uint64_t model_tokens = 0;
};

/// An observation with its sentence.
struct StatedObservation {
  Observation observation;
  Text statement;
};

/// Everything that an investigation found, independent of how it is shown.
struct InvestigationRecord {
  std::string id;
  std::string bundle;
  base::Timestamp started;
  Outcome outcome = Outcome::kInconclusive;
  Text headline;
  telemetry::IncidentScope scope;
  std::vector<RootCause> root_causes;
  std::vector<Hypothesis> hypotheses;
  std::vector<StatedObservation> observations;
  std::vector<RuledOut> ruled_out;
  std::vector<Directive> steering;  ///< what people told it, in their order
  std::vector<Gap> gaps;
  std::vector<NextQuestion> next_questions;  ///< the one that tells most first
  std::vector<Looked> looked;
  Impact impact;
  std::vector<TimelineEntry> timeline;
  std::vector<Chart> charts;
  MitigationPlan mitigation;  ///< what to do now: of every root cause together
  ChangeSpec spec;            ///< what to change for good: of every root cause together
  std::map<std::string, EntityName, std::less<>> names;  ///< of the entities above, by id
  Statistics stats;
};

}  // namespace midwatch::model
