#include "src/observe/code/source.h"

#include <algorithm>
#include <array>
#include <optional>

#include "src/observe/code/tokenizer.h"

namespace midwatch::observe::code {
namespace {

/// An expression or a statement without braces goes on for so many tokens at most.
constexpr std::size_t kLongestStatement = 500;
/// A return type between ")" and "{".
constexpr std::size_t kLongestType = 24;
/// What a method is called on: "event.records.items".
constexpr std::size_t kLongestReceiver = 8;

constexpr std::array<std::string_view, 9> kJavaScript{".js",  ".mjs", ".cjs", ".ts", ".mts",
                                                      ".cts", ".jsx", ".tsx", ".es6"};
constexpr std::array<std::string_view, 6> kCallbackMethods{"forEach", "map",    "flatMap",
                                                           "reduce",  "filter", "each"};

bool opens(const Token& t) {
  return t.is("(") || t.is("[") || t.is("{");
}
bool closes(const Token& t) {
  return t.is(")") || t.is("]") || t.is("}");
}
bool fit(std::string_view open, std::string_view close) {
  return (open == "(" && close == ")") || (open == "[" && close == "]") || (open == "{" && close == "}");
}

std::vector<std::size_t> pair_brackets(const std::vector<Token>& tokens) {
  std::vector<std::size_t> partner(tokens.size(), kNone);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (opens(tokens[i])) {
      open.push_back(i);
    } else if (closes(tokens[i]) && !open.empty() && fit(tokens[open.back()].text, tokens[i].text)) {
      partner[i] = open.back();
      partner[open.back()] = i;
      open.pop_back();
    }
  }
  return partner;
}

/// Finds the scopes of a source whose tokens and brackets are known.
class Scoping {
 public:
  explicit Scoping(Source& source) : s_(source) {
    s_.scopes.push_back({});
    s_.scopes[0].end = s_.tokens.size();
    s_.scope.resize(s_.tokens.size(), 0);
    open_.push_back({0, 0});
  }

  void run() {
    for (std::size_t i = 0; i < s_.tokens.size(); ++i) {
      const std::size_t indent = s_.tokens[i].column;
      const bool new_line = s_.language == Language::kPython && s_.tokens[i].begins_line && depth_ == 0;
      while (open_.size() > 1 &&
             (s_.scopes[open_.back().scope].end <= i || (new_line && open_.back().indent >= indent))) {
        Scope& ended = s_.scopes[open_.back().scope];
        ended.end = std::min(ended.end, i);
        open_.pop_back();
      }
      // A header lies outside of what it begins.
      const Scope& innermost = s_.scopes[open_.back().scope];
      s_.scope[i] = innermost.begin > i ? innermost.parent : open_.back().scope;
      if (s_.language == Language::kPython) {
        if (opens(s_.tokens[i])) ++depth_;
        if (closes(s_.tokens[i]) && depth_ > 0) --depth_;
        if (new_line) python(i);
      } else {
        java_script(i);
      }
    }
  }

 private:
  struct Open {
    std::size_t scope;
    std::size_t indent;  ///< of the line that begins it, in Python
  };

  void begin(Scope::Kind kind, std::size_t header, std::size_t body, std::size_t end,
             std::size_t indent = 0) {
    if (body >= end) return;
    const std::size_t parent = open_.back().scope;
    const Scope& around = s_.scopes[parent];
    Scope scope;
    scope.kind = kind;
    scope.parent = parent;
    const std::size_t own = s_.scopes.size();
    const bool is_function = kind == Scope::Kind::kFunction;
    scope.function = is_function ? own : around.function;
    if (is_function) {
      scope.loop = around.kind == Scope::Kind::kCallback ? parent : kNone;
    } else {
      scope.loop = own;
    }
    scope.header = header;
    scope.begin = body;
    scope.end = std::min(end, around.end);
    s_.scopes.push_back(scope);
    open_.push_back({own, indent});
  }

  void java_script(std::size_t i) {
    const Token& t = s_.tokens[i];
    if (t.is("{")) {
      block(i);
    } else if (t.is("=>") && !s_.is(i + 1, "{")) {
      begin(Scope::Kind::kFunction, header_of_arrow(i), i + 1, s_.end_of_statement(i + 1, kLongestStatement));
    } else if (t.is(")") && s_.partner[i] != kNone && is_loop_word(before(s_.partner[i])) &&
               !s_.is(i + 1, "{") && !s_.is(i + 1, ";")) {
      begin(Scope::Kind::kLoop, s_.partner[i], i + 1, s_.end_of_statement(i + 1, kLongestStatement));
    } else if (t.is("(") && i >= 2 && s_.partner[i] != kNone && is_callback_method(i - 1)) {
      begin(Scope::Kind::kCallback, i - std::min(i, kLongestReceiver), i + 1, s_.partner[i]);
    }
  }

  void block(std::size_t i) {
    const std::size_t end = s_.partner[i] == kNone ? s_.tokens.size() : s_.partner[i];
    const std::size_t last = before(i);
    if (last == kNone) return;
    if (s_.is(last, "=>")) {
      begin(Scope::Kind::kFunction, header_of_arrow(last), i + 1, end);
    } else if (s_.is(last, "do")) {
      begin(Scope::Kind::kLoop, i, i + 1, end);
    } else if (const auto close = parameters_before(i)) {
      const std::size_t open = s_.partner[*close];
      const std::size_t word = before(open);
      if (is_loop_word(word)) {
        begin(Scope::Kind::kLoop, open, i + 1, end);
      } else if (word != kNone && !is_branch_word(word)) {
        begin(Scope::Kind::kFunction, open, i + 1, end);
      }
    }
  }

