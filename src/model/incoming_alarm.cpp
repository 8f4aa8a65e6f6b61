#include "src/model/incoming_alarm.h"

#include <array>
#include <utility>

#include "src/model/words_of.h"

namespace midwatch::model {
namespace {

constexpr std::array<std::pair<AlarmState, std::string_view>, 2> kAlarmStateWords{{
    {AlarmState::kFiring, "firing"},
    {AlarmState::kResolved, "resolved"},
}};

constexpr std::array<std::pair<Severity, std::string_view>, 5> kSeverityWords{{
    {Severity::kUnknown, "unknown"},
    {Severity::kLow, "low"},
    {Severity::kMedium, "medium"},
    {Severity::kHigh, "high"},
    {Severity::kCritical, "critical"},
}};

}  // namespace

std::string_view to_string(AlarmState state) {
  return word_of(kAlarmStateWords, state);
}

std::optional<AlarmState> alarm_state_of(std::string_view word) {
  return of_word(kAlarmStateWords, word);
}

std::string_view to_string(Severity severity) {
  return word_of(kSeverityWords, severity);
}

std::optional<Severity> severity_of(std::string_view word) {
  return of_word(kSeverityWords, word);
}

}  // namespace midwatch::model
