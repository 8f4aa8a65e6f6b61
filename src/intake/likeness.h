#pragma once

#include <string>
#include <string_view>

#include "src/model/incoming_alarm.h"

namespace midwatch::intake {

/// One name for a resource, however a sender names it: `lambda/orders` for the function's ARN, with or
/// without a version, and for its alias; `shop/web` for a deployment and for each of its pods. What is no
/// resource stays as it is.
std::string resource_name(std::string_view entity);

/// What is wrong, in a word that alarms of one trouble share: "latency", "errors", "memory"; the name of the
/// metric, or of the rule, where no such word fits.
std::string symptom_of(const model::IncomingAlarm& alarm);

}  // namespace midwatch::intake
