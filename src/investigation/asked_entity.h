#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/telemetry/alarm.h"
#include "src/topology/topology.h"

namespace midwatch::investigation {

/// Whom an alarm or a question is about.
struct Asked {
  std::optional<topology::EntityIndex> entity;
  std::string name_space;  ///< of a question about a whole namespace: its name
};

/// Finds out whom the alarm is about: by its entity, or else by the exact name of a known entity in what a
/// person asked or the alarm says. A name counts only as a whole word; the longest wins, and of several
/// entities of that name the one in the namespace that is spoken of, of the kind that is spoken of, that
/// runs, of which most is known. Pure.
Asked find_asked(const telemetry::Alarm& alarm, std::string_view title, const topology::Topology& topology);

}  // namespace midwatch::investigation
