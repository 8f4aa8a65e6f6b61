#include "src/connectors/bundle/line_reader.h"

#include <cstring>

#include "src/base/try.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kFirstBuffer = 1024UL * 1024;

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

base::Result<bool> LineReader::next(Line& line) {
  std::size_t searched = 0;
  bool too_long = false;
  while (true) {
    const char* from = buffer_.data() + begin_;
    const auto* found =
        static_cast<const char*>(std::memchr(from + searched, '\n', end_ - begin_ - searched));
    if (found != nullptr) {
      std::size_t length = static_cast<std::size_t>(found - from);
      begin_ += length + 1;
      if (length > 0 && from[length - 1] == '\r') --length;
      line = {{from, length}, ++number_, too_long};
      return true;
    }
    searched = end_ - begin_;
    if (searched >= kMaxLine) {
      // Keep the beginning, drop the rest of the line as it comes.
      too_long = true;
      searched = kMaxLine;
      end_ = begin_ + kMaxLine;
      std::vector<char> rest(kFirstBuffer);
      while (true) {
        MIDWATCH_TRY(const std::size_t got, source_.read(rest.data(), rest.size()));
        bytes_ += got;
        if (got == 0) {
          at_end_ = true;
          break;
        }
        const auto* stop = static_cast<const char*>(std::memchr(rest.data(), '\n', got));
        if (stop == nullptr) continue;
        // Put the line's end and what follows it behind the kept beginning.
        const std::size_t keep = got - static_cast<std::size_t>(stop - rest.data());
        if (end_ + keep + kLinePadding > buffer_.size()) buffer_.resize(end_ + keep + kLinePadding);
        std::memcpy(buffer_.data() + end_, stop, keep);
        end_ += keep;
        break;
      }
      if (!at_end_) continue;
    }
    if (!at_end_) {
      MIDWATCH_TRY(const bool more, refill());
      if (more) continue;
    }
    if (begin_ == end_) return false;
    line = {{buffer_.data() + begin_, end_ - begin_}, ++number_, too_long};
    begin_ = end_;
    return true;
  }
}

}  // namespace midwatch::connectors::bundle
