#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/telemetry/attributes.h"

namespace midwatch::telemetry {

/// What fired, or what a person asked. Every part may be missing.
struct Alarm {
  std::string name;
  std::string entity;
  std::string metric;
  std::optional<base::Timestamp> time;
  std::optional<double> threshold;
  std::optional<double> observed;
  std::string summary;
  std::string severity;
  std::string source;
  std::string question;  ///< what a person asked
  Attributes payload;
};

/// One incident to investigate: the alarm, the time to look at, and who may be at fault.
struct IncidentScope {
  std::string id;
  std::string title;
  Alarm alarm;
  base::TimeRange window;
  std::optional<base::TimeRange> baseline;  ///< a time without fault, by name; absent where none is known
  std::optional<base::Duration> interval;   ///< the usual distance of metric points
  std::vector<std::string> candidates;      ///< who may be named as root cause; empty: anybody
  std::vector<std::pair<std::string, std::string>>
      instances;  ///< pod or task id → entity id, ordered by the former
  std::string notes;
};

}  // namespace midwatch::telemetry
