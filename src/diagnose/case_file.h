#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/telemetry/alarm.h"
#include "src/topology/topology.h"

namespace midwatch::diagnose {

/// Which signals were looked at, so that "not seen" can be told from "nobody looked".
struct Coverage {
  /// Signals ("metric", "log", "trace", "event", "state", "change") that some source of the incident had.
  std::set<std::string, std::less<>> signals;
  /// Entity → what of it was looked at: "log", "trace", "state", "event", or "metric.QUANTITY". An entity
  /// that is not in here is taken to be covered by every signal of `signals` (a source that lists only what
  /// is out of the ordinary).
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> by_entity;
};

/// Everything that the diagnosis is based on. Pure values.
struct CaseFile {
  telemetry::IncidentScope scope;
  topology::Topology topology;
  std::vector<model::Observation> observations;  ///< with ids
  Coverage coverage;
};

}  // namespace midwatch::diagnose
