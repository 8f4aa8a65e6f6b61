#pragma once

#include <vector>

#include "src/model/observation.h"
#include "src/telemetry/entity.h"
#include "src/telemetry/platform_event.h"

namespace midwatch::investigation {

/// Who calls whom, by the addresses that stand in lines of trouble and in warnings of platforms: "GET
/// http://stock/v1 failed: connection refused" is a call of `stock`, also where nobody drew that arrow.
///
/// Known addresses: `endpoint.host` of databases and caches; of Kubernetes services the names of their DNS
/// record (NAME, NAME.NAMESPACE, NAME.NAMESPACE.svc, …) and their cluster IP; of pods their IP; and names of
/// other entities. A bare name counts only where an address stands: behind "://" or "@", or before a port;
/// a name that several entities have counts for none. An address with a port that clients get (32768 and up)
/// is that of a caller. Whose names do not resolve calls the cluster's name server. Pure.
std::vector<telemetry::Relation> calls_of_named_peers(const std::vector<model::Observation>& observations,
                                                      const std::vector<telemetry::PlatformEvent>& events,
                                                      const std::vector<telemetry::Entity>& entities);

}  // namespace midwatch::investigation
