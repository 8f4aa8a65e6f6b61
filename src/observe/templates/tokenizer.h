#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace midwatch::observe::templates {

/// What a word of a log line looks like, taken alone.
enum class Look : unsigned char {
  kConstant,  ///< an ordinary word
  kName,  ///< constant, but more a value than a word: a dotted name, a path of names, a unit behind a number
  kSoft,  ///< variable, unless it turns out to be the same in every line: "ssh2", "tty=ssh", "()"
  kHard,  ///< variable: a number, a path, a date
};

inline bool is_variable(Look look) {
  return look == Look::kSoft || look == Look::kHard;
}

/// One word of a line; what stands between two pieces is glue.
struct Piece {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  Look look = Look::kConstant;

  std::string_view text(std::string_view line) const { return line.substr(begin, end - begin); }
};

/// The words of a line, each judged by what it looks like alone: one setting for every format.
///
/// Hard are words with digits, paths, what follows "://", names of days and months, "root" and "admin". Soft
/// are short words with one or two digits, the value behind "=" and behind the word "user", an empty pair of
/// brackets or quotes, a list of words in brackets, a "-" behind a variable word; a quoted text is one from
/// its first variable word on. Shape:   at most kMaxPieces; the rest of a longer line is not looked at.
/// Threads: safe; the pieces are positions in `line`.
/// Requires: a line of less than 4 GiB.
void tokenize(std::string_view line, std::vector<Piece>& out);

/// True for sizes and times as they stand behind a number ("KB", "ms").
bool is_unit(std::string_view word);

inline constexpr std::size_t kMaxPieces = 128;

/// A number that is the same for lines with the same constant words in the same order, runs of variable ones
/// counting as one.
std::uint64_t skeleton_hash(std::string_view line, const std::vector<Piece>& pieces);

}  // namespace midwatch::observe::templates
