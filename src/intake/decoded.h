#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/model/incoming_alarm.h"

namespace midwatch::intake {

/// What a message of a sender says.
struct Decoded {
  std::string key;  ///< of the message: one that is told twice has the same
  std::vector<model::IncomingAlarm> alarms;
  /// An address to fetch once, without which the sender sends nothing more (SNS).
  std::optional<std::string> confirmation;
  std::string note;  ///< why it makes no alarm, or what of it was left out; empty where it is all there
};

}  // namespace midwatch::intake
