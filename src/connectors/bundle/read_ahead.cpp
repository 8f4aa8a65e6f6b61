#include "src/connectors/bundle/read_ahead.h"

#include <algorithm>
#include <cstring>
#include <future>
#include <vector>

#include "src/base/try.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kPiece = 512UL * 1024;

class ReadAhead final : public ByteSource {
 public:
  explicit ReadAhead(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), current_(kPiece), coming_(kPiece) {}

  base::Result<std::size_t> read(char* into, std::size_t size) override {
    if (given_ == filled_ && !ended_) MIDWATCH_TRY_VOID(take_next());
    const std::size_t n = std::min(size, filled_ - given_);
    std::memcpy(into, current_.data() + given_, n);
    given_ += n;
    return n;
  }

 private:
  base::Result<> take_next() {
    auto got = next_.valid() ? next_.get() : source_->read(coming_.data(), kPiece);
    if (!got) return std::move(got).error();
    std::swap(current_, coming_);
    given_ = 0;
    filled_ = *got;
    ended_ = filled_ == 0;
    large_ = large_ || filled_ == kPiece;
    if (large_ && !ended_)
      next_ = std::async(std::launch::async, [this] { return source_->read(coming_.data(), kPiece); });
    return {};
  }

  std::unique_ptr<ByteSource> source_;
  std::vector<char> current_;
  std::vector<char> coming_;
  std::size_t given_ = 0;
  std::size_t filled_ = 0;
  bool large_ = false;  ///< there was a full piece, so more of them are likely
  bool ended_ = false;
  std::future<base::Result<std::size_t>> next_;  // last: its end waits for the thread, which uses the others
};

}  // namespace

std::unique_ptr<ByteSource> read_ahead(std::unique_ptr<ByteSource> source) {
  return std::make_unique<ReadAhead>(std::move(source));
}

}  // namespace midwatch::connectors::bundle
