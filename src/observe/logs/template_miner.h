#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace midwatch::observe::logs {

/// Position of a skeleton: a line with its variable words taken out. Positions follow first appearance.
using SkeletonId = std::uint32_t;
using ClusterId = std::uint32_t;

/// The templates of a stream of lines.
struct Templates {
  std::vector<ClusterId> cluster_of;  ///< by skeleton
  std::vector<std::string> text;      ///< by cluster; `<*>` marks a variable part
};

/// Mines templates in one pass over the lines, with one setting for every format.
///
/// Lines are reduced to skeletons by what single words look like (tokenizer.h); the few distinct skeletons
/// are then grouped: among those of equal length, the words of the most common frequency form the root of a
/// pattern, and of the other columns, one with many values is variable, one with few splits the group.
/// Source:  the grouping follows the idea of Brain (Yu et al., "Brain: Log Parsing with Bidirectional
/// Parallel
///          Tree", IEEE TSC 2023): longest common pattern by word frequency.
/// Memory:  bounded: of more than kMaxSkeletons distinct skeletons, further ones share one.
/// Threads: one thread.
class TemplateMiner {
 public:
  static constexpr std::size_t kMaxSkeletons = 100'000;

  /// The skeleton of a line.
  SkeletonId add(std::string_view line);
  /// Groups what was added so far.
  Templates finish() const;
  std::size_t skeletons() const { return skeletons_.size(); }

 private:
  struct Word {
    std::string glue;
    std::uint32_t word;  // kVariable, or an index into words_
  };
  struct Skeleton {
    std::vector<Word> words;
    std::string tail;
    std::uint64_t lines = 0;
  };
  friend class Grouping;
  static constexpr std::uint32_t kVariable = 0;

  std::uint32_t intern(std::string_view word);
  Skeleton make(std::string_view line);

  std::unordered_map<std::uint64_t, SkeletonId> by_hash_;
  std::vector<Skeleton> skeletons_;
  std::unordered_map<std::string, std::uint32_t> word_ids_;
  std::vector<std::string> words_{"<*>"};
  SkeletonId overflow_ = 0;
  bool overflown_ = false;
};

}  // namespace midwatch::observe::logs
