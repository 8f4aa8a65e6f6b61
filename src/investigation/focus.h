#pragma once

#include <vector>

#include "src/investigation/asked_entity.h"
#include "src/model/observation.h"
#include "src/topology/topology.h"

namespace midwatch::investigation {

/// Lowers the strength of what a platform says of objects that the alarm or the question is not about:
/// trouble in another corner of a cluster does not make the one that is asked for unwell. It is kept, and can
/// still be found where nothing nearer explains the alarm. Who depends on the one that is asked for, whom it
/// depends on, and what it runs on, is not elsewhere; nor is a way of its namespace that leads nowhere (a
/// service without endpoints, a reference to what does not exist), nor anything where no neighbour of it is
/// known. Entities of no platform are left alone. Pure.
void weaken_what_lies_elsewhere(const Asked& asked, const topology::Topology& topology,
                                std::vector<model::Observation>& observations);

}  // namespace midwatch::investigation
