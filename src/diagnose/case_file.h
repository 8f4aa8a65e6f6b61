#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/model/change_account.h"
#include "src/model/directive.h"
#include "src/model/observation.h"
#include "src/telemetry/alarm.h"
#include "src/topology/topology.h"

namespace midwatch::diagnose {

/// Which signals were looked at, so that "not seen" can be told from "nobody looked".
struct Coverage {
  /// Signals ("metric", "log", "trace", "span", "event", "state", "change") that some source of the incident
  /// had.
  std::set<std::string, std::less<>> signals;
  /// Entity → what of it was looked at: "log", "trace", "span", "state", "event", or "metric.QUANTITY". An
  /// entity that is not in here is taken to be covered by every signal of `signals` (a source that lists only
  /// what is out of the ordinary).
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> by_entity;
};

/// What the alarm's own metric does around the alarm.
struct AlarmState {
  bool measured = false;  ///< false: no series of the alarm's metric was found
  double strength = 0;    ///< how surely it is out of the ordinary, 0 … 1
  std::optional<base::Timestamp> onset;
  std::string quantity;
};

/// Everything that the diagnosis is based on. Pure values.
struct CaseFile {
  telemetry::IncidentScope scope;
  topology::Topology topology;
  std::vector<model::Observation> observations;  ///< with ids
  std::vector<model::ChangeAccount> changes;     ///< by time
  Coverage coverage;
  AlarmState alarm;
  std::vector<model::Directive> directives;  ///< what people said of it
};

}  // namespace midwatch::diagnose
