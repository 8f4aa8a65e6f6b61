#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/observe/changes/diff.h"
#include "src/observe/changes/file_role.h"

namespace midwatch::observe::changes {

/// One line of a hunk as far as it is code.
struct SourceLine {
  LineKind kind = LineKind::kContext;
  std::string code;        ///< without comment and surrounding space; empty where nothing is left
  std::size_t indent = 0;  ///< columns before the code, a tab counting four
  std::size_t line = 0;    ///< DiffLine::line
};

/// The lines of a hunk without their comments, whole-line and trailing ones, in the style of the file.
/// A comment that spans lines is followed on each side of the diff by itself.
std::vector<SourceLine> source_lines(const Hunk& hunk, Comments style);

enum class TokenKind { kName, kNumber, kText, kSign };

/// A word of source code. `text` of a kText is what stands between the quotes.
struct Token {
  TokenKind kind = TokenKind::kSign;
  std::string_view text;

  friend bool operator==(const Token&, const Token&) = default;
};

/// The words of one line of code, of whatever language: names, numbers with the letters that follow them
/// ("300ms", "512Mi"), quoted texts, and single signs.
std::vector<Token> tokens_of(std::string_view code);

/// Share of the words of the longer of two lines that both have (as bags); 0 where one is empty.
double likeness(const std::vector<Token>& a, const std::vector<Token>& b);

/// The first quoted text of a line that can be a name of something (a path, a topic, a dotted key), with its
/// quotes; empty where there is none.
std::string_view quoted_name(std::string_view code);

/// Where a name stands by itself and is no member of something; npos where it does not.
std::size_t find_name(std::string_view code, std::string_view name, std::size_t from = 0);

/// True for the words that end a statement with an error: raise, throw, panic …
bool is_raise(const Token& token);

/// True for a statement that only tells: it logs, counts or traces, and does nothing else.
bool only_tells(std::string_view code);

}  // namespace midwatch::observe::changes
