#include "src/observe/templates/template_miner.h"

#include <algorithm>

#include <xxhash.h>

#include "src/observe/templates/template_grouping.h"
#include "src/observe/templates/template_patterns.h"

namespace midwatch::observe::templates {
namespace {

/// Bytes of a line that are looked at.
constexpr std::size_t kLineBytes = 8192;
/// So many lines of a skeleton are compared with its first one, then each whose number is a power of two:
/// what varies shows early.
constexpr std::uint64_t kCompared = 32;
/// What a distinct word takes: here and again while skeletons are grouped.
constexpr std::size_t kWordBytes = 112;
/// The number of a word that no skeleton has.
constexpr std::uint32_t kUnknownWord = UINT32_MAX;

bool is_compared(std::uint64_t number) {
  return number < kCompared || (number & (number - 1)) == 0;
}

/// The end of the run of variable pieces that begins at `i`.
std::size_t run_end(const std::vector<Piece>& pieces, std::size_t i) {
  while (i < pieces.size() && is_variable(pieces[i].look)) ++i;
  return i;
}

}  // namespace

TemplateMiner::TemplateMiner() : patterns_(std::make_unique<TemplatePatterns>()) {}
TemplateMiner::~TemplateMiner() = default;

std::uint32_t TemplateMiner::intern(std::string_view word) {
  const auto [at, is_new] = word_ids_.emplace(XXH3_64bits(word.data(), word.size()), words_);
  if (is_new) {
    ++words_;
    bytes_ += kWordBytes;
  }
  return at->second;
}

void TemplateMiner::learn_patterns() {
  const std::size_t quarters =
      std::max(skeletons_.size() * 4 / kMaxSkeletons, std::min<std::size_t>(4, bytes_ * 4 / kMaxBytes));
  if (quarters <= quarters_) return;
  quarters_ = quarters;
  patterns_->learn(skeletons_, finish());
}

std::optional<SkeletonId> TemplateMiner::placed(std::string_view line) {
  if (quarters_ == 0) return std::nullopt;
  std::vector<std::uint32_t> words;
  for (std::size_t i = 0; i < pieces_.size();) {
    const bool variable = is_variable(pieces_[i].look);
    if (variable) {
      words.push_back(Skeleton::kVariable);
    } else {
      const std::string_view word = pieces_[i].text(line);
      const auto at = word_ids_.find(XXH3_64bits(word.data(), word.size()));
      words.push_back(at == word_ids_.end() ? kUnknownWord : at->second);
    }
    i = variable ? run_end(pieces_, i) : i + 1;
  }
  return patterns_->match(words);
}

SkeletonId TemplateMiner::make(std::string_view line) {
  Skeleton skeleton;
  for (std::size_t i = 0; i < pieces_.size();) {
    const bool variable = is_variable(pieces_[i].look);
    skeleton.words.push_back(variable ? Skeleton::kVariable : intern(pieces_[i].text(line)));
    i = variable ? run_end(pieces_, i) : i + 1;
  }
  skeleton.words.shrink_to_fit();
  skeleton.line = std::string(pieces_.size() < kMaxPieces ? line : line.substr(0, pieces_.back().end));
  bytes_ += sizeof(Skeleton) + skeleton.line.size() + skeleton.words.size() * sizeof(std::uint32_t);
  skeletons_.push_back(std::move(skeleton));
  return static_cast<SkeletonId>(skeletons_.size() - 1);
}

SkeletonId TemplateMiner::overflow() {
  if (!overflown_) {
    overflown_ = true;
    pieces_.assign(1, {0, 3, Look::kHard});
    overflow_ = make("<*>");
  }
  return overflow_;
}

void TemplateMiner::compare(Skeleton& skeleton, std::string_view line) {
  const std::string_view first = skeleton.line;
  tokenize(first, first_pieces_);
  std::size_t run = 0;
  std::size_t i = 0;
  std::size_t k = 0;
  while (i < first_pieces_.size() && k < pieces_.size()) {
    if (!is_variable(first_pieces_[i].look)) {
      ++i;
      ++k;
      continue;
    }
    const std::size_t end = run_end(first_pieces_, i);
    bool same = end - i == run_end(pieces_, k) - k;
    for (std::size_t n = 0; same && n < end - i; ++n) {
      const Piece& a = first_pieces_[i + n];
      const Piece& b = pieces_[k + n];
      if (n > 0) {
        const std::size_t a_glue = first_pieces_[i + n - 1].end;
        const std::size_t b_glue = pieces_[k + n - 1].end;
        same = first.substr(a_glue, a.begin - a_glue) == line.substr(b_glue, b.begin - b_glue);
      }
      if (i + n < Skeleton::kTracked && a.text(first) != b.text(line)) skeleton.varied |= 1ULL << (i + n);
    }
    if (!same && run < Skeleton::kTracked) skeleton.loose |= 1ULL << run;
    ++run;
    k = run_end(pieces_, k);
    i = end;
  }
}

SkeletonId TemplateMiner::add(std::string_view line) {
  line = line.substr(0, kLineBytes);
  tokenize(line, pieces_);
  const std::uint64_t hash = skeleton_hash(line, pieces_);
  const auto at = by_hash_.find(hash);
  SkeletonId id = 0;
  if (at != by_hash_.end()) {
    id = at->second;
    if (is_compared(skeletons_[id].lines)) compare(skeletons_[id], line);
  } else if (const auto fitting = placed(line)) {
    id = *fitting;
  } else if (skeletons_.size() >= kMaxSkeletons || bytes_ >= kMaxBytes) {
    id = overflow();
  } else {
    id = make(line);
    by_hash_.emplace(hash, id);
    learn_patterns();
  }
  ++skeletons_[id].lines;
  return id;
}

Templates TemplateMiner::finish() const {
  return group_skeletons(skeletons_);
}

}  // namespace midwatch::observe::templates
