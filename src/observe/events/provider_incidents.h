#pragma once

#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/platform_event.h"

namespace midwatch::observe::events {

/// Reads what providers say on their status pages.
///
/// An incident of a provider is observed (`event.provider_incident`) at every entity whose own trouble names
/// the service: the errors, slow calls or failing metrics speak of it, and of no other region. One that
/// nobody's trouble names is observed at the provider with little strength: it is known, but touches nothing
/// that was seen. Shape:   facts `provider`, `status`, `region`, `impairment` ("region" or "service");
/// `event.recovered` where
///          the provider says that it is over.
/// Threads: safe; pure.
std::vector<model::Observation> observe_provider_incidents(
    const std::vector<telemetry::PlatformEvent>& events, const std::vector<model::Observation>& observations,
    const telemetry::IncidentScope& scope, const model::SourceName& source_name);

/// True where an event comes from a provider's status page.
bool is_provider_event(const telemetry::PlatformEvent& event);

}  // namespace midwatch::observe::events
