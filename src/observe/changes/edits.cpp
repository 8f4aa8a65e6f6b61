#include "src/observe/changes/edits.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <map>
#include <set>
#include <span>

#include "src/knowledge/metric_meaning.h"

namespace midwatch::observe::changes {
namespace {

using std::string_view;

/// Two lines with at least this share of words in common are one line edited.
constexpr double kSameLine = 0.6;
/// Removed code of which this share of lines stands elsewhere in the added code has moved.
constexpr double kMovedShare = 0.7;
/// What a move may add: the function around it and the call to it.
constexpr double kMovedGrowth = 0.3;
constexpr double kMovedTokens = 40;
/// Fewer lines that stand again among new ones have not moved: something was put beside them.
constexpr std::size_t kMovedLines = 3;
/// The same where all else is the function that they moved into.
constexpr std::size_t kExtractedLines = 2;
/// Shorter lines ("}", "return err") stand everywhere.
constexpr std::size_t kTellingLine = 12;
constexpr std::size_t kMostPairs = 400;
/// In longer hunks nobody looks for lines that moved into a block.
constexpr std::size_t kMostLines = 400;
/// Longer lines are generated.
constexpr std::size_t kLongestEdit = 200;
/// With more differing words a line is rewritten, not edited.
constexpr std::size_t kMostDiffering = 8;
/// How surely an edit means what it looks like.
constexpr double kSure = 0.9;
constexpr double kLikely = 0.55;
constexpr std::size_t kMostCalls = 12;

using Tokens = std::vector<Token>;

/// The words that only one of two lines has, in order (longest common subsequence, Wagner and Fischer 1974).
struct Difference {
  Tokens out;
  Tokens in;
};

Difference difference(const Tokens& a, const Tokens& b) {
  std::vector<std::vector<std::uint16_t>> common(a.size() + 1, std::vector<std::uint16_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] = a[i] == b[j] ? static_cast<std::uint16_t>(common[i + 1][j + 1] + 1)
                                  : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  Difference d;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i;
      ++j;
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      d.out.push_back(a[i++]);
    } else {
      d.in.push_back(b[j++]);
    }
  }
  return d;
}

std::string text_of(std::span<const Token> tokens) {
  std::string out;
  for (const Token& t : tokens) {
    if (!out.empty() && t.kind != TokenKind::kSign) out += ' ';
    out += t.text;
  }
  return out;
}

bool is_comparison_sign(string_view sign) {
  return sign == "<" || sign == ">" || sign == "=";
}

/// One line for another.
struct Edit {
  const PreparedHunk* hunk;
  const SourceLine* before;
  const SourceLine* after;
};

/// The pairs of lines of a hunk that were edited, each added line for the removed one most like it.
std::vector<Edit> edits_of(const PreparedHunk& hunk) {
  std::vector<const SourceLine*> removed;
  std::vector<const SourceLine*> added;
  for (const SourceLine& line : hunk.lines) {
    if (line.code.empty() || line.kind == LineKind::kContext) continue;
    (line.kind == LineKind::kRemoved ? removed : added).push_back(&line);
  }
  std::vector<Edit> edits;
  if (removed.size() * added.size() > kMostPairs * kMostPairs) return edits;
  std::vector<char> used(added.size(), 0);
  for (const SourceLine* r : removed) {
    const Tokens before = tokens_of(r->code);
    double best = kSameLine;
    std::size_t match = added.size();
    for (std::size_t i = 0; i < added.size(); ++i) {
      if (used[i] != 0) continue;
      const double like = likeness(before, tokens_of(added[i]->code));
      if (like <= best && !(like == best && match == added.size())) continue;
      best = like;
      match = i;
    }
    if (match == added.size()) continue;
    used[match] = 1;
    if (r->code != added[match]->code) edits.push_back({&hunk, r, added[match]});
  }
  return edits;
}

ChangeFact fact_of(const PreparedHunk& hunk, const SourceLine& line, const char* type, double strength) {
  ChangeFact fact;
  fact.type = type;
  fact.file = hunk.file;
  fact.hunk = hunk.hunk;
  fact.heading = hunk.heading;
  fact.line = line.line;
  fact.strength = strength;
  return fact;
}

