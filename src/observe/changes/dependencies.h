#pragma once

#include <vector>

#include "src/observe/changes/change_fact.h"
#include "src/observe/changes/diff.h"

namespace midwatch::observe::changes {

/// Reads what a manifest of dependencies, a container file or a manifest of images changes:
/// change.dependency.{major,minor,patch,downgraded,added,removed} and change.image.changed, with the name as
/// `symbol` and the versions as `before` and `after`.
///
/// A version below 1 promises nothing: there a new minor version counts as a major one (Semantic
/// Versioning 2.0.0, item 4).
std::vector<ChangeFact> dependency_facts(const FileDiff& file);

}  // namespace midwatch::observe::changes
