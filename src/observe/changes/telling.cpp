#include "src/observe/changes/telling.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/ascii.h"

namespace midwatch::observe::changes {
namespace {

using std::string_view;
using Tokens = std::vector<Token>;

/// Each line is held against each: hunks of more lines are no change that a person made by hand.
constexpr std::size_t kMostLines = 1000;

bool is_sign(const Tokens& tokens, std::size_t at, string_view sign) {
  return at < tokens.size() && tokens[at].kind == TokenKind::kSign && tokens[at].text == sign;
}

bool makes_error(const Tokens& tokens) {
  return std::any_of(tokens.begin(), tokens.end(), [](const Token& t) {
    if (t.kind != TokenKind::kName) return false;
    const std::string name = base::to_lower(t.text);
    static constexpr std::array<string_view, 6> kAnswers{"deny", "reject", "refuse",
                                                         "fail", "abort",  "problem"};
    if (std::find(kAnswers.begin(), kAnswers.end(), name) != kAnswers.end()) return true;
    return name.ends_with("error") || name.ends_with("errorf") || name.ends_with("exception") ||
           name == "err";
  });
}

/// What fills a text in: fmt.Sprintf("…", x), String.format("…", x), f"…".
bool fills_in(const Token& token) {
  static constexpr std::array<string_view, 8> kFilling{"(",   ".",      "$",      "f",
                                                       "fmt", "string", "format", "sprintf"};
  return std::find(kFilling.begin(), kFilling.end(), base::to_lower(token.text)) != kFilling.end();
}

/// How many words say which error is made: of a statement that raises it all up to its arguments, of others
/// all up to the first text, without what fills that in. 0 where no error is made.
std::size_t head_of(const Tokens& tokens) {
  const bool raises = !tokens.empty() && is_raise(tokens.front());
  if (!raises && !makes_error(tokens)) return 0;
  const auto end = std::find_if(tokens.begin(), tokens.end(), [&](const Token& t) {
    return raises ? t.kind == TokenKind::kSign && t.text == "(" : t.kind == TokenKind::kText;
  });
  if (end == tokens.end()) return 0;
  auto head = static_cast<std::size_t>(end - tokens.begin());
  while (!raises && head > 0 && fills_in(tokens[head - 1])) --head;
  return head;
}

/// Several words of a language, and nothing that a program reads (a query, a path, a pattern).
bool is_sentence(string_view text) {
  constexpr std::size_t kLeastWords = 2;
  static constexpr std::array<string_view, 8> kNoPeople{"SELECT", "INSERT", "UPDATE", "DELETE",
                                                        "FROM",   "WHERE",  "ORDER",  "SET"};
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
    if (!letter && string_view(" ,.'!?-").find(c) == string_view::npos) return false;
    if (letter && !inside) ++words;
    inside = letter || (inside && c != ' ');
  }
  return words >= kLeastWords && std::none_of(kNoPeople.begin(), kNoPeople.end(), [&](string_view word) {
           return text.find(word) != string_view::npos;
         });
}

/// The same line but for one sentence.
bool is_rephrased(const Tokens& before, const Tokens& after) {
  if (before.size() != after.size()) return false;
  std::size_t differing = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    const bool texts = before[i].kind == TokenKind::kText && after[i].kind == TokenKind::kText;
    if (!texts || !is_sentence(before[i].text) || !is_sentence(after[i].text)) return false;
    ++differing;
  }
  return differing == 1;
}

/// `throw new Invalid("amount")` and `throw new Invalid("amount of line " + i)`.
bool is_reworded(const Tokens& before, const Tokens& after) {
  const std::size_t head = head_of(before);
  return head > 0 && head == head_of(after) &&
         std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(head), after.begin());
}

bool says_it_otherwise(const Tokens& before, const Tokens& after) {
  return is_reworded(before, after) || is_rephrased(before, after);
}