/// True for what only turns or joins conditions: `!`, `&&` for `||`, `==` for `!=`, `not`.
bool only_turns(std::span<const Token> tokens) {
  std::string signs;
  for (const Token& t : tokens) {
    if (t.kind != TokenKind::kSign && t.text != "not" && t.text != "and" && t.text != "or") return false;
    if (t.kind == TokenKind::kSign) signs += t.text;
  }
  static constexpr std::array<string_view, 8> kTurns{"", "!", "&&", "||", "==", "!=", "===", "!=="};
  return std::find(kTurns.begin(), kTurns.end(), signs) != kTurns.end();
}

bool speaks(const Tokens& tokens) {
  static constexpr std::array<string_view, 14> kSpeaking{"log",    "logger", "Printf", "Println", "Errorf",
                                                         "printf", "print",  "error",  "Error",   "throw",
                                                         "raise",  "warn",   "info",   "debug"};
  return std::any_of(tokens.begin(), tokens.end(), [](const Token& t) {
    return t.kind == TokenKind::kName &&
           std::find(kSpeaking.begin(), kSpeaking.end(), t.text) != kSpeaking.end();
  });
}

bool is_condition(string_view code) {
  for (const string_view word :
       {"if ", "if(", "} else if", "elif ", "while ", "while(", "for ", "for(", "unless ", "when "}) {
    if (code.starts_with(word)) return true;
  }
  return code.find(" ? ") != string_view::npos || code.find("&&") != string_view::npos ||
         code.find("||") != string_view::npos || code.find(" == ") != string_view::npos ||
         code.find(" != ") != string_view::npos;
}

using Words = std::span<const Token>;

bool is_one_step(Words tokens) {
  return tokens.size() == 2 && tokens[0].kind == TokenKind::kSign &&
         (tokens[0].text == "+" || tokens[0].text == "-") && tokens[1].text == "1";
}

bool is_zero_or_one(Words tokens) {
  return tokens.size() == 1 && tokens[0].kind == TokenKind::kNumber &&
         (tokens[0].text == "0" || tokens[0].text == "1");
}

bool only_compares(Words tokens) {
  return std::all_of(tokens.begin(), tokens.end(),
                     [](const Token& t) { return t.kind == TokenKind::kSign && is_comparison_sign(t.text); });
}

/// `i < n` became `i <= n`, `end` became `end + 1`, `= 0` of a loop or an index became `= 1`.
bool moves_a_bound(Words out, Words in, string_view code) {
  if ((is_one_step(out) && in.empty()) || (is_one_step(in) && out.empty())) return true;
  if (is_zero_or_one(out) && is_zero_or_one(in))
    return code.starts_with("for") || code.find('[') != string_view::npos;
  return only_compares(out) && only_compares(in) && is_condition(code);
}

bool is_text(Words tokens) {
  return tokens.size() == 1 && tokens[0].kind == TokenKind::kText;
}

/// What an edit of one line does, by the words that differ.
void tell_edit(const Edit& edit, std::vector<ChangeFact>& facts) {
  const Tokens before = tokens_of(edit.before->code);
  const Tokens after = tokens_of(edit.after->code);
  if (before.size() > kLongestEdit || after.size() > kLongestEdit) return;
  const Difference d = difference(before, after);
  const Words out(d.out);
  const Words in(d.in);
  const std::size_t differing = out.size() + in.size();
  if (differing == 0 || differing > kMostDiffering) return;
  const bool conditions = is_condition(edit.before->code) || is_condition(edit.after->code);
  ChangeFact fact = fact_of(*edit.hunk, *edit.after, "", kSure);
  fact.before = edit.before->code;
  fact.after = edit.after->code;
  if (moves_a_bound(out, in, edit.after->code)) {
    fact.type = "change.bound.changed";
  } else if (conditions && only_turns(out) && only_turns(in)) {
    fact.type = "change.condition.changed";
  } else if (is_condition(edit.before->code) && is_condition(edit.after->code) &&
             !edit.after->code.starts_with("for")) {
    fact.type = "change.condition.changed";
    fact.strength = kLikely;
  } else if (is_text(out) && is_text(in) && !speaks(after)) {
    fact.type = "change.text.changed";
    fact.strength = kLikely;
    fact.symbol = std::string(out[0].text);
  } else if (in.empty() && out.size() >= 2 && (out.front().text == "," || out.back().text == ",")) {
    fact.type = "change.argument.removed";
    fact.strength = kLikely;
    fact.symbol = text_of(out);
  }
  if (!fact.type.empty()) facts.push_back(std::move(fact));
}

