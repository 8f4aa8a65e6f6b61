#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/connectors/bundle/byte_source.h"

namespace midwatch::connectors::bundle {

/// One line without its end (`\n` or `\r\n`).
struct Line {
  std::string_view text;     ///< lives until the next call; at least kLinePadding readable bytes follow it
  std::uint64_t number = 0;  ///< from 1
  bool too_long = false;     ///< longer than kMaxLine: `text` is its beginning

  /// Nothing but spaces and tabs.
  bool is_blank() const { return text.find_first_not_of(" \t\r") == std::string_view::npos; }
};

inline constexpr std::size_t kLinePadding = 64;
inline constexpr std::size_t kMaxLine = 16UL * 1024 * 1024;

/// Splits a stream into lines with one buffer that grows to the longest line and no further than kMaxLine.
/// A byte order mark at the beginning belongs to no line.
class LineReader {
 public:
  explicit LineReader(ByteSource& source);

  /// Reads the next line; false at the end. A last line without an end counts as a line; empty lines are
  /// given too. Errors: those of the source; kUnsupported for UTF-16 text.
  base::Result<bool> next(Line& line);

  std::uint64_t bytes() const { return bytes_; }
  /// The number of the last line given.
  std::uint64_t number() const { return number_; }

 private:
  base::Result<bool> refill();
  base::Result<> skip_byte_order_mark();
  base::Result<> drop_rest_of_line();
  void give(Line& line, std::size_t length, bool too_long);

  ByteSource& source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_ = 0;
  bool at_end_ = false;
};

}  // namespace midwatch::connectors::bundle
