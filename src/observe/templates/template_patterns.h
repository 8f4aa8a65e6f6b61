#pragma once

#include <map>
#include <optional>
#include <vector>

#include "src/observe/templates/template_miner.h"

namespace midwatch::observe::templates {

/// Templates with variable columns, to place further lines without keeping them.
class TemplatePatterns {
 public:
  /// Learns the templates that more than one skeleton has; replaces what was learned before.
  void learn(const std::vector<Skeleton>& skeletons, const Templates& templates);

  /// A skeleton of the template that fits the words of a line, the one with the most constant words first;
  /// nothing where none fits. `words` are as in Skeleton.
  std::optional<SkeletonId> match(const std::vector<std::uint32_t>& words) const;

 private:
  struct Pattern {
    std::vector<std::uint32_t> words;  // Skeleton::kVariable where any word fits
    std::size_t constant = 0;
    SkeletonId skeleton = 0;
  };
  std::map<std::size_t, std::vector<Pattern>> by_length_;
};

}  // namespace midwatch::observe::templates
