#pragma once

#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/database/conditions.h"
#include "src/observe/signs/signature_matcher.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/platform_event.h"

namespace midwatch::observe::database {

/// What is said of one database: the events of the incident and the alarm.
struct Announcements {
  const std::string& entity;
  const std::vector<telemetry::PlatformEvent>& events;
  const telemetry::IncidentScope& scope;
};

/// Reads what a platform says of one database in words: `sign.*`, and `event.*` of the shared vocabulary.
/// `in_order` are the topics of Conditions::in_order.
/// Shape: one observation for each type, with the first message's time as onset and up to five messages as
///        evidence.
std::vector<model::Observation> read_announcements(const Announcements& said,
                                                   const std::vector<std::string>& in_order,
                                                   const signs::SignatureMatcher& matcher,
                                                   const model::SourceName& source_name);

/// `alarm.QUANTITY` where the alarm is about this database: what it says to be out of the ordinary.
std::vector<model::Observation> read_alarm(const Announcements& said,
                                           const knowledge::KnowledgeBase& knowledge);

/// Conditions that nobody measured, but somebody says: `state.database.*.reported` where events say so, and
/// `.alarmed` where only the alarm's own name or summary does.
std::vector<model::Observation> read_reports(const Announcements& said,
                                             const std::vector<model::Observation>& announced,
                                             const Conditions& conditions, const Gauges& gauges,
                                             const signs::SignatureMatcher& matcher);

}  // namespace midwatch::observe::database
