#include "src/observe/changes/line_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include <re2/re2.h>
#include <re2/set.h>

namespace midwatch::observe::changes {
namespace {

using knowledge::LineRule;
using knowledge::NameRule;

/// More changed lines than this are no change that a person could have read; the rules look at the first
/// ones.
constexpr std::size_t kMostLines = 4000;
/// A memory bound of the automaton of all patterns; RE2's default is 8 MiB, too little for a few hundred.
constexpr int kAutomatonBytes = 64 << 20;
/// Lines with at least this share of words in common do the same.
constexpr double kMuchAlike = 0.8;
/// Names beyond this many of one kind are a generated file.
constexpr std::size_t kMostNames = 12;
constexpr double kNameStrength = 0.9;
/// A name that is read with a value to fall back on may be missing.
constexpr double kFallbackStrength = 0.3;

const RE2& falls_back() {
  static const RE2 kPattern(
      R"re((?i)(?:\w*env|environ\.get|ENV\.fetch|getOrDefault|lookup\w*)\(\s*["']\w+["']\s*,|process\.env[.\["'\w]+\]?\s*(?:\|\||\?\?)|\bdefault[:=]\s*["']|:-)re");
  return kPattern;
}

const RE2& loop_header() {
  static const RE2 kPattern(
      R"re(^(?:\}?\s*)?(?:for|while|foreach|loop)\b|\.(?:forEach|each|map|flatMap|filter|stream|parallelStream|times)\s*\(|^\S.*\bfor \w+(?:, ?\w+)? in\b.*:$)re");
  return kPattern;
}

const RE2& lock_taken() {
  static const RE2 kPattern(
      R"re((?i)\.(?:r?lock|acquire|enter)\s*\(|\bsynchronized\b|\bwith\s+\S*lock\S*\s*:|\block\s*\(|lock_guard|unique_lock|scoped_lock|\.lock\(\)\.await|\bMutex\.synchronize|\bpthread_mutex_lock)re");
  return kPattern;
}

const RE2& lock_released() {
  static const RE2 kPattern(R"re((?i)\.(?:r?unlock|release|exit)\s*\()re");
  return kPattern;
}

bool matches(const RE2& pattern, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

/// Follows one side of a hunk.
void mark_side(PreparedHunk& hunk, LineKind other) {
  std::vector<std::size_t> loops;   // indents of the open ones
  std::vector<std::size_t> blocks;  // indents of locks that end with their block
  bool locked = false;
  std::size_t least = std::string::npos;
  for (const SourceLine& line : hunk.lines) {
    if (!line.code.empty()) least = std::min(least, line.indent);
  }
  for (std::size_t i = 0; i < hunk.lines.size(); ++i) {
    const SourceLine& line = hunk.lines[i];
    if (line.kind == other || line.code.empty()) continue;
    while (!loops.empty() && line.indent <= loops.back()) loops.pop_back();
    while (!blocks.empty() && line.indent <= blocks.back()) blocks.pop_back();
    const bool deferred = line.code.starts_with("defer ");
    if (matches(lock_released(), line.code) && !deferred) locked = false;
    if (line.indent == least && line.code == "}") locked = false;
    const bool inside = line.indent > 0 || !hunk.heading.empty();
    hunk.in_function[i] = inside ? 1 : 0;
    const bool loops_here = matches(loop_header(), line.code);
    // A loop written on one line holds what stands on it.
    hunk.in_loop[i] =
        !loops.empty() || (loops_here && line.code.find_first_of("{(") != std::string::npos) ? 1 : 0;
    hunk.under_lock[i] = locked || !blocks.empty() ? 1 : 0;
    if (loops_here) loops.push_back(line.indent);
    if (!deferred && matches(lock_taken(), line.code)) {
      const bool block = line.code.ends_with(":") ||
                         (line.code.ends_with("{") && line.code.find("ynchronized") != std::string::npos);
      if (block) {
        blocks.push_back(line.indent);
      } else if (!matches(lock_released(), line.code)) {
        locked = true;
      }
    }
  }
}

}  // namespace

void mark_surroundings(PreparedHunk& hunk) {
  hunk.in_loop.assign(hunk.lines.size(), 0);
  hunk.under_lock.assign(hunk.lines.size(), 0);
  hunk.in_function.assign(hunk.lines.size(), 0);
  mark_side(hunk, LineKind::kAdded);  // the old side, then the new one, which context lines belong to
  mark_side(hunk, LineKind::kRemoved);
}

struct LineRules::State {
  /// The patterns of one list of a rule, as positions in the set of all patterns.
  struct Patterns {
    std::vector<int> ids;
    bool any(const std::vector<char>& matched) const {
      return std::any_of(ids.begin(), ids.end(),
                         [&](int id) { return matched[static_cast<std::size_t>(id)] != 0; });
    }
  };
  struct Line {
    const LineRule* rule;
    Patterns gone, added, edited, except, unless, near;
  };
  struct Name {
    const NameRule* rule;
    std::vector<std::unique_ptr<RE2>> patterns;
  };

  std::unique_ptr<RE2::Set> set;
  std::size_t size = 0;
  std::vector<Line> lines;
  std::vector<Name> names;

  Patterns add(const std::vector<std::string>& patterns, std::map<std::string, int>& known) {
    Patterns out;
    for (const std::string& text : patterns) {
      const auto at = known.find(text);
      int id = at == known.end() ? -1 : at->second;
      if (id < 0) {
        std::string error;
        id = set->Add(text, &error);
        if (id < 0) continue;  // the knowledge was checked; a pattern of a later version of RE2 is left out
        known.emplace(text, id);
      }
      out.ids.push_back(id);
    }
    return out;
  }

  /// Which patterns a text matches.
  std::vector<char> match(std::string_view text) const {
    std::vector<char> matched(size, 0);
    std::vector<int> ids;
    if (!text.empty() && set->Match(re2::StringPiece(text.data(), text.size()), &ids)) {
      for (const int id : ids) matched[static_cast<std::size_t>(id)] = 1;
    }
    return matched;
  }
};

LineRules::LineRules(const knowledge::ChangeRules& rules) : state_(std::make_unique<State>()) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kAutomatonBytes);
  state_->set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
  std::map<std::string, int> known;
  for (const LineRule& rule : rules.lines) {
    State::Line line{&rule, {}, {}, {}, {}, {}, {}};
    line.gone = state_->add(rule.gone, known);
    line.added = state_->add(rule.added, known);
    line.edited = state_->add(rule.edited, known);
    line.except = state_->add(rule.except, known);
    line.unless = state_->add(rule.unless, known);
    line.near = state_->add(rule.near, known);
    state_->lines.push_back(std::move(line));
  }
  state_->size = known.size();
  if (!known.empty()) state_->set->Compile();
  for (const NameRule& rule : rules.names) {
    State::Name name{&rule, {}};
    for (const std::string& text : rule.patterns)
      name.patterns.push_back(std::make_unique<RE2>(text, RE2::Quiet));
    state_->names.push_back(std::move(name));
  }
}
LineRules::~LineRules() = default;

namespace {

/// A changed line with what it matches.
struct Matched {
  const PreparedHunk* hunk;
  std::size_t line;
  std::vector<char> patterns;
  bool tells;  ///< a statement that only logs or counts

