#pragma once

#include <vector>

#include "src/observe/templates/template_miner.h"

namespace midwatch::observe::templates {

/// Groups skeletons to templates and writes their texts.
///
/// Among skeletons of equal length, the words of the most common frequency form the root of a pattern; of the
/// other columns, one with many values, or with names only, is variable, one with few words splits the group.
/// Source:  the grouping follows the idea of Brain (Yu et al., "Brain: Log Parsing with Bidirectional
///          Parallel Tree", IEEE TSC 2023): longest common pattern by word frequency.
/// Shape:   templates do not depend on the order of the skeletons; their numbers do.
Templates group_skeletons(const std::vector<Skeleton>& skeletons);

}  // namespace midwatch::observe::templates
