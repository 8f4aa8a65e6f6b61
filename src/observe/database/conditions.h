#pragma once

#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/observe/database/gauges.h"

namespace midwatch::observe::database {

/// What the measurements of one database amount to.
struct Conditions {
  std::vector<model::Observation> observations;  ///< `state.database.*`
  /// Topics (`storage`, `replication`, `connections`, `cpu`) whose measurements are in order at the end of
  /// the window: what a message said of them earlier is over.
  std::vector<std::string> in_order;
};

/// Reads conditions that hold at the end of the window from levels that mean the same for every database: no
/// storage left, all connections taken, a replica a minute behind. A level that was reached and left again is
/// no condition.
Conditions read_conditions(const std::string& entity, const Gauges& gauges, const Capacity& capacity);

}  // namespace midwatch::observe::database
