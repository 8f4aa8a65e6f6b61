#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace midwatch::observe::code {

/// One file of an entity's code, as deployed. Requires: outlives what is read from it.
struct SourceFile {
  std::string_view entity;
  std::string_view path;
  std::string_view content;
};

enum class Language { kOther, kJavaScript, kPython };

/// By the ending of the file's name; TypeScript reads as JavaScript.
Language language_of(std::string_view path);

enum class TokenKind : std::uint8_t { kName, kNumber, kString, kSign };

struct Token {
  TokenKind kind = TokenKind::kSign;
  std::string_view text;     ///< a string with its quotes
  std::uint32_t line = 0;    ///< from 1
  std::uint32_t column = 0;  ///< from 1, in characters
  bool begins_line = false;  ///< the first one of its line

  bool is(std::string_view wanted) const { return kind != TokenKind::kString && text == wanted; }
};

inline constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// A part of the code that runs under something: a function's body, a loop's.
struct Scope {
  enum class Kind : std::uint8_t { kModule, kFunction, kLoop, kCallback };
  Kind kind = Kind::kModule;
  std::size_t parent = 0;    ///< index of the scope around it; of the module, itself
  std::size_t function = 0;  ///< index of the function (or the module) that it belongs to
  std::size_t loop = kNone;  ///< index of the loop that it runs under, in its function or as its callback
  std::size_t header = 0;    ///< first token of parameters or condition
  std::size_t begin = 0;     ///< first token of the body; the header ends before it
  std::size_t end = 0;       ///< one after the last
};

/// A file in tokens, with its scopes: a tolerant reading that takes any bytes for code.
struct Source {
  SourceFile file;
  Language language = Language::kOther;
  std::vector<Token> tokens;
  std::vector<std::size_t> partner;  ///< of a bracket, the index of the other one; else kNone
  std::vector<std::size_t> scope;    ///< of each token
  std::vector<Scope> scopes;         ///< the module first
  bool whole = true;                 ///< false: there are more tokens than are read

  const Token& at(std::size_t i) const;  ///< an empty sign beyond the ends
  bool is(std::size_t i, std::string_view text) const { return at(i).is(text); }
  bool is_name(std::size_t i) const { return at(i).kind == TokenKind::kName; }
  const Scope& scope_of(std::size_t i) const { return scopes[i < scope.size() ? scope[i] : 0]; }
  bool in_module(std::size_t i) const { return scope_of(i).function == 0; }
  /// One after the last token of the statement or the bracket that holds `i`; at most `most` tokens on.
  std::size_t end_of_statement(std::size_t i, std::size_t most) const;
};

/// Reads a file up to `most` tokens. Time and space grow with its length alone, whatever it holds.
Source read_source(const SourceFile& file, std::size_t most);

/// The text of a string without quotes and prefix; escapes stay as they are written.
std::string_view inner_text(const Token& string);

/// A line of a file, from 1; empty beyond its end.
std::string_view line_of(std::string_view content, std::size_t line);

/// The lines around one, as they stand in the file: `around` before and after it, none longer than a line of
/// code that somebody wrote.
std::string_view lines_around(std::string_view content, std::size_t line, std::size_t around);

}  // namespace midwatch::observe::code