  /// The ")" of the parameters or the condition of a block, over a return type of TypeScript.
  std::optional<std::size_t> parameters_before(std::size_t i) const {
    for (std::size_t back = 1; back <= std::min(i, kLongestType); ++back) {
      const std::size_t at = i - back;
      if (s_.is(at, ")")) {
        const bool fits = s_.partner[at] != kNone && (back == 1 || s_.is(at + 1, ":"));
        return fits ? std::optional(at) : std::nullopt;
      }
      if (s_.is(at, ";") || s_.is(at, "{") || s_.is(at, "}") || s_.is(at, "=") || s_.is(at, ",")) break;
    }
    return std::nullopt;
  }

  std::size_t header_of_arrow(std::size_t arrow) const {
    const std::size_t last = before(arrow);
    if (last == kNone) return arrow;
    return s_.is(last, ")") && s_.partner[last] != kNone ? s_.partner[last] : last;
  }

  static std::size_t before(std::size_t i) { return i == 0 || i == kNone ? kNone : i - 1; }
  bool is_loop_word(std::size_t i) const {
    if (i == kNone) return false;
    return s_.is(i, "for") || s_.is(i, "while") || (s_.is(i, "await") && i > 0 && s_.is(i - 1, "for"));
  }
  bool is_branch_word(std::size_t i) const {
    return s_.is(i, "if") || s_.is(i, "switch") || s_.is(i, "catch") || s_.is(i, "with");
  }
  bool is_callback_method(std::size_t i) const {
    return (s_.is(i - 1, ".") || s_.is(i - 1, "?.")) &&
           std::find(kCallbackMethods.begin(), kCallbackMethods.end(), s_.tokens[i].text) !=
               kCallbackMethods.end();
  }

  void python(std::size_t i) {
    const std::size_t word = s_.is(i, "async") ? i + 1 : i;
    const bool function = s_.is(word, "def");
    if (!function && !s_.is(word, "for") && !s_.is(word, "while")) return;
    for (std::size_t k = word; k < std::min(word + kLongestStatement, s_.tokens.size()); ++k) {
      if (opens(s_.tokens[k]) && s_.partner[k] != kNone) {
        k = s_.partner[k];
      } else if (s_.is(k, ":")) {
        begin(function ? Scope::Kind::kFunction : Scope::Kind::kLoop, word, k + 1, s_.tokens.size(),
              s_.tokens[i].column);
        return;
      }
    }
  }

  Source& s_;
  std::vector<Open> open_;
  std::size_t depth_ = 0;
};

/// Where a line of so many bytes is shown as a whole; a generated one is longer.
constexpr std::size_t kLongestLine = 400;

}  // namespace

Language language_of(std::string_view path) {
  if (path.ends_with(".py")) return Language::kPython;
  const bool script = std::any_of(kJavaScript.begin(), kJavaScript.end(),
                                  [&](std::string_view ending) { return path.ends_with(ending); });
  return script ? Language::kJavaScript : Language::kOther;
}

const Token& Source::at(std::size_t i) const {
  static constexpr Token kBeyond{};
  return i < tokens.size() ? tokens[i] : kBeyond;
}

std::size_t Source::end_of_statement(std::size_t i, std::size_t most) const {
  const std::size_t end = std::min(tokens.size(), i + most);
  for (std::size_t k = i; k < end; ++k) {
    if (opens(tokens[k]) && partner[k] != kNone) {
      k = partner[k];
      // A block ends a statement that has no semicolon.
      if (tokens[k].is("}") && at(k + 1).begins_line) return k + 1;
    } else if (closes(tokens[k]) || tokens[k].is(";") || tokens[k].is(",") ||
               (language == Language::kPython && k > i && tokens[k].begins_line)) {
      return k;
    }
  }
  return end;
}

Source read_source(const SourceFile& file, std::size_t most) {
  Source source;
  source.file = file;
  source.language = language_of(file.path);
  if (source.language == Language::kOther) return source;
  most = std::min(most, kMostTokens);
  source.tokens = tokenize(file.content, source.language, most);
  source.whole = source.tokens.size() < most;
  source.partner = pair_brackets(source.tokens);
  Scoping(source).run();
  return source;
}

std::string_view inner_text(const Token& string) {
  std::string_view text = string.text;
  const std::size_t quote = text.find_first_of("\"'`");
  if (quote == std::string_view::npos) return {};
  constexpr std::string_view kTriple[] = {"\"\"\"", "'''"};
  std::size_t width = 1;
  for (const std::string_view triple : kTriple) {
    if (text.substr(quote).starts_with(triple) && text.size() >= quote + 2 * triple.size())
      width = triple.size();
  }
  text.remove_prefix(quote + width);
  text.remove_suffix(std::min(text.size(), width));
  return text;
}

std::string_view line_of(std::string_view content, std::size_t line) {
  return lines_around(content, line, 0);
}

std::string_view lines_around(std::string_view content, std::size_t line, std::size_t around) {
  if (line == 0) return {};
  const std::size_t first = line > around ? line - around : 1;
  std::size_t from = 0;
  for (std::size_t n = 1; n < first; ++n) {
    from = content.find('\n', from);
    if (from == std::string_view::npos) return {};
    ++from;
  }
  std::size_t to = from;
  for (std::size_t n = first; n <= line + around; ++n) {
    const std::size_t end = std::min(content.find('\n', to), content.size());
    if (n != line && end - to > kLongestLine) {
      if (n > line) break;
      from = std::min(end + 1, content.size());  // begins after a line that nobody wrote
    }
    to = end;
    if (to == content.size() || n == line + around) break;
    ++to;
  }
  std::string_view text = content.substr(from, to - from);
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace midwatch::observe::code
