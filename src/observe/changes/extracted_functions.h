#pragma once

#include <vector>

#include "src/observe/changes/line_rules.h"

namespace midwatch::observe::changes {

/// Puts what an added function gives back in where added lines call it, and empties the lines that define it:
/// a part of an expression that was given to a function then reads as before.
///
/// Only for functions whose whole body is one `return`, that are defined once and new, and that are called
/// with one simple argument for each of their parameters (a name, a number, a member).
void put_functions_in(std::vector<PreparedHunk>& hunks);

}  // namespace midwatch::observe::changes