  const SourceLine& source() const { return hunk->lines[line]; }
  bool is(LineKind kind) const { return source().kind == kind; }
};

bool role_fits(const std::vector<std::string>& roles, FileRole role) {
  return roles.empty() || std::find(roles.begin(), roles.end(), to_string(role)) != roles.end();
}

bool lies_inside(const LineRule& rule, const Matched& m) {
  if (rule.inside == "loop") return m.hunk->in_loop[m.line] != 0;
  if (rule.inside == "lock") return m.hunk->under_lock[m.line] != 0;
  if (rule.inside == "function") return m.hunk->in_function[m.line] != 0;
  return true;
}

bool about_telling(const LineRule& rule) {
  return rule.see.find(".log") != std::string::npos || rule.see.find(".metric_label") != std::string::npos;
}

ChangeFact fact_at(const Matched& at, std::string type, double strength) {
  ChangeFact fact;
  fact.type = std::move(type);
  fact.file = at.hunk->file;
  fact.hunk = at.hunk->hunk;
  fact.heading = at.hunk->heading;
  fact.line = at.source().line;
  fact.strength = strength;
  return fact;
}

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

bool has_word(std::string_view code, std::string_view word) {
  for (std::size_t at = code.find(word); at != std::string_view::npos; at = code.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word_character(code[at - 1])) &&
        (end == code.size() || !is_word_character(code[end])))
      return true;
  }
  return false;
}

/// The changed lines of a change with the patterns that each matches.
class ChangedLines {
 public:
  ChangedLines(const LineRules::State& state, const std::vector<PreparedHunk>& hunks) {
    for (const PreparedHunk& hunk : hunks) {
      auto& near = around_[&hunk];
      near = state.match(hunk.file);
      merge(near, state.match(hunk.heading));
      for (std::size_t i = 0; i < hunk.lines.size() && lines_.size() < kMostLines; ++i) {
        auto matched = state.match(hunk.lines[i].code);
        merge(near, matched);
        if (hunk.lines[i].kind != LineKind::kContext && !hunk.lines[i].code.empty())
          lines_.push_back({&hunk, i, std::move(matched), only_tells(hunk.lines[i].code)});
      }
    }
  }

