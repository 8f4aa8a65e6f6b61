#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/database/conditions.h"
#include "src/observe/signs/signature_matcher.h"
#include "src/telemetry/alarm.h"

namespace midwatch::observe::database {

/// True where the measurements of a database contradict by now what a signature says (Conditions::in_order).
bool is_over(std::string_view signature, const std::vector<std::string>& in_order);

/// `alarm.QUANTITY`: what an alarm about this database says to be out of the ordinary. The alarm is given as
/// it was told, so that its record can be found again; whom it names may be written otherwise there.
std::vector<model::Observation> read_alarm(const std::string& entity, const telemetry::Alarm& alarm,
                                           const knowledge::KnowledgeBase& knowledge);

/// Conditions that nobody measured, but somebody says: `state.database.*.reported` where events say so, and
/// `.alarmed` where only the name or summary of the alarm about this database does; null: it is about
/// another.
std::vector<model::Observation> read_reports(const std::string& entity, const telemetry::Alarm* alarm,
                                             const std::vector<model::Observation>& announced,
                                             const Conditions& conditions, const Gauges& gauges,
                                             const signs::SignatureMatcher& matcher);

}  // namespace midwatch::observe::database
