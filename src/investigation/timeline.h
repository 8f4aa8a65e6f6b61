#pragma once

#include "src/investigation/stated_case.h"

namespace midwatch::investigation {

/// Changes, onsets and the alarm in the order of time. Where there are too many, what lies nearest to the
/// onset of the cause (or the alarm) stays, and always the alarm, the blamed change, and what the causes
/// explain.
std::vector<model::TimelineEntry> timeline(const StatedCase& facts,
                                           const std::vector<model::RootCause>& causes);

}  // namespace midwatch::investigation
