#pragma once

#include "src/investigation/stated_case.h"

namespace midwatch::investigation {

/// Adds to a root cause the way from it to the alarm: each entity on it with what was seen there, and what is
/// seen there to what the cause explains. `path` leads from the cause to the alarmed entity.
void add_chain(const StatedCase& facts, const model::Hypothesis& hypothesis,
               const std::vector<std::string>& path, model::RootCause& cause);

}  // namespace midwatch::investigation