  const std::vector<Matched>& all() const { return lines_; }

  /// The lines of one side that match a list of a rule.
  std::vector<const Matched*> of(const LineRules::State::Line& rule,
                                 const LineRules::State::Patterns& patterns, LineKind kind,
                                 bool inside) const {
    std::vector<const Matched*> found;
    for (const Matched& m : lines_) {
      if (!m.is(kind) || !role_fits(rule.rule->roles, m.hunk->role) || !patterns.any(m.patterns) ||
          rule.except.any(m.patterns))
        continue;
      if (inside && !lies_inside(*rule.rule, m)) continue;
      // What is logged or counted says something only of logging and counting.
      if (m.tells && !about_telling(*rule.rule)) continue;
      if (!rule.near.ids.empty() && !rule.near.any(around_.at(m.hunk))) continue;
      found.push_back(&m);
    }
    return found;
  }

  /// True where an added line has the word.
  bool added_word(std::string_view word) const {
    return std::any_of(lines_.begin(), lines_.end(), [&](const Matched& m) {
      return m.is(LineKind::kAdded) && has_word(m.source().code, word);
    });
  }

  /// True where what the line names with a quoted text (a route, a handler) stands in an added line too.
  bool still_named(const Matched& removed) const {
    const std::string_view name = quoted_name(removed.source().code);
    return !name.empty() && std::any_of(lines_.begin(), lines_.end(), [&](const Matched& m) {
      return m.is(LineKind::kAdded) && m.source().code.find(name) != std::string::npos;
    });
  }

  bool added_match(const LineRules::State::Patterns& patterns) const {
    return std::any_of(lines_.begin(), lines_.end(),
                       [&](const Matched& m) { return m.is(LineKind::kAdded) && patterns.any(m.patterns); });
  }

 private:
  static void merge(std::vector<char>& into, const std::vector<char>& other) {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = into[i] != 0 || other[i] != 0 ? 1 : 0;
  }

