#pragma once

#include "src/investigation/stated_case.h"

namespace midwatch::investigation {

/// Who is affected and how much, from the onset of the cause (or of the alarm) to when the alarmed quantity
/// was ordinary again.
model::Impact impact(const StatedCase& facts, const std::vector<model::RootCause>& causes);

}  // namespace midwatch::investigation