/// The local names that a line gives a value: `let (_, conn) = …`, `size := …`, `total = …`. Nothing for a
/// member or an element, or where a call with arguments makes the value.
std::vector<std::string> bound_by(const Tokens& tokens) {
  std::size_t equal = 0;
  while (equal < tokens.size() && !is_sign(tokens, equal, "=")) ++equal;
  if (equal == 0 || equal >= tokens.size() || is_sign(tokens, equal + 1, "=") ||
      is_sign(tokens, equal + 1, ">"))
    return {};
  static constexpr std::array<string_view, 7> kNoNames{"let", "const", "var", "val", "auto", "mut", "_"};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < equal; ++i) {
    if (is_sign(tokens, i, ".") || is_sign(tokens, i, "[") || is_sign(tokens, i, "!") ||
        is_sign(tokens, i, "<") || is_sign(tokens, i, ">"))
      return {};
    const bool last_of_its_part = i + 1 == equal || tokens[i + 1].kind == TokenKind::kSign;
    if (tokens[i].kind == TokenKind::kName && last_of_its_part &&
        std::find(kNoNames.begin(), kNoNames.end(), tokens[i].text) == kNoNames.end())
      names.emplace_back(tokens[i].text);
  }
  for (std::size_t i = equal; i < tokens.size(); ++i) {
    if (is_sign(tokens, i, "(") && !is_sign(tokens, i + 1, ")")) return {};
  }
  return names;
}

bool uses(const Tokens& tokens, string_view name) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) {
    // Texts that are filled in name what they take: `${conn.id}`, "{conn}".
    return t.kind == TokenKind::kText ? t.text.find(name) != string_view::npos : t.text == name;
  });
}

class Quieting {
 public:
  explicit Quieting(PreparedHunk& hunk) : hunk_(hunk) {
    for (const SourceLine& line : hunk.lines) tokens_.push_back(tokens_of(line.code));
  }

  bool run() {
    std::vector<std::size_t> quiet = reworded();
    for (const LineKind side : {LineKind::kRemoved, LineKind::kAdded}) {
      for (std::size_t i = 0; i < hunk_.lines.size(); ++i) {
        if (hunk_.lines[i].kind == side && only_feeds_telling(i)) quiet.push_back(i);
      }
    }
    for (const std::size_t i : quiet) hunk_.lines[i].code.clear();
    return !quiet.empty();
  }

 private:
  std::vector<std::size_t> reworded() const {
    std::vector<std::size_t> quiet;
    std::vector<char> used(hunk_.lines.size(), 0);
    for (std::size_t r = 0; r < hunk_.lines.size(); ++r) {
      if (hunk_.lines[r].kind != LineKind::kRemoved) continue;
      for (std::size_t a = 0; a < hunk_.lines.size(); ++a) {
        if (hunk_.lines[a].kind != LineKind::kAdded || used[a] != 0 ||
            !says_it_otherwise(tokens_[r], tokens_[a]))
          continue;
        used[a] = 1;
        quiet.push_back(r);
        quiet.push_back(a);
        break;
      }
    }
    return quiet;
  }

  bool only_feeds_telling(std::size_t at) const {
    const std::vector<std::string> names = bound_by(tokens_[at]);
    return !names.empty() && std::all_of(names.begin(), names.end(),
                                         [&](const std::string& name) { return is_only_told(name, at); });
  }

  bool is_only_told(const std::string& name, std::size_t bound) const {
    bool told = false;
    for (std::size_t i = 0; i < hunk_.lines.size(); ++i) {
      const SourceLine& line = hunk_.lines[i];
      const bool same_side = line.kind == hunk_.lines[bound].kind || line.kind == LineKind::kContext;
      if (i == bound || !same_side || !uses(tokens_[i], name)) continue;
      if (!only_tells(line.code)) return false;
      told = true;
    }
    return told;
  }

  PreparedHunk& hunk_;
  std::vector<Tokens> tokens_;
};

}  // namespace

bool quiet_what_only_tells(PreparedHunk& hunk) {
  if (hunk.role != FileRole::kCode || hunk.lines.size() > kMostLines) return false;
  return Quieting(hunk).run();
}

}  // namespace midwatch::observe::changes
