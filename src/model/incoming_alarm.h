#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"

namespace midwatch::model {

enum class AlarmState { kFiring, kResolved };
enum class Severity { kUnknown, kLow, kMedium, kHigh, kCritical };

std::string_view to_string(AlarmState state);
std::optional<AlarmState> alarm_state_of(std::string_view word);
std::string_view to_string(Severity severity);
std::optional<Severity> severity_of(std::string_view word);

/// One alarm as a sender told it, whoever the sender is.
///
/// Shape: all texts are the sender's: bounded, printable, redacted, and never trusted.
struct IncomingAlarm {
  std::string id;       ///< "alm-" and a UUID
  std::string space;    ///< the agent space that it belongs to
  std::string sender;   ///< the name of the webhook or poller that brought it
  std::string dialect;  ///< what it was written in: "cloudwatch-sns", "alertmanager", …
  std::string key;      ///< the sender's own key: the same key and state is the same alarm told again
  AlarmState state = AlarmState::kFiring;
  Severity severity = Severity::kUnknown;
  std::string name;     ///< of the rule that fired
  std::string entity;   ///< an ARN or "service/name"; empty where nobody said it
  std::string account;  ///< of the provider; empty where nobody said it
  std::string region;   ///< of the provider; empty where nobody said it
  std::string metric;   ///< what the rule watches; empty where nobody said it
  std::string summary;
  std::string link;            ///< to the sender's own page; http or https
  base::Timestamp since{};     ///< when it fired, or when it was resolved, by the sender
  base::Timestamp received{};  ///< by our clock
  std::map<std::string, std::string> labels;
};

}  // namespace midwatch::model
