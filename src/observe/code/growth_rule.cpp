#include <algorithm>
#include <array>
#include <map>

#include "src/observe/code/rules.h"

namespace midwatch::observe::code {
namespace {

/// A loop that runs so often fills a memory with what it keeps.
constexpr double kManyTimes = 1000;
/// One piece of so many bytes or elements fills it in few.
constexpr double kLargePiece = 100'000;
constexpr std::size_t kNearTokens = 200;
constexpr int kLoopsAround = 8;
/// Places of one file that are looked at closely; no file that somebody wrote has more.
constexpr std::size_t kMostJudged = 2000;

constexpr std::array<std::string_view, 8> kAdding{"push",   "append",  "add",    "set",
                                                  "extend", "unshift", "insert", "update"};
constexpr std::array<std::string_view, 9> kRemoving{"clear",   "delete",  "splice", "shift",  "pop",
                                                    "popitem", "popleft", "remove", "discard"};
/// Names under which functions get what somebody sent.
constexpr std::array<std::string_view, 12> kInputs{"event",   "evt",     "request", "req",
                                                   "message", "msg",     "payload", "body",
                                                   "input",   "records", "data",    "items"};
constexpr std::array<std::string_view, 6> kMakers{"Map", "Set", "Array", "list", "dict", "set"};
constexpr std::array<std::string_view, 5> kLargeMakers{"alloc", "Array", "repeat", "bytearray",
                                                       "allocUnsafe"};

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// A collection that the file makes: at which token, and what happens to it.
struct Collection {
  std::size_t made = kNone;
  bool several = false;  ///< made at more than one place: emptied, or two of the same name
  bool shrinks = false;
  std::vector<std::size_t> grows;
};

class Growth {
 public:
  Growth(const Code& code, const Source& source) : code_(code), s_(source) {}

  void find(std::vector<Finding>& out) {
    taint();
    note_collections();
    for (const auto& [name, collection] : collections_) {
      if (collection.made == kNone || collection.several || collection.shrinks) continue;
      for (const std::size_t at : collection.grows) {
        if (judged_++ >= kMostJudged) return;
        if (auto finding = judge(name, collection, at)) {
          out.push_back(*std::move(finding));
          break;
        }
      }
    }
  }

 private:
  std::optional<Finding> judge(std::string_view name, const Collection& collection, std::size_t at) const {
    const Scope& made = s_.scope_of(collection.made);
    Finding f{"code.growth.across_runs", &s_, at, 1};
    f.facts["collection"] = std::string(name);
    if (made.function == 0 && !s_.in_module(at)) return f;
    f.type = "code.growth.in_loop";
    f.size = 2;
    if (made.function == s_.scope_of(at).function && made.function == 0) return std::nullopt;
    std::size_t loop = s_.scope_of(at).loop;
    for (int step = 0; step < kLoopsAround && loop != kNone && loop != 0; ++step) {
      const Scope& around = s_.scopes[loop];
      if (around.begin <= collection.made) break;  // a new one in each turn
      if (around.function == made.function && fills(around, at)) return f;
      loop = s_.scopes[around.parent].loop;
    }
    return std::nullopt;
  }

  /// A loop whose length the input decides, that has no end of its own, or that is long; and that does not
  /// look at how much there is.
  bool fills(const Scope& loop, std::size_t at) const {
    const std::size_t end = std::min(loop.begin, loop.header + kNearTokens);
    bool endless = false;
    double most = 0;
    bool by_input = false;
    for (std::size_t i = loop.header; i < end; ++i) {
      const Token& t = s_.at(i);
      if (t.kind == TokenKind::kNumber) most = std::max(most, code_.values.number(s_, i, i + 1).value_or(0));
      if (t.kind != TokenKind::kName) continue;
      endless = endless || t.is("true") || t.is("True") || t.is("await");
      by_input = by_input || tainted_.contains(t.text);
      if (i + 1 < end && !s_.is(i + 1, "="))
        most = std::max(most, code_.values.number(s_, i, i + 1).value_or(0));
    }
    const bool is_while = loop.header > 0 && (s_.is(loop.header - 1, "while") || s_.is(loop.header, "while"));
    return by_input || endless || is_while || most >= kManyTimes || adds_large_piece(at);
  }

  /// "push(Buffer.alloc(1024 * 1024))", "append('x' * 1000000)".
  bool adds_large_piece(std::size_t at) const {
    const std::size_t end = s_.end_of_statement(at, kNearTokens);
    for (std::size_t i = at; i < end; ++i) {
      const bool maker = is_one_of(s_.at(i).text, kLargeMakers) && s_.is(i + 1, "(");
      if (maker && largest_in(i + 2, end) >= kLargePiece) return true;
      if (s_.at(i).kind == TokenKind::kString && s_.is(i + 1, "*") &&
          code_.values.number(s_, i + 2, end).value_or(0) >= kLargePiece)
        return true;
    }
    return false;
  }

