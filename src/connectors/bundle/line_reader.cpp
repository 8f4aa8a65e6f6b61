#include "src/connectors/bundle/line_reader.h"

#include <algorithm>
#include <cstring>

#include "src/base/try.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kFirstBuffer = 256UL * 1024;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16Little = "\xFF\xFE";
constexpr std::string_view kUtf16Big = "\xFE\xFF";

}  // namespace

LineReader::LineReader(ByteSource& source) : source_(source), buffer_(kFirstBuffer + kLinePadding) {}

/// Moves what is left to the front and reads on; false where nothing more came.
base::Result<bool> LineReader::refill() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ + kLinePadding >= buffer_.size()) buffer_.resize(2 * buffer_.size());
  MIDWATCH_TRY(const std::size_t got,
               source_.read(buffer_.data() + end_, buffer_.size() - kLinePadding - end_));
  if (got == 0) {
    at_end_ = true;
    return false;
  }
  end_ += got;
  bytes_ += got;
  return true;
}

base::Result<> LineReader::skip_byte_order_mark() {
  while (end_ - begin_ < kUtf8Mark.size() && !at_end_) MIDWATCH_TRY_VOID(refill());
  const std::string_view start(buffer_.data() + begin_, end_ - begin_);
  if (start.starts_with(kUtf16Little) || start.starts_with(kUtf16Big)) {
    return base::user_error(base::ErrorCode::kUnsupported,
                            "is UTF-16 text; a bundle is UTF-8 (convert it: iconv -f UTF-16 -t UTF-8)");
  }
  if (start.starts_with(kUtf8Mark)) begin_ += kUtf8Mark.size();
  return {};
}

/// Keeps the first kMaxLine bytes of a line, and of the rest only its end.
base::Result<> LineReader::drop_rest_of_line() {
  end_ = begin_ + kMaxLine;
  std::vector<char> rest(kFirstBuffer);
  while (true) {
    MIDWATCH_TRY(const std::size_t got, source_.read(rest.data(), rest.size()));
    bytes_ += got;
    if (got == 0) {
      at_end_ = true;
      return {};
    }
    const auto* stop = static_cast<const char*>(std::memchr(rest.data(), '\n', got));
    if (stop == nullptr) continue;
    const std::size_t keep = got - static_cast<std::size_t>(stop - rest.data());
    if (end_ + keep + kLinePadding > buffer_.size()) buffer_.resize(end_ + keep + kLinePadding);
    std::memcpy(buffer_.data() + end_, stop, keep);
    end_ += keep;
    return {};
  }
}

void LineReader::give(Line& line, std::size_t length, bool too_long) {
  const char* from = buffer_.data() + begin_;
  if (length > 0 && from[length - 1] == '\r') --length;
  line = {{from, length}, ++number_, too_long};
}

base::Result<bool> LineReader::next(Line& line) {
  if (bytes_ == 0 && !at_end_) MIDWATCH_TRY_VOID(skip_byte_order_mark());
  std::size_t searched = 0;
  bool too_long = false;
  while (true) {
    const char* from = buffer_.data() + begin_;
    const auto* found =
        static_cast<const char*>(std::memchr(from + searched, '\n', end_ - begin_ - searched));
    if (found != nullptr) {
      const auto length = static_cast<std::size_t>(found - from);
      give(line, length, too_long || length > kMaxLine);
      begin_ += length + 1;
      return true;
    }
    searched = end_ - begin_;
    if (searched > kMaxLine) {
      too_long = true;
      searched = kMaxLine;
      MIDWATCH_TRY_VOID(drop_rest_of_line());
      if (!at_end_) continue;
    }
    if (!at_end_) {
      MIDWATCH_TRY(const bool more, refill());
      if (more) continue;
    }
    if (begin_ == end_) return false;
    give(line, end_ - begin_, too_long);
    begin_ = end_;
    return true;
  }
}

}  // namespace midwatch::connectors::bundle
