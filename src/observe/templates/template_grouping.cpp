#include "src/observe/templates/template_grouping.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "src/observe/templates/template_text.h"

namespace midwatch::observe::templates {
namespace {

/// A column with more values than this is variable; with fewer it tells templates apart. Four is where
/// enumerations (levels, states, verbs) and names part, on logs of eight systems (docs/benchmarks.md).
constexpr std::size_t kMostBranches = 4;
/// The first word of a line names the event more often than a value.
constexpr std::size_t kMostFirstWords = 32;

class Grouping {
 public:
  explicit Grouping(const std::vector<Skeleton>& skeletons) : skeletons_(skeletons) {
    out_.cluster_of.resize(skeletons.size());
  }

  Templates run() {
    std::map<std::size_t, std::vector<SkeletonId>> by_length;
    for (SkeletonId i = 0; i < skeletons_.size(); ++i) {
      by_length[skeletons_[i].words.size()].push_back(i);
      note_names(skeletons_[i]);
    }
    for (const auto& [length, members] : by_length) group(length, members);
    return std::move(out_);
  }

 private:
  using Column = std::size_t;

  std::uint32_t word(SkeletonId s, Column c) const { return skeletons_[s].words[c]; }
  /// More a value than a word.
  bool is_name(std::uint32_t w) const { return w == Skeleton::kVariable || (w < names_.size() && names_[w]); }

  void note_names(const Skeleton& s) {
    tokenize(s.line, pieces_);
    Column c = 0;
    for (std::size_t i = 0; i < pieces_.size() && c < s.words.size(); ++i) {
      if (is_variable(pieces_[i].look)) {
        c += i == 0 || !is_variable(pieces_[i - 1].look) ? 1 : 0;
        continue;
      }
      if (pieces_[i].look == Look::kName) {
        if (s.words[c] >= names_.size()) names_.resize(s.words[c] + 1);
        names_[s.words[c]] = true;
      }
      ++c;
    }
  }

  void group(std::size_t length, const std::vector<SkeletonId>& members) {
    if (length == 0) {
      name(members);
      return;
    }
    std::vector<std::unordered_map<std::uint32_t, std::uint64_t>> frequency(length);
    for (const SkeletonId s : members) {
      for (Column c = 0; c < length; ++c) frequency[c][word(s, c)] += skeletons_[s].lines;
    }
    // Root of each skeleton: the largest set of columns whose words are equally frequent.
    using Root = std::vector<std::pair<Column, std::uint32_t>>;
    std::map<std::pair<std::uint64_t, Root>, std::vector<SkeletonId>> roots;
    for (const SkeletonId s : members) {
      std::map<std::uint64_t, Root> by_frequency;
      for (Column c = 0; c < length; ++c) {
        if (!is_name(word(s, c))) by_frequency[frequency[c][word(s, c)]].emplace_back(c, word(s, c));
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
      if (root.second.size() > open.size()) close_shared(of_root, open);
      split(of_root, std::move(open));
    }
  }

  std::set<std::uint32_t> values_of(const std::vector<SkeletonId>& members, Column c) const {
    std::set<std::uint32_t> values;
    for (const SkeletonId s : members) values.insert(word(s, c));
    return values;
  }

  /// Closes columns that share a word with another one: what stands in two places is a value (a state that
  /// something leaves and another one enters), not a word that tells templates apart.
  void close_shared(const std::vector<SkeletonId>& members, std::vector<Column>& open) const {
    std::vector<std::set<std::uint32_t>> values;
    for (const Column c : open) values.push_back(values_of(members, c));
    std::vector<Column> left;
    for (std::size_t i = 0; i < open.size(); ++i) {
      bool shared = false;
      for (std::size_t k = 0; k < open.size() && values[i].size() > 1; ++k) {
        if (k == i || values[k].size() < 2) continue;
        shared = shared || std::any_of(values[i].begin(), values[i].end(),
                                       [&](std::uint32_t w) { return !is_name(w) && values[k].contains(w); });
      }
      if (!shared) left.push_back(open[i]);
    }
    open = std::move(left);
  }

  /// Decides the open columns of a group, the one with the fewest values first.
  void split(const std::vector<SkeletonId>& members, std::vector<Column> open) {
    while (!open.empty()) {
      std::size_t fewest = 0;
      std::set<std::uint32_t> values;
      for (std::size_t k = 0; k < open.size(); ++k) {
        std::set<std::uint32_t> distinct;
        for (const SkeletonId s : members) {
          distinct.insert(word(s, open[k]));
          if (k > 0 && distinct.size() >= values.size()) break;
        }
        if (k == 0 || distinct.size() < values.size()) {
          values = std::move(distinct);
          fewest = k;
        }
      }
      const Column column = open[fewest];
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(fewest));
      if (values.size() == 1 || is_value(values, column)) continue;
      std::map<std::uint32_t, std::vector<SkeletonId>> branches;
      for (const SkeletonId s : members) branches[word(s, column)].push_back(s);
      for (const auto& [value, branch] : branches) split(branch, open);
      return;
    }
    name(members);
  }

  /// True where a column holds a value, not words that tell templates apart.
  bool is_value(const std::set<std::uint32_t>& values, Column column) const {
    if (values.contains(Skeleton::kVariable)) return true;
    if (std::all_of(values.begin(), values.end(), [&](std::uint32_t w) { return is_name(w); })) return true;
    return values.size() > (column == 0 ? kMostFirstWords : kMostBranches);
  }

  void name(const std::vector<SkeletonId>& members) {
    const auto id = static_cast<ClusterId>(out_.text.size());
    out_.text.push_back(template_text(skeletons_, members));
    for (const SkeletonId s : members) out_.cluster_of[s] = id;
  }

  const std::vector<Skeleton>& skeletons_;
  std::vector<bool> names_;  // by word
  std::vector<Piece> pieces_;
  Templates out_;
};

}  // namespace

Templates group_skeletons(const std::vector<Skeleton>& skeletons) {
  return Grouping(skeletons).run();
}

}  // namespace midwatch::observe::templates
