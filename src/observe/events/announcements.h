#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/signs/signature_matcher.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/platform_event.h"
#include "src/topology/topology.h"

namespace midwatch::observe::events {

/// What a reader of announcements looks at.
struct AnnouncementInput {
  std::vector<const telemetry::PlatformEvent*> events;
  const telemetry::IncidentScope& scope;
  const topology::Topology& topology;
  const signs::SignatureMatcher& matcher;
  model::SourceName source_name;
  /// True where measurements contradict by now what a signature says; empty: nothing is known of it.
  std::function<bool(std::string_view signature)> is_over;
};

/// Reads what platforms say of their resources in words: `sign.*` by the signatures of reasons and messages,
/// and `event.failover`, `.restart`, `.maintenance`, `.scaling`, `.provider_incident`, `.recovered` of the
/// shared vocabulary. What is over becomes `event.recovered.measured`; what was said long before the alarm
/// keeps little of its weight. Shape: one observation for each entity and type, ordered so, with the first
/// message's time as onset and up to five
///        messages as evidence.
std::vector<model::Observation> read_announcements(const AnnouncementInput& input);

/// True for an event of AWS that is neither a detection nor a line of a load profile.
bool is_aws_event(const telemetry::PlatformEvent& event);

}  // namespace midwatch::observe::events