  double largest_in(std::size_t from, std::size_t end) const {
    return code_.values.number(s_, from, end).value_or(0);
  }

  /// The names that hold what somebody sent, and what is made of them.
  void taint() {
    for (const Scope& scope : s_.scopes) {
      if (scope.kind != Scope::Kind::kFunction) continue;
      for (std::size_t i = scope.header; i < std::min(scope.begin, scope.header + kNearTokens); ++i) {
        if (s_.is_name(i) && is_one_of(s_.at(i).text, kInputs)) tainted_.insert(s_.at(i).text);
      }
    }
    for (std::size_t i = 1; i < s_.tokens.size(); ++i) {
      const bool assigns = s_.is(i, "=") || s_.is(i, "of") || s_.is(i, "in");
      if (!assigns || !holds_tainted(i + 1)) continue;
      const std::size_t last = i - 1;
      const std::size_t first =
          s_.partner[last] != kNone && s_.partner[last] < last ? s_.partner[last] : last;
      for (std::size_t k = first; k <= std::min(last, first + kNearTokens); ++k) {
        if (s_.is_name(k)) tainted_.insert(s_.at(k).text);
      }
    }
  }

  bool holds_tainted(std::size_t from) const {
    constexpr std::size_t kShort = 40;
    const std::size_t end = s_.end_of_statement(from, kShort);
    for (std::size_t i = from; i < end; ++i) {
      if (s_.is_name(i) && tainted_.contains(s_.at(i).text)) return true;
    }
    return false;
  }

  void note_collections() {
    for (std::size_t i = 0; i < s_.tokens.size(); ++i) {
      if (!s_.is_name(i)) continue;
      Collection* known = nullptr;
      if (const auto at = collections_.find(s_.at(i).text); at != collections_.end()) known = &at->second;
      if (is_made(i)) {
        Collection& made = collections_[s_.at(i).text];
        made.several = made.several || made.made != kNone;
        if (made.made == kNone) made.made = i;
      } else if (known != nullptr) {
        note_use(i, *known);
      }
    }
  }

  /// "x = []", "x = {}", "x = new Map(", "x = list(", "x: T[] = []".
  bool is_made(std::size_t i) const {
    std::size_t sign = i + 1;
    if (s_.is(sign, ":")) {
      const std::size_t end = std::min(sign + 8, s_.tokens.size());
      while (sign < end && !s_.is(sign, "=")) ++sign;
    }
    if (!s_.is(sign, "=") || (i > 0 && s_.is(i - 1, "."))) return false;
    std::size_t value = sign + 1;
    if (s_.is(value, "new")) ++value;
    if ((s_.is(value, "[") || s_.is(value, "{")) && s_.partner[value] != kNone)
      return s_.partner[value] <= value + kNearTokens;
    return s_.is_name(value) && is_one_of(s_.at(value).text, kMakers);
  }

  void note_use(std::size_t i, Collection& c) const {
    const bool member = s_.is(i + 1, ".");
    const std::string_view method = member ? s_.at(i + 2).text : std::string_view();
    if (member && is_one_of(method, kRemoving)) c.shrinks = true;
    // Whoever looks at the length may send on what is there.
    if (member && method == "length" && (s_.is(i + 3, "=") || is_compared(i + 3))) c.shrinks = true;
    if (i >= 2 && s_.is(i - 1, "(") && s_.is(i - 2, "len") && is_compared(i + 2)) c.shrinks = true;
    if (i > 0 && (s_.is(i - 1, "del") || s_.is(i - 1, "delete"))) c.shrinks = true;
    const bool assigned =
        s_.is(i + 1, "[") && s_.partner[i + 1] != kNone && s_.is(s_.partner[i + 1] + 1, "=");
    if (assigned || s_.is(i + 1, "+=") || (member && is_one_of(method, kAdding) && s_.is(i + 3, "(")))
      c.grows.push_back(i);
  }

  bool is_compared(std::size_t i) const {
    return s_.is(i, ">") || s_.is(i, ">=") || s_.is(i, "==") || s_.is(i, "===");
  }

  const Code& code_;
  const Source& s_;
  std::size_t judged_ = 0;
  std::set<std::string_view> tainted_;
  std::map<std::string_view, Collection> collections_;
};

}  // namespace

void find_growth(const Code& code, std::vector<Finding>& out) {
  for (const Source& source : code.sources) Growth(code, source).find(out);
}

}  // namespace midwatch::observe::code
