#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/observe/templates/tokenizer.h"

namespace midwatch::observe::templates {

/// Position of a skeleton: a line with its variable words taken out. Positions follow first appearance.
using SkeletonId = std::uint32_t;
using ClusterId = std::uint32_t;

/// The templates of a stream of lines.
struct Templates {
  std::vector<ClusterId> cluster_of;  ///< by skeleton
  std::vector<std::string> text;      ///< by cluster; `<*>` marks a variable part
};

/// The lines whose constant words are the same.
struct Skeleton {
  std::string line;                  ///< the first of them, as far as it was looked at
  std::vector<std::uint32_t> words;  ///< kVariable for a run of variable words, else the number of a word
  std::uint64_t lines = 0;
  std::uint64_t varied = 0;  ///< bit i: piece i (of the first 64) was seen with another text
  std::uint64_t loose = 0;   ///< bit i: run i (of the first 64) was seen with other glue or another length

  static constexpr std::uint32_t kVariable = 0;
  static constexpr std::size_t kTracked = 64;
};

class TemplatePatterns;

/// Mines templates in one pass over the lines, with one setting for every format.
///
/// Lines are reduced to skeletons by what single words look like (tokenizer.h); the few distinct skeletons
/// are grouped at the end (template_grouping.h). Memory:  bounded: of more than kMaxSkeletons distinct
/// skeletons or kMaxBytes of text, further ones share
///          one.
/// Threads: one thread.
class TemplateMiner {
 public:
  static constexpr std::size_t kMaxSkeletons = 100'000;
  static constexpr std::size_t kMaxBytes = std::size_t{48} << 20U;

  TemplateMiner();
  ~TemplateMiner();
  TemplateMiner(const TemplateMiner&) = delete;
  TemplateMiner& operator=(const TemplateMiner&) = delete;

  /// The skeleton of a line.
  SkeletonId add(std::string_view line);
  /// Groups what was added so far.
  Templates finish() const;
  std::size_t skeletons() const { return skeletons_.size(); }

 private:
  std::uint32_t intern(std::string_view word);
  SkeletonId make(std::string_view line);
  SkeletonId overflow();
  /// A skeleton of a template that the line fits, where so much was seen that templates are known.
  std::optional<SkeletonId> placed(std::string_view line);
  void learn_patterns();
  void compare(Skeleton& skeleton, std::string_view line);

  std::vector<Piece> pieces_;
  std::vector<Piece> first_pieces_;
  std::unordered_map<std::uint64_t, SkeletonId> by_hash_;
  std::vector<Skeleton> skeletons_;
  std::unordered_map<std::uint64_t, std::uint32_t> word_ids_;  // by hash
  std::uint32_t words_ = 1;
  std::size_t bytes_ = 0;
  std::unique_ptr<TemplatePatterns> patterns_;
  std::size_t quarters_ = 0;  // of the memory that were used when patterns were learned
  SkeletonId overflow_ = 0;
  bool overflown_ = false;
};

}  // namespace midwatch::observe::templates
