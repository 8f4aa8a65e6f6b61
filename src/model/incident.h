#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"
#include "src/model/incoming_alarm.h"
#include "src/model/text.h"

namespace midwatch::model {

/// What triage decided about an alarm.
enum class TriageDecision {
  kProceed,  ///< it opened an incident, which is investigated
  kLinked,   ///< it joined an incident that was there
  kSkipped,  ///< it is kept, and nothing is investigated for it
};

std::string_view to_string(TriageDecision decision);
std::optional<TriageDecision> triage_decision_of(std::string_view word);

/// A decision with its reason. `rule` names the skip rule, window or quota that decided; empty otherwise.
struct Triage {
  TriageDecision decision = TriageDecision::kProceed;
  std::string incident;  ///< empty where it is skipped
  std::string rule;
  Text reason;
  bool by_person = false;                  ///< a person changed what had been decided
  std::optional<base::Timestamp> again{};  ///< when it is decided again, should the alarm still fire
};

enum class IncidentStatus { kOpen, kResolved };

std::string_view to_string(IncidentStatus status);
std::optional<IncidentStatus> incident_status_of(std::string_view word);

/// What belongs together: alarms of one trouble, and its investigations.
struct Incident {
  std::string id;  ///< "inc-" and a UUID
  std::string space;
  std::string title;
  IncidentStatus status = IncidentStatus::kOpen;
  Severity severity = Severity::kUnknown;
  std::string entity;  ///< of the alarm that opened it; empty where nobody said it
  std::string alarm;   ///< the name of the alarm that opened it; empty where a person did
  base::Timestamp opened{};
  base::Timestamp changed{};
  std::optional<base::Timestamp> resolved;
  std::uint32_t alarms = 0;   ///< that it consists of
  std::uint32_t firing = 0;   ///< of these, not resolved
  std::string investigation;  ///< the latest; empty where there is none
  std::uint64_t version = 1;  ///< grows with each change
  bool held = false;          ///< kept whatever its age, until somebody lets it go (a legal hold)
};

}  // namespace midwatch::model
