#pragma once

#include <string>

#include "src/connectors/aws/collector.h"

namespace midwatch::connectors::aws {

/// Where the questions begin.
struct Start {
  telemetry::Alarm alarm;
  AskedTimes times;
  std::optional<WantedSeries> series;  ///< what the alarm watches
  std::string region;                  ///< in which the alarm is; empty where that is not known
  std::string notes;
};

/// Asks something and keeps the answer among all others.
/// Errors: it was refused, in the words of the refusal.
using AskOne = std::function<base::Result<base::Json>(Question)>;

/// Finds what the investigation is about and which time it looks at. Errors: those of collect().
base::Result<Start> find_start(const Wanted& wanted, base::Timestamp now, const AskOne& ask);

}  // namespace midwatch::connectors::aws
