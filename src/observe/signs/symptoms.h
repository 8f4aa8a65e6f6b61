#pragma once

#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/telemetry/alarm.h"

namespace midwatch::observe::signs {

/// Reads what trouble is about from the words of what is already known to be out of the ordinary: errors,
/// warnings, exceptions, new or more frequent lines, metrics of failing, and the alarm.
///
/// Shape:   `symptom.NAME` of knowledge/symptoms.yaml, one for each entity and name: of the strongest
///          observation that says it, with its evidence; ordered by entity and name.
/// Threads: safe; pure.
std::vector<model::Observation> observe_symptoms(const std::vector<model::Observation>& observations,
                                                 const telemetry::Alarm& alarm,
                                                 const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::observe::signs
