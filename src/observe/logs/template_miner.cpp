#include "src/observe/logs/template_miner.h"

#include <algorithm>
#include <map>
#include <set>

#include "src/observe/logs/tokenizer.h"

namespace midwatch::observe::logs {
namespace {

/// A column with more values than this is variable; with fewer it tells templates apart. Four is where
/// enumerations (levels, states, verbs) and names part, on logs of eight systems (docs/benchmarks.md).
constexpr std::size_t kMostBranches = 4;
/// Bytes of a line that are looked at.
constexpr std::size_t kLineBytes = 8192;

}  // namespace

std::uint32_t TemplateMiner::intern(std::string_view word) {
  const auto [at, is_new] = word_ids_.emplace(std::string(word), static_cast<std::uint32_t>(words_.size()));
  if (is_new) words_.emplace_back(word);
  return at->second;
}

TemplateMiner::Skeleton TemplateMiner::make(std::string_view line) {
  std::vector<Token> tokens;
  tokenize(line, tokens);
  Skeleton skeleton;
  for (const Token& t : tokens)
    skeleton.words.push_back({std::string(t.glue), t.variable ? kVariable : intern(t.word)});
  if (!tokens.empty()) {
    const std::string_view last = tokens.back().word;
    const auto end = static_cast<std::size_t>(last.data() + last.size() - line.data());
    if (tokens.size() < kMaxTokens) skeleton.tail = std::string(line.substr(end));
  } else {
    skeleton.tail = std::string(line);
  }
  return skeleton;
}

SkeletonId TemplateMiner::add(std::string_view line) {
  line = line.substr(0, kLineBytes);
  const std::uint64_t hash = skeleton_hash(line);
  const auto at = by_hash_.find(hash);
  if (at != by_hash_.end()) {
    ++skeletons_[at->second].lines;
    return at->second;
  }
  if (skeletons_.size() >= kMaxSkeletons) {
    if (!overflown_) {
      overflown_ = true;
      overflow_ = static_cast<SkeletonId>(skeletons_.size());
      skeletons_.push_back(make("<*>"));
    }
    ++skeletons_[overflow_].lines;
    return overflow_;
  }
  const auto id = static_cast<SkeletonId>(skeletons_.size());
  skeletons_.push_back(make(line));
  skeletons_.back().lines = 1;
  by_hash_.emplace(hash, id);
  return id;
}

/// Groups skeletons of equal length.
class Grouping {
 public:
  explicit Grouping(const TemplateMiner& miner) : miner_(miner) {
    out_.cluster_of.resize(miner.skeletons_.size());
  }

  Templates run() {
    std::map<std::size_t, std::vector<SkeletonId>> by_length;
    for (SkeletonId i = 0; i < miner_.skeletons_.size(); ++i)
      by_length[miner_.skeletons_[i].words.size()].push_back(i);
    for (const auto& [length, members] : by_length) group(length, members);
    return std::move(out_);
  }

 private:
  using Column = std::size_t;

  std::uint32_t word(SkeletonId s, Column c) const { return miner_.skeletons_[s].words[c].word; }

  void group(std::size_t length, const std::vector<SkeletonId>& members) {
    if (length == 0) {
      name(members, {});
      return;
    }
    std::vector<std::unordered_map<std::uint32_t, std::uint64_t>> frequency(length);
    for (const SkeletonId s : members) {
      for (Column c = 0; c < length; ++c) frequency[c][word(s, c)] += miner_.skeletons_[s].lines;
    }
    // Root of each skeleton: the largest set of columns whose words are equally frequent.
    using Root = std::vector<std::pair<Column, std::uint32_t>>;
    std::map<std::pair<std::uint64_t, Root>, std::vector<SkeletonId>> roots;
    for (const SkeletonId s : members) {
      std::map<std::uint64_t, Root> by_frequency;
      for (Column c = 0; c < length; ++c) {
        if (word(s, c) != TemplateMiner::kVariable)
          by_frequency[frequency[c][word(s, c)]].emplace_back(c, word(s, c));
      }
      std::pair<std::uint64_t, Root> best{0, {}};
      for (auto& [count, root] : by_frequency) {
        if (root.size() >= best.second.size())
          best = {count, root};  // ascending: ties go to the more frequent
      }
      roots[std::move(best)].push_back(s);
    }
    for (const auto& [root, of_root] : roots) {
      std::vector<Column> open;
      for (Column c = 0; c < length; ++c) {
        if (std::none_of(root.second.begin(), root.second.end(), [&](const auto& r) { return r.first == c; }))
          open.push_back(c);
      }
      std::vector<char> variable(length, 0);
      split(of_root, std::move(open), variable);
    }
  }

  /// Decides the open columns of a group, the one with the fewest values first.
  void split(const std::vector<SkeletonId>& members, std::vector<Column> open, std::vector<char> variable) {
    while (!open.empty()) {
      std::size_t fewest = 0;
      std::size_t values = 0;
      bool has_variable = false;
      for (std::size_t k = 0; k < open.size(); ++k) {
        std::set<std::uint32_t> distinct;
        for (const SkeletonId s : members) {
          distinct.insert(word(s, open[k]));
          if (values > 0 && distinct.size() >= values) break;
        }
        if (values == 0 || distinct.size() < values) {
          values = distinct.size();
          fewest = k;
          has_variable = distinct.contains(TemplateMiner::kVariable);
        }
      }
      const Column column = open[fewest];
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(fewest));
      if (values == 1) continue;
      // The first word names the event more often than a value.
      if ((values <= kMostBranches || column == 0) && !has_variable) {
        std::map<std::uint32_t, std::vector<SkeletonId>> branches;
        for (const SkeletonId s : members) branches[word(s, column)].push_back(s);
        for (const auto& [value, branch] : branches) split(branch, open, variable);
        return;
      }
      variable[column] = 1;
    }
    name(members, variable);
  }

  void name(const std::vector<SkeletonId>& members, const std::vector<char>& variable) {
    const auto id = static_cast<ClusterId>(out_.text.size());
    const auto& first = miner_.skeletons_[members.front()];
    std::string text;
    for (Column c = 0; c < first.words.size(); ++c) {
      text += first.words[c].glue;
      text += c < variable.size() && variable[c] ? "<*>" : miner_.words_[first.words[c].word];
    }
    out_.text.push_back(text + first.tail);
    for (const SkeletonId s : members) out_.cluster_of[s] = id;
  }

  const TemplateMiner& miner_;
  Templates out_;
};

Templates TemplateMiner::finish() const {
  return Grouping(*this).run();
}

}  // namespace midwatch::observe::logs