/// A line that is one call and nothing else: `registry.register(handler);`, `await cache.warm()`. Gives the
/// name of the function, or nothing.
string_view called_by(string_view code) {
  const Tokens tokens = tokens_of(code);
  std::size_t at = 0;
  static constexpr std::array<string_view, 10> kBefore{"await", "go",     "defer", "_",    "=",
                                                       ":",     "return", "err",   "this", "new"};
  // Words of the language, and what only gives another view of a collection.
  static constexpr std::array<string_view, 27> kNoCalls{
      "if",  "for",   "while", "switch", "catch",  "func",   "function", "return",  "super",
      "def", "elif",  "make",  "append", "stream", "filter", "map",      "toList",  "collect",
      "let", "const", "var",   "val",    "match",  "unless", "throw",    "foreach", "new"};
  while (at < tokens.size() && std::find(kBefore.begin(), kBefore.end(), tokens[at].text) != kBefore.end() &&
         tokens[at].text != "this")
    ++at;
  string_view name;
  while (at < tokens.size() && tokens[at].kind == TokenKind::kName) {
    name = tokens[at].text;
    ++at;
    if (at < tokens.size() && (tokens[at].text == "." || tokens[at].text == ":")) {
      while (at < tokens.size() && (tokens[at].text == "." || tokens[at].text == ":")) ++at;
      continue;
    }
    break;
  }
  if (name.empty() || at >= tokens.size() || tokens[at].text != "(" ||
      std::find(kNoCalls.begin(), kNoCalls.end(), name) != kNoCalls.end())
    return {};
  const string_view last = tokens.back().text;
  if (last == ";" ? tokens.size() < 2 || tokens[tokens.size() - 2].text != ")" : last != ")") return {};
  return name;
}

/// A line that begins the definition of a function, in the languages that have a word for it.
bool opens_function(string_view code) {
  static constexpr std::array<string_view, 6> kWords{"def ", "func ", "function ", "fun ", "fn ", "sub "};
  return std::any_of(kWords.begin(), kWords.end(), [&](string_view word) {
    const std::size_t at = code.find(word);
    return at == 0 || (at != string_view::npos && code[at - 1] == ' ');
  });
}

/// Whether a side defines the function itself: then calling it is no more than another layout.
bool defines(string_view code, string_view name) {
  const std::string head = " " + std::string(name) + "(";
  while (!code.empty()) {
    const string_view line = code.substr(0, code.find('\n'));
    if (opens_function(line) && line.find(head) != string_view::npos) return true;
    code.remove_prefix(std::min(line.size() + 1, code.size()));
  }
  return false;
}

