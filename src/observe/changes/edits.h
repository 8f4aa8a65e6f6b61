#pragma once

#include <vector>

#include "src/observe/changes/change_fact.h"
#include "src/observe/changes/line_rules.h"

namespace midwatch::observe::changes {

/// Why a change cannot be felt by who uses the program.
enum class Harmless {
  kNo,          ///< it can
  kUnread,      ///< its content is not known
  kInertFiles,  ///< only tests, documents, build files, assets
  kOtherEnvironment,
  kComments,
  kFormatting,  ///< the same code in other lines, order of imports
  kNames,       ///< local names only
  kMoved,       ///< the same code in another place
  kTelling,     ///< only what is logged or counted
};

/// The word of docs/observations.md for a reason.
const char* to_string(Harmless reason);

/// Compares lines that were edited in place: comparisons (`<` for `<=`), conditions, arguments, texts,
/// statements that fell away or came in. Makes change.bound.changed, change.condition.changed,
/// change.text.changed, change.argument.removed, change.call.removed, change.call.added.
std::vector<ChangeFact> edit_facts(const std::vector<PreparedHunk>& hunks);

/// What kind of edit leaves the behaviour as it is; kNo where none of them explains all of the change.
Harmless without_effect(const std::vector<PreparedHunk>& hunks);

}  // namespace midwatch::observe::changes
