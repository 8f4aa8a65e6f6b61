#include "src/observe/templates/template_patterns.h"

#include <algorithm>

namespace midwatch::observe::templates {
namespace {

/// A line is compared with so many patterns of its length at most.
constexpr std::size_t kMostPatterns = 200;

}  // namespace

void TemplatePatterns::learn(const std::vector<Skeleton>& skeletons, const Templates& templates) {
  std::vector<Pattern> patterns(templates.text.size());
  std::vector<std::size_t> members(templates.text.size(), 0);
  for (SkeletonId s = 0; s < skeletons.size(); ++s) {
    const ClusterId cluster = templates.cluster_of[s];
    Pattern& p = patterns[cluster];
    const auto& words = skeletons[s].words;
    if (members[cluster]++ == 0) {
      p.words = words;
      p.skeleton = s;
      continue;
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (p.words[i] != words[i]) p.words[i] = Skeleton::kVariable;
    }
  }
  by_length_.clear();
  for (ClusterId c = 0; c < patterns.size(); ++c) {
    Pattern& p = patterns[c];
    p.constant = static_cast<std::size_t>(std::count_if(
        p.words.begin(), p.words.end(), [](std::uint32_t w) { return w != Skeleton::kVariable; }));
    // A pattern of variable words alone would take everything.
    if (members[c] > 1 && p.constant > 0) by_length_[p.words.size()].push_back(std::move(p));
  }
  for (auto& [length, list] : by_length_) {
    std::stable_sort(list.begin(), list.end(),
                     [](const Pattern& a, const Pattern& b) { return a.constant > b.constant; });
    if (list.size() > kMostPatterns) list.resize(kMostPatterns);
  }
}

std::optional<SkeletonId> TemplatePatterns::match(const std::vector<std::uint32_t>& words) const {
  const auto at = by_length_.find(words.size());
  if (at == by_length_.end()) return std::nullopt;
  const auto fits = [&](const Pattern& p) {
    return std::equal(words.begin(), words.end(), p.words.begin(),
                      [](std::uint32_t word, std::uint32_t wanted) {
                        return wanted == Skeleton::kVariable || wanted == word;
                      });
  };
  const auto found = std::find_if(at->second.begin(), at->second.end(), fits);
  if (found == at->second.end()) return std::nullopt;
  return found->skeleton;
}

}  // namespace midwatch::observe::templates
