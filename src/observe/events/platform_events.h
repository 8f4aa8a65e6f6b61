#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/signs/signature_matcher.h"
#include "src/telemetry/platform_event.h"
#include "src/topology/topology.h"

namespace midwatch::observe::events {

/// What the reader of a container platform's events looks at.
struct PlatformEventInput {
  const std::vector<telemetry::PlatformEvent>& events;
  const topology::Topology& topology;
  const signs::SignatureMatcher& matcher;
  std::optional<base::Timestamp> now;           ///< when the events were read, as well as it is known
  std::set<std::string, std::less<>> troubled;  ///< entities whose present state is trouble
  model::SourceName source_name;
};

/// Turns the events of a container platform (Kubernetes: type Normal or Warning, a reason, a message) into
/// `sign.*` by their reasons and messages, and warnings that no signature knows into `event.warning`.
///
/// Events of one workload that mean the same are told once, with how often they came in all. An event counts
/// less where what it is about works now, and where it was seen last long before the alarm: kubectl lists
/// events of the past hour. Shape: ordered by entity, type and subject. Normal events mean something only by
/// a signature.
std::vector<model::Observation> observe_platform_events(const PlatformEventInput& input);

/// True where observe_platform_events reads the event.
bool is_container_platform_event(const telemetry::PlatformEvent& event);

}  // namespace midwatch::observe::events
