#pragma once

#include "src/observe/changes/line_rules.h"

namespace midwatch::observe::changes {

/// Empties the changed lines of a hunk that only serve what is told, and says whether there were any:
/// - a local name that only statements which log or count use, where getting it calls nothing with arguments
///   (what is computed only to be logged costs time, and stays),
/// - an error that is made as before with other words: the same statement up to its arguments,
///   or up to its first text; a line that differs in one sentence for people only.
/// What such lines say shows in the symptoms by itself; it would speak against whoever worded them.
bool quiet_what_only_tells(PreparedHunk& hunk);

}  // namespace midwatch::observe::changes
