#include "src/model/incident.h"

#include <array>
#include <utility>

#include "src/model/words_of.h"

namespace midwatch::model {
namespace {

constexpr std::array<std::pair<TriageDecision, std::string_view>, 3> kTriageDecisionWords{{
    {TriageDecision::kProceed, "proceed"},
    {TriageDecision::kLinked, "linked"},
    {TriageDecision::kSkipped, "skipped"},
}};

constexpr std::array<std::pair<IncidentStatus, std::string_view>, 2> kIncidentStatusWords{{
    {IncidentStatus::kOpen, "open"},
    {IncidentStatus::kResolved, "resolved"},
}};

}  // namespace

std::string_view to_string(TriageDecision decision) {
  return word_of(kTriageDecisionWords, decision);
}

std::optional<TriageDecision> triage_decision_of(std::string_view word) {
  return of_word(kTriageDecisionWords, word);
}

std::string_view to_string(IncidentStatus status) {
  return word_of(kIncidentStatusWords, status);
}

std::optional<IncidentStatus> incident_status_of(std::string_view word) {
  return of_word(kIncidentStatusWords, word);
}

}  // namespace midwatch::model
