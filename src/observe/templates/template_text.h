#pragma once

#include <string>
#include <vector>

#include "src/observe/templates/template_miner.h"

namespace midwatch::observe::templates {

/// What the lines of some skeletons of equal length have in common; `<*>` marks a variable part.
///
/// A run of variable words is written word by word where all lines have it in the same form, and a soft word
/// (tokenizer.h) as it is where it never varied.
/// Requires: at least one member.
std::string template_text(const std::vector<Skeleton>& skeletons, const std::vector<SkeletonId>& members);

}  // namespace midwatch::observe::templates
