#include <gtest/gtest.h>

#include "src/model/incident.h"
#include "src/model/incoming_alarm.h"
#include "src/model/investigation.h"

namespace midwatch::model {
namespace {

TEST(Words, ReadBackAsWhatTheySay) {
  EXPECT_EQ(severity_of(to_string(Severity::kCritical)), Severity::kCritical);
  EXPECT_EQ(alarm_state_of(to_string(AlarmState::kResolved)), AlarmState::kResolved);
  EXPECT_EQ(triage_decision_of(to_string(TriageDecision::kLinked)), TriageDecision::kLinked);
  EXPECT_EQ(incident_status_of(to_string(IncidentStatus::kResolved)), IncidentStatus::kResolved);
  EXPECT_EQ(investigation_status_of(to_string(InvestigationStatus::kFailed)), InvestigationStatus::kFailed);
  EXPECT_EQ(judgement_of(to_string(Judgement::kPartly)), Judgement::kPartly);
  EXPECT_FALSE(severity_of("CRITICAL"));
}

}  // namespace
}  // namespace midwatch::model