/// Statements that are one call and that one side has and the other has nowhere. A call that only goes by
/// another name now (of another library, say) still names the same thing.
void tell_calls(const std::vector<PreparedHunk>& hunks, std::vector<ChangeFact>& facts) {
  std::string everything[2];  // code of each side
  for (const PreparedHunk& hunk : hunks) {
    for (const SourceLine& line : hunk.lines) {
      if (line.kind != LineKind::kContext)
        everything[line.kind == LineKind::kAdded ? 1 : 0] += line.code + "\n";
    }
  }
  std::size_t told = 0;
  for (const PreparedHunk& hunk : hunks) {
    if (hunk.role != FileRole::kCode) continue;
    for (const SourceLine& line : hunk.lines) {
      if (line.kind == LineKind::kContext || line.code.empty() || told >= kMostCalls) continue;
      const string_view name = called_by(line.code);
      if (name.empty() || only_tells(line.code)) continue;
      const bool added = line.kind == LineKind::kAdded;
      // What is given back in another way now is no step that was left out.
      if (!added && line.code.starts_with("return")) continue;
      const std::string& other = everything[added ? 0 : 1];
      if (other.find(std::string(name) + "(") != std::string::npos) continue;
      if (defines(everything[added ? 1 : 0], name)) continue;
      if (const string_view named = quoted_name(line.code);
          !named.empty() && other.find(named) != std::string::npos)
        continue;
      ChangeFact fact =
          fact_of(hunk, line, added ? "change.call.added" : "change.call.removed", added ? 0.4 : 0.8);
      (added ? fact.after : fact.before) = line.code;
      fact.symbol = std::string(name);
      facts.push_back(std::move(fact));
      ++told;
    }
  }
}

/// The words of each side, in the order of the diff.
struct Sides {
  std::vector<Token> removed;
  std::vector<Token> added;
};

Sides sides_of(const std::vector<PreparedHunk>& hunks) {
  Sides sides;
  for (const PreparedHunk& hunk : hunks) {
    for (const SourceLine& line : hunk.lines) {
      if (line.kind == LineKind::kContext) continue;
      auto& side = line.kind == LineKind::kAdded ? sides.added : sides.removed;
      const Tokens tokens = tokens_of(line.code);
      side.insert(side.end(), tokens.begin(), tokens.end());
    }
  }
  return sides;
}

bool is_import(string_view code) {
  for (const string_view word :
       {"import", "from ", "use ", "using ", "#include", "require", "\"", "'", "package ", ")", "("}) {
    if (code.starts_with(word)) return true;
  }
  return code.empty();
}

/// The same lines on both sides; in another order only where they are imports or configuration.
bool only_order(const std::vector<PreparedHunk>& hunks) {
  std::multiset<string_view> removed;
  std::multiset<string_view> added;
  bool ordered = false;
  for (const PreparedHunk& hunk : hunks) {
    for (const SourceLine& line : hunk.lines) {
      if (line.kind == LineKind::kContext || line.code.empty()) continue;
      (line.kind == LineKind::kAdded ? added : removed).insert(line.code);
      ordered = ordered || (hunk.role == FileRole::kCode && !is_import(line.code));
    }
  }
  return removed == added && !ordered;
}

/// True where a line now stands below an exit that it stood above.
bool leaves_something_out(const std::vector<PreparedHunk>& hunks) {
  for (const PreparedHunk& hunk : hunks) {
    for (std::size_t from = 0; from < hunk.lines.size(); ++from) {
      if (hunk.lines[from].kind != LineKind::kRemoved) continue;
      for (std::size_t to = from + 1; to < hunk.lines.size(); ++to) {
        if (moved_past_an_exit(hunk, from, to)) return true;
      }
    }
  }
  return false;
}

bool opens_block(string_view code) {
  return code.ends_with('{') || code.ends_with(':') || code.ends_with('(') || code.ends_with("do") ||
         code.ends_with("->") || code.ends_with("=>");
}

/// The line that stayed and that opens the block which a moved line now stands in, where it stood above it
/// before; null where no line moved so.
const SourceLine* entered_block(const PreparedHunk& hunk) {
  if (hunk.lines.size() > kMostLines) return nullptr;
  for (std::size_t from = 0; from < hunk.lines.size(); ++from) {
    const SourceLine& before = hunk.lines[from];
    if (before.kind != LineKind::kRemoved || before.code.size() < kTellingLine) continue;
    const SourceLine* opened = nullptr;
    for (std::size_t to = from + 1; to < hunk.lines.size(); ++to) {
      const SourceLine& line = hunk.lines[to];
      if (line.kind == LineKind::kContext && opens_block(line.code)) opened = &line;
      if (opened != nullptr && line.kind == LineKind::kAdded && line.code == before.code &&
          line.indent > before.indent && line.indent > opened->indent)
        return opened;
    }
  }
  return nullptr;
}

