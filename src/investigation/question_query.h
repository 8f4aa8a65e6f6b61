#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"
#include "src/telemetry/entity.h"

namespace midwatch::investigation {

/// What a question is put to.
struct Asked {
  std::string_view signal;    ///< metrics, logs, traces, changes, events, configuration
  std::string_view quantity;  ///< of a metric ("cpu"); empty where the question is about no single one
  const telemetry::Entity* entity = nullptr;  ///< null where only an observation names it
  base::TimeRange window;
};

/// The read-only command that gives the records a question is about, for an entity whose platform and address
/// are known; nothing otherwise. Every parameter is a plain argument (src/mitigate/command_facts.h).
std::optional<std::string> question_query(const Asked& asked);

}  // namespace midwatch::investigation