  std::vector<Matched> lines_;
  std::map<const PreparedHunk*, std::vector<char>>
      around_;  // what some line, the heading or the path matches
};

/// The first of `more` where there are more of them than of `fewer`.
const Matched* surplus(const std::vector<const Matched*>& more, const std::vector<const Matched*>& fewer) {
  return more.size() > fewer.size() ? more.front() : nullptr;
}

/// True where each of the lines has one much like it among the others: three clients made in the same way
/// became one.
bool all_live_on(const std::vector<const Matched*>& lines, const std::vector<const Matched*>& others) {
  return std::all_of(lines.begin(), lines.end(), [&](const Matched* line) {
    const std::vector<Token> tokens = tokens_of(line->source().code);
    return std::any_of(others.begin(), others.end(), [&](const Matched* other) {
      return likeness(tokens, tokens_of(other->source().code)) >= kMuchAlike;
    });
  });
}

/// The first that is gone: by number, or from the ways that leave before where it stands now.
const Matched* first_gone(const std::vector<const Matched*>& removed,
                          const std::vector<const Matched*>& added) {
  if (const Matched* gone = surplus(removed, added); gone != nullptr && !all_live_on(removed, added))
    return gone;
  for (const Matched* from : removed) {
    const bool past = std::any_of(added.begin(), added.end(), [&](const Matched* to) {
      return to->hunk == from->hunk && moved_past_an_exit(*from->hunk, from->line, to->line);
    });
    if (past) return from;
  }
  return nullptr;
}

/// The first line whose code the other side does not have.
const Matched* first_that_differs(const std::vector<const Matched*>& lines,
                                  const std::vector<const Matched*>& others) {
  for (const Matched* line : lines) {
    const bool there = std::any_of(others.begin(), others.end(), [&](const Matched* other) {
      return other->source().code == line->source().code;
    });
    if (!there) return line;
  }
  return nullptr;
}

void apply_rule(const LineRules::State::Line& rule, const ChangedLines& lines,
                std::vector<ChangeFact>& facts) {
  const Matched* gone = nullptr;
  const Matched* added = nullptr;
  if (!rule.gone.ids.empty()) {
    const bool inside = rule.added.ids.empty();
    auto removed = lines.of(rule, rule.gone, LineKind::kRemoved, inside);
    if (rule.rule->named) std::erase_if(removed, [&](const Matched* m) { return lines.still_named(*m); });
    gone = first_gone(removed, lines.of(rule, rule.gone, LineKind::kAdded, inside));
    if (gone == nullptr) return;
  }
  if (!rule.added.ids.empty()) {
    added = surplus(lines.of(rule, rule.added, LineKind::kAdded, true),
                    lines.of(rule, rule.added, LineKind::kRemoved, true));
    if (added == nullptr) return;
  }
  if (!rule.edited.ids.empty()) {
    gone = first_that_differs(lines.of(rule, rule.edited, LineKind::kRemoved, true),
                              lines.of(rule, rule.edited, LineKind::kAdded, true));
    added = first_that_differs(lines.of(rule, rule.edited, LineKind::kAdded, true),
                               lines.of(rule, rule.edited, LineKind::kRemoved, true));
    if (gone == nullptr || added == nullptr) return;
  }
  if (lines.added_match(rule.unless)) return;
  const Matched* at = added != nullptr ? added : gone;
  if (at == nullptr) return;
  ChangeFact fact = fact_at(*at, rule.rule->see, rule.rule->strength);
  if (gone != nullptr) fact.before = gone->source().code;
  if (added != nullptr) fact.after = added->source().code;
  facts.push_back(std::move(fact));
}

using Names = std::map<std::string, const Matched*>;

/// All names that a pattern finds in a line.
void find_names(const RE2& pattern, const Matched& m, Names& into) {
  re2::StringPiece rest(m.source().code);
  const int group = pattern.NamedCapturingGroups().at("name");
  std::vector<re2::StringPiece> captures(static_cast<std::size_t>(group) + 1);
  while (pattern.Match(rest, 0, rest.size(), RE2::UNANCHORED, captures.data(), group + 1)) {
    const auto& name = captures[static_cast<std::size_t>(group)];
    if (!name.empty()) into.emplace(std::string(name), &m);
    const auto end = static_cast<std::size_t>(captures[0].data() + captures[0].size() - rest.data());
    if (end == 0 || end >= rest.size()) break;
    rest.remove_prefix(end);
  }
}

std::vector<std::pair<std::string, const Matched*>> only_in(const Names& names, const Names& others) {
  std::vector<std::pair<std::string, const Matched*>> out;
  for (const auto& [name, at] : names) {
    if (!others.contains(name) && out.size() < kMostNames) out.emplace_back(name, at);
  }
  return out;
}

void apply_names(const LineRules::State::Name& rule, const ChangedLines& lines,
                 std::vector<ChangeFact>& facts) {
  Names removed;
  Names added;
  for (const Matched& m : lines.all()) {
    if (!role_fits(rule.rule->roles, m.hunk->role)) continue;
    for (const auto& pattern : rule.patterns)
      find_names(*pattern, m, m.is(LineKind::kAdded) ? added : removed);
  }
  auto only_removed = only_in(removed, added);
  // What an added line still names is read in another way; it is not gone.
  std::erase_if(only_removed, [&](const auto& gone) { return lines.added_word(gone.first); });
  const auto only_added = only_in(added, removed);
  const std::size_t pairs = rule.rule->renames ? std::min(only_removed.size(), only_added.size()) : 0;
  const auto tell = [&](const char* way, const Matched& at, const std::string& before,
                        const std::string& after) {
    ChangeFact fact = fact_at(at, "change." + rule.rule->thing + "." + way, kNameStrength);
    fact.symbol = before.empty() ? after : before;
    fact.before = before;
    fact.after = after;
    if (before.empty() && matches(falls_back(), at.source().code)) fact.strength = kFallbackStrength;
    facts.push_back(std::move(fact));
  };
  for (std::size_t i = 0; i < pairs; ++i)
    tell("renamed", *only_added[i].second, only_removed[i].first, only_added[i].first);
  for (std::size_t i = pairs; i < only_removed.size(); ++i)
    tell("removed", *only_removed[i].second, only_removed[i].first, {});
  for (std::size_t i = pairs; i < only_added.size(); ++i)
    tell("added", *only_added[i].second, {}, only_added[i].first);
}

}  // namespace

