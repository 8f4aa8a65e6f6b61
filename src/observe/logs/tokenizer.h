#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace midwatch::observe::logs {

/// One word of a log line, and what stands between it and the word before.
struct Token {
  std::string_view glue;
  std::string_view word;
  bool variable = false;
};

/// The words of a line, each called constant or variable by what it looks like alone: one setting for every
/// format.
///
/// Variable is: what holds a digit, a path, a value right after "=", the name of a day or month, a lone "-",
/// what follows the word "user", an empty pair of brackets or quotes, a name with a number in parentheses,
/// and a quoted text from its first such word on. Neighbouring variable words count as one. Shape:   at most
/// kMaxTokens words; the rest of a longer line is not looked at. Threads: safe; the words borrow from `line`.
void tokenize(std::string_view line, std::vector<Token>& out);

inline constexpr std::size_t kMaxTokens = 128;

/// A number that is the same for lines whose constant words and the places of variable ones are the same.
/// Computed in one pass without storing words.
std::uint64_t skeleton_hash(std::string_view line);

}  // namespace midwatch::observe::logs
