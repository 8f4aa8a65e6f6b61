#include "src/observe/code/tokenizer.h"

#include <algorithm>
#include <array>

namespace midwatch::observe::code {
namespace {

constexpr std::array<std::string_view, 21> kLongSigns{"===", "!==", "...", "**=", "||=", "&&=", "=>",
                                                      "==",  "!=",  "<=",  ">=",  "&&",  "||",  "??",
                                                      "?.",  "+=",  "-=",  "++",  "--",  "**",  ":="};
/// After these, a slash begins a regular expression.
constexpr std::array<std::string_view, 12> kBeforeRegex{
    "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "await", "yield", "else"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Tokenizer {
 public:
  Tokenizer(std::string_view text, Language language, std::size_t most)
      : text_(text), python_(language == Language::kPython), most_(most) {}

  std::vector<Token> run() {
    if (text_.starts_with("#!")) skip_line();
    while (at_ < text_.size() && tokens_.size() < most_) step();
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool follows(std::string_view wanted) const { return text_.substr(at_).starts_with(wanted); }

  void step() {
    const char c = peek();
    if (c == '\n' || c == ' ' || c == '\t' || c == '\r') {
      advance(1);
    } else if (python_ ? c == '#' : follows("//")) {
      skip_line();
    } else if (!python_ && follows("/*")) {
      const std::size_t end = text_.find("*/", at_ + 2);
      advance((end == std::string_view::npos ? text_.size() : end + 2) - at_);
    } else if (is_letter(c)) {
      word();
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number();
    } else if (c == '"' || c == '\'' || (c == '`' && !python_)) {
      add(TokenKind::kString, string_length(at_));
    } else if (c == '/' && !python_ && regex_may_begin()) {
      add(TokenKind::kString, regex_length());
    } else {
      const auto* sign =
          std::find_if(kLongSigns.begin(), kLongSigns.end(), [&](auto s) { return follows(s); });
      const bool conditional = sign != kLongSigns.end() && *sign == "?." && is_digit(peek(2));
      add(TokenKind::kSign, sign == kLongSigns.end() || conditional ? 1 : sign->size());
    }
  }

  void word() {
    std::size_t length = 1;
    while (is_letter(peek(length)) || is_digit(peek(length))) ++length;
    // f"…", rb'…': the letters belong to the string.
    const char next = peek(length);
    if (python_ && length <= 2 && (next == '"' || next == '\'')) {
      add(TokenKind::kString, length + string_length(at_ + length));
    } else {
      add(TokenKind::kName, length);
    }
  }

  void number() {
    std::size_t length = 1;
    while (true) {
      const char c = peek(length);
      const bool exponent_sign = (c == '-' || c == '+') &&
                                 (peek(length - 1) == 'e' || peek(length - 1) == 'E') && !follows("0x") &&
                                 !follows("0X");
      if (!is_letter(c) && !is_digit(c) && c != '.' && !exponent_sign) break;
      ++length;
    }
    add(TokenKind::kNumber, length);
  }

  /// A slash divides after a value, else it begins a regular expression.
  bool regex_may_begin() const {
    if (tokens_.empty()) return true;
    const Token& last = tokens_.back();
    if (last.kind == TokenKind::kName)
      return std::find(kBeforeRegex.begin(), kBeforeRegex.end(), last.text) != kBeforeRegex.end();
    return last.kind == TokenKind::kSign && last.text != ")" && last.text != "]" && last.text != "}";
  }

  std::size_t regex_length() const {
    constexpr std::size_t kLongest = 2000;  // so that many slashes on one line cost no more than the line
    const std::size_t end = std::min(at_ + kLongest, text_.size());
    bool in_class = false;
    for (std::size_t i = at_ + 1; i < end && text_[i] != '\n'; ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '[') {
        in_class = true;
      } else if (text_[i] == ']') {
        in_class = false;
      } else if (text_[i] == '/' && !in_class) {
        return i + 1 - at_;
      }
    }
    return 1;
  }

  /// Of a string that begins at `from`; one that does not end on its line ends with it.
  std::size_t string_length(std::size_t from) const {
    const char quote = text_[from];
    if (quote == '`') return template_length(from);
    const std::string_view rest = text_.substr(from);
    constexpr std::size_t kTriple = 3;
    if (python_ && rest.size() >= kTriple && rest[1] == quote && rest[2] == quote) {
      for (std::size_t i = kTriple; i < rest.size(); ++i) {
        if (rest[i] == '\\') {
          ++i;
        } else if (rest.substr(i).starts_with(rest.substr(0, kTriple))) {
          return i + kTriple;
        }
      }
      return rest.size();
    }
    for (std::size_t i = 1; i < rest.size() && rest[i] != '\n'; ++i) {
      if (rest[i] == '\\') {
        ++i;
      } else if (rest[i] == quote) {
        return i + 1;
      }
    }
    return std::min(rest.find('\n'), rest.size());
  }

  /// `…${ … }…`, with templates inside of templates.
  std::size_t template_length(std::size_t from) const {
    std::vector<std::size_t> braces;  // open ones of each template that is not closed yet
    braces.push_back(0);
    for (std::size_t i = from + 1; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '\\') {
        ++i;
      } else if (braces.back() == 0) {
        if (c == '`') {
          braces.pop_back();
          if (braces.empty()) return i + 1 - from;
        } else if (c == '$' && i + 1 < text_.size() && text_[i + 1] == '{') {
          braces.back() = 1;
          ++i;
        }
      } else if (c == '{') {
        ++braces.back();
      } else if (c == '}') {
        --braces.back();
      } else if (c == '`') {
        braces.push_back(0);
      }
    }
    return text_.size() - from;
  }

  void add(TokenKind kind, std::size_t length) {
    tokens_.push_back({kind, text_.substr(at_, length), line_, column_, !seen_on_line_});
    seen_on_line_ = true;
    advance(length);
  }

  void skip_line() { advance(std::min(text_.find('\n', at_), text_.size()) - at_); }

  void advance(std::size_t length) {
    const std::size_t end = std::min(at_ + length, text_.size());
    for (; at_ < end; ++at_) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '\n') {
        ++line_;
        column_ = 1;
        seen_on_line_ = false;
      } else if ((c & 0xC0U) != 0x80U) {
        ++column_;  // what goes on with a character is none of its own
      }
    }
  }

  std::string_view text_;
  bool python_;
  std::size_t most_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  bool seen_on_line_ = false;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view content, Language language, std::size_t most) {
  return Tokenizer(content, language, most).run();
}

}  // namespace midwatch::observe::code
