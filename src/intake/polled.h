#pragma once

#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/model/incoming_alarm.h"

namespace midwatch::intake {

/// A change of an alarm of CloudWatch, as its account tells it when it is asked.
struct FoundChange {
  model::IncomingAlarm alarm;
  std::string source;  ///< what the account said, as JSON
};

/// The changes that an account knows of.
///
/// Shape: `described` holds alarms of an answer of DescribeAlarms, `history` an answer of
///        DescribeAlarmHistory. Each alarm that is in ALARM has fired; each item of the history is one more
///        change, but of an alarm that is not described, which is gone. Once each, the oldest first; alarms
///        without id, space, sender and time of receipt.
/// Source: Amazon CloudWatch API reference, "MetricAlarm", "CompositeAlarm", "AlarmHistoryItem".
std::vector<FoundChange> found_changes(const base::Json& described, const base::Json& history);

}  // namespace midwatch::intake