bool enters_a_block(const std::vector<PreparedHunk>& hunks) {
  return std::any_of(hunks.begin(), hunks.end(),
                     [](const PreparedHunk& hunk) { return entered_block(hunk) != nullptr; });
}

/// What moved into a transaction or under a lock holds it for as long as it takes.
void tell_entered_blocks(const PreparedHunk& hunk, std::vector<ChangeFact>& facts) {
  const SourceLine* block = entered_block(hunk);
  if (block == nullptr) return;
  const auto names = [&](std::initializer_list<string_view> words) {
    const auto found = knowledge::name_words(block->code);
    return std::any_of(words.begin(), words.end(), [&](string_view word) {
      return std::find(found.begin(), found.end(), word) != found.end();
    });
  };
  ChangeFact fact = fact_of(hunk, *block, "", kSure);
  if (names({"tx", "transaction", "transactional", "atomic", "begin", "txn"})) {
    fact.type = "change.transaction.widened";
  } else if (names({"lock", "locked", "mutex", "synchronized", "semaphore"})) {
    fact.type = "change.lock.held_over_io";
    fact.strength = kLikely;
  }
  if (fact.type.empty()) return;
  fact.after = block->code;
  facts.push_back(std::move(fact));
}

/// True where the new side gives the name to something: `ctx := …`, `let total = …`, a parameter's
/// declaration.
bool is_declared(const std::vector<Token>& tokens, string_view name) {
  static constexpr std::array<string_view, 9> kBefore{"var",   "let", "const", "val", "auto",
                                                      "final", "for", "def",   "as"};
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].text != name) continue;
    if (i > 0 && std::find(kBefore.begin(), kBefore.end(), tokens[i - 1].text) != kBefore.end()) return true;
    const bool assigned = i + 1 < tokens.size() && (tokens[i + 1].text == "=" || tokens[i + 1].text == ":");
    if (assigned && !(i + 2 < tokens.size() && tokens[i + 1].text == "=" && tokens[i + 2].text == "="))
      return true;
  }
  return false;
}

/// In files that describe what travels between programs, every name is a promise.
bool is_schema(string_view path) {
  return path.ends_with(".proto") || path.ends_with(".graphql") || path.ends_with(".avsc") ||
         path.ends_with(".thrift") || path.ends_with(".avdl");
}

/// Local names that stand for each other throughout: they begin small, are no member and no function, and the
/// new side declares them.
bool only_names(const Sides& sides) {
  if (sides.removed.size() != sides.added.size()) return false;
  std::map<string_view, string_view> forth;
  std::map<string_view, string_view> back;
  for (std::size_t i = 0; i < sides.removed.size(); ++i) {
    const Token& a = sides.removed[i];
    const Token& b = sides.added[i];
    if (a.kind != b.kind) return false;
    if (a.kind != TokenKind::kName) {
      if (a.text != b.text) return false;
      continue;
    }
    const auto [f, new_forth] = forth.emplace(a.text, b.text);
    const auto [g, new_back] = back.emplace(b.text, a.text);
    if (f->second != b.text || g->second != a.text) return false;
    if (a.text == b.text) continue;
    const bool member = i > 0 && sides.removed[i - 1].text == ".";
    const bool called = i + 1 < sides.removed.size() && sides.removed[i + 1].text == "(";
    const bool local = std::islower(static_cast<unsigned char>(a.text.front())) != 0 &&
                       std::islower(static_cast<unsigned char>(b.text.front())) != 0;
    if (member || called || !local || !is_declared(sides.added, b.text)) return false;
  }
  return true;
}

/// Whether all that is new beside the moved lines is the head of a function and the call of it.
bool only_extracts(const std::multiset<string_view>& fresh) {
  std::string code;
  for (const string_view line : fresh) code.append(line) += '\n';
  return std::all_of(fresh.begin(), fresh.end(), [&](string_view line) {
    const string_view name = called_by(line);
    return name.empty() ? opens_function(line) : defines(code, name);
  });
}

