#pragma once

#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"
#include "src/telemetry/platform_event.h"
#include "src/topology/topology.h"

namespace midwatch::observe::database {

/// Everything that is known of the databases of an incident.
struct DatabaseEvidence {
  const telemetry::IncidentScope& scope;
  const topology::Topology& topology;
  const std::vector<telemetry::PlatformEvent>& events;
  const std::vector<telemetry::MetricSeries>& incident;
  const std::vector<telemetry::MetricSeries>& baseline;
  const std::vector<model::Observation>&
      seen;  ///< what was observed before; the signs of its own log report too
};

/// Observes the databases (entity class `database`) of an incident:
///  - `state.database.*`: conditions that their measurements show (conditions.h);
///  - `event.top_sql`, `event.top_wait`, `event.top_user`, `event.top_host`: who carries the load
///    (performance_insights.h);
///  - `sign.*` and `event.failover`, `.restart`, `.maintenance`, `.scaling`, `.recovered` from what the
///    platform says of them in words.
/// A message about something that the measurements show to be in order again becomes `event.recovered`; one
/// that is much older than the alarm keeps little of its weight. Shape:   ordered by entity, type, subject.
/// Threads: safe; pure.
std::vector<model::Observation> observe_databases(const DatabaseEvidence& evidence,
                                                  const knowledge::KnowledgeBase& knowledge,
                                                  const model::SourceName& source_name);

/// Takes most of their weight from a few refused logins at a database that has as many sessions as ever: its
/// application was let in, so a stranger was turned away.
void discount_strangers(const DatabaseEvidence& evidence, const knowledge::KnowledgeBase& knowledge,
                        std::vector<model::Observation>& observations);

}  // namespace midwatch::observe::database
