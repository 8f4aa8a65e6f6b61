#pragma once

#include <string>

#include "src/base/json.h"
#include "src/base/time.h"

namespace midwatch::sandbox::wire {

/// What CloudWatch publishes to a topic when an alarm changes its state.
struct AlarmNotice {
  std::string subject;
  std::string message;  ///< JSON
};

/// `alarm` is a metric alarm as DescribeAlarms answers it.
AlarmNotice alarm_notice(const base::Json& alarm, const std::string& old_state);

/// `2026-01-05T02:11:00.250` and `zone`: times of these messages always have milliseconds.
std::string message_time(base::Timestamp time, const std::string& zone);

}  // namespace midwatch::sandbox::wire