bool is_known_before(const std::vector<PreparedHunk>& hunks, std::string_view name) {
  return std::any_of(hunks.begin(), hunks.end(), [&](const PreparedHunk& hunk) {
    return std::any_of(hunk.lines.begin(), hunk.lines.end(), [&](const SourceLine& line) {
      return line.kind != LineKind::kAdded && find_name(line.code, name) != std::string_view::npos;
    });
  });
}

bool moved_past_an_exit(const PreparedHunk& hunk, std::size_t from, std::size_t to) {
  static constexpr std::array<std::string_view, 7> kExits{"return",   "throw",  "raise", "break",
                                                          "continue", "panic(", "goto"};
  const SourceLine& before = hunk.lines[from];
  const SourceLine& after = hunk.lines[to];
  if (from >= to || before.kind != LineKind::kRemoved || after.kind != LineKind::kAdded ||
      before.code != after.code)
    return false;
  return std::any_of(hunk.lines.begin() + static_cast<std::ptrdiff_t>(from),
                     hunk.lines.begin() + static_cast<std::ptrdiff_t>(to), [](const SourceLine& line) {
                       return line.kind == LineKind::kContext &&
                              std::any_of(kExits.begin(), kExits.end(),
                                          [&](std::string_view exit) { return line.code.starts_with(exit); });
                     });
}

std::vector<ChangeFact> LineRules::apply(const std::vector<PreparedHunk>& hunks) const {
  const ChangedLines lines(*state_, hunks);
  std::vector<ChangeFact> facts;
  for (const State::Line& rule : state_->lines) apply_rule(rule, lines, facts);
  for (const State::Name& rule : state_->names) apply_names(rule, lines, facts);
  return facts;
}

}  // namespace midwatch::observe::changes
