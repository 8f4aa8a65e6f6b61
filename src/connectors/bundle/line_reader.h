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
};

inline constexpr std::size_t kLinePadding = 64;
inline constexpr std::size_t kMaxLine = 16UL * 1024 * 1024;

/// Splits a stream into lines with one buffer that grows to the longest line and no further than kMaxLine.
class LineReader {
 public:
  explicit LineReader(ByteSource& source);

  /// Reads the next line; false at the end. A last line without an end counts as a line; empty lines are
  /// given too.
  base::Result<bool> next(Line& line);

  std::uint64_t bytes() const { return bytes_; }

 private:
  base::Result<bool> refill();

  ByteSource& source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_ = 0;
  bool at_end_ = false;
};

}  // namespace midwatch::connectors::bundle