/// The removed lines stand among the added ones, which hold little more than what a new function needs.
bool only_moved(const std::vector<PreparedHunk>& hunks, const Sides& sides) {
  std::multiset<string_view> there;
  std::vector<string_view> removed;
  for (const PreparedHunk& hunk : hunks) {
    for (const SourceLine& line : hunk.lines) {
      if (line.code.size() < kTellingLine || line.kind == LineKind::kContext) continue;
      if (line.kind == LineKind::kAdded) {
        there.insert(line.code);
      } else {
        removed.emplace_back(line.code);
      }
    }
  }
  std::size_t found = 0;
  for (const string_view line : removed) {
    const auto at = there.find(line);
    if (at == there.end()) continue;
    there.erase(at);
    ++found;
  }
  if (found == removed.size() && found >= kExtractedLines && only_extracts(there)) return true;
  if (!there.empty() && found < kMovedLines) return false;
  const auto before = static_cast<double>(sides.removed.size());
  return found > 0 && static_cast<double>(found) >= kMovedShare * static_cast<double>(removed.size()) &&
         static_cast<double>(sides.added.size()) <= (1 + kMovedGrowth) * before + kMovedTokens;
}

/// Every line that changes something only logs or counts; lines of signs alone close what others opened.
bool only_telling(const std::vector<PreparedHunk>& hunks) {
  for (const PreparedHunk& hunk : hunks) {
    for (const SourceLine& line : hunk.lines) {
      if (line.kind == LineKind::kContext || only_tells(line.code)) continue;
      const Tokens tokens = tokens_of(line.code);
      const bool signs = std::all_of(tokens.begin(), tokens.end(),
                                     [](const Token& t) { return t.kind == TokenKind::kSign; });
      if (!signs) return false;
    }
  }
  return true;
}

}  // namespace

const char* to_string(Harmless reason) {
  switch (reason) {
    case Harmless::kNo:
      return "";
    case Harmless::kUnread:
      return "unread";
    case Harmless::kInertFiles:
      return "inert_files";
    case Harmless::kOtherEnvironment:
      return "other_environment";
    case Harmless::kComments:
      return "comments";
    case Harmless::kFormatting:
      return "formatting";
    case Harmless::kNames:
      return "names";
    case Harmless::kMoved:
      return "moved";
    case Harmless::kTelling:
      return "telling";
  }
  return "";
}

std::vector<ChangeFact> edit_facts(const std::vector<PreparedHunk>& hunks) {
  std::vector<ChangeFact> facts;
  for (const PreparedHunk& hunk : hunks) {
    if (hunk.role != FileRole::kCode) continue;
    for (const Edit& edit : edits_of(hunk)) tell_edit(edit, facts);
    tell_entered_blocks(hunk, facts);
  }
  tell_calls(hunks, facts);
  return facts;
}

Harmless without_effect(const std::vector<PreparedHunk>& hunks) {
  bool any = false;
  bool only_code = true;
  for (const PreparedHunk& hunk : hunks) {
    only_code = only_code && hunk.role == FileRole::kCode && !is_schema(hunk.file);
    for (const SourceLine& line : hunk.lines)
      any = any || (line.kind != LineKind::kContext && !line.code.empty());
  }
  if (!any) return Harmless::kComments;
  const Sides sides = sides_of(hunks);
  const bool identical = sides.removed.size() == sides.added.size() &&
                         std::equal(sides.removed.begin(), sides.removed.end(), sides.added.begin());
  const bool left_out = leaves_something_out(hunks) || enters_a_block(hunks);
  if ((identical && !left_out) || only_order(hunks)) return Harmless::kFormatting;
  if (only_code && !left_out && only_names(sides)) return Harmless::kNames;
  if (!left_out && only_moved(hunks, sides)) return Harmless::kMoved;
  if (only_code && only_telling(hunks)) return Harmless::kTelling;
  return Harmless::kNo;
}

}  // namespace midwatch::observe::changes
