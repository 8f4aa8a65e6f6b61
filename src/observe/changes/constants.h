#pragma once

#include <vector>

#include "src/observe/changes/line_rules.h"

namespace midwatch::observe::changes {

/// Puts the values that the added lines give names (`const kRadius = 3000`) in where other added lines use
/// the names, and empties the lines that only name them: what was given a name then reads as before, and what
/// got another value under a name shows it.
///
/// Only for names that nothing else has: of constants (by a word of the language, or written in capitals),
/// defined once, with a number, a text or a duration, and used by an added line of the change.
void put_constants_in(std::vector<PreparedHunk>& hunks);

}  // namespace midwatch::observe::changes
