#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/base/time.h"
#include "src/connectors/aws/metric_questions.h"
#include "src/telemetry/alarm.h"

namespace midwatch::connectors::aws {

/// An alarm as DescribeAlarms gives it.
struct AlarmFound {
  telemetry::Alarm alarm;  ///< `entity` is the alias that its dimensions name
  std::string region;      ///< empty where its answer does not say
  bool firing = false;
  base::Duration evaluated{};  ///< how long it looks back
  std::optional<WantedSeries> series;
  std::vector<std::string> children;  ///< of a composite alarm: the alarms that its rule names
};

/// All alarms of an answer of DescribeAlarms, in its order. Pure.
std::vector<AlarmFound> alarms_in(const base::Json& body);

/// When the alarm last went into ALARM, by an answer of DescribeAlarmHistory; and of which alarm. Pure.
struct AlarmFired {
  std::string name;
  base::Timestamp time;
};
std::optional<AlarmFired> last_fired(const base::Json& body);

}  // namespace midwatch::connectors::aws
