#pragma once

#include <string>

#include "src/base/json.h"
#include "src/evaluate/scorecard.h"

namespace midwatch::evaluate {

/// The scorecard for a terminal and as Markdown; `misses` lists what was not answered right.
std::string scorecard_text(const Scorecard& card, bool misses);
std::string scorecard_markdown(const Scorecard& card, bool misses);
/// The scorecard for programs (midwatch.scorecard/v1), with the misses.
base::Json scorecard_json(const Scorecard& card);

}  // namespace midwatch::evaluate
