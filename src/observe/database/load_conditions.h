#pragma once

#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/observe/database/performance_insights.h"

namespace midwatch::observe::database {

/// Conditions that a load profile shows: `state.database.checkpoints_heavy.measured`,
/// `.vacuum_busy.measured`,
/// `.ddl_blocks.measured` (a change of schema among sessions that wait for locks).
std::vector<model::Observation> read_load_conditions(const std::string& entity, const LoadProfile& profile,
                                                     const model::SourceName& source_name);

}  // namespace midwatch::observe::database
