#include "src/connectors/bundle/read_ahead.h"

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace midwatch::connectors::bundle {
namespace {

/// Gives a text, then fails where it is told to, and notes by which threads it is read.
class WatchedSource final : public ByteSource {
 public:
  WatchedSource(std::string_view text, bool fails, std::vector<std::thread::id>& readers)
      : rest_(text), fails_(fails), readers_(readers) {}

  base::Result<std::size_t> read(char* into, std::size_t size) override {
    readers_.push_back(std::this_thread::get_id());
    if (rest_.empty() && fails_) return base::user_error(base::ErrorCode::kMalformed, "is damaged");
    const std::size_t n = std::min(size, rest_.size());
    rest_.copy(into, n);
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
  bool fails_;
  std::vector<std::thread::id>& readers_;
};

/// A text without a period that a piece could have.
std::string text_of(std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; text.size() < bytes; ++i) text += std::to_string(i * i) + "\n";
  text.resize(bytes);
  return text;
}

struct Heard {
  std::string text;
  std::string error;
};

/// Reads to the end or to the error, `piece` bytes at a time.
Heard hear(ByteSource& source, std::size_t piece) {
  Heard heard;
  std::string buffer(piece, '\0');
  while (true) {
    const auto got = source.read(buffer.data(), piece);
    if (!got) return {heard.text, got.error().message};
    if (*got == 0) return heard;
    heard.text.append(buffer, 0, *got);
  }
}

TEST(ReadAheadTest, GivesTheSameBytesInOrder) {
  for (const std::size_t bytes : {0UL, 1UL, 524'288UL, 524'289UL, 3'000'000UL}) {
    for (const std::size_t piece : {977UL, 524'288UL, 1'000'000UL}) {
      const std::string text = text_of(bytes);
      std::vector<std::thread::id> readers;
      const auto source = read_ahead(std::make_unique<WatchedSource>(text, false, readers));
      EXPECT_EQ(hear(*source, piece).text, text) << bytes << " in pieces of " << piece;
    }
  }
}

TEST(ReadAheadTest, GivesWhatCameBeforeAnErrorFirst) {
  const std::string text = text_of(1'700'000);
  std::vector<std::thread::id> readers;
  const auto source = read_ahead(std::make_unique<WatchedSource>(text, true, readers));
  const Heard heard = hear(*source, 100'000);
  EXPECT_EQ(heard.text, text);
  EXPECT_EQ(heard.error, "is damaged");
}

TEST(ReadAheadTest, TakesAThreadOnlyWhereAPieceIsNotAll) {
  const auto threads_of = [](std::size_t bytes) {
    const std::string text = text_of(bytes);
    std::vector<std::thread::id> readers;
    const auto source = read_ahead(std::make_unique<WatchedSource>(text, false, readers));
    hear(*source, 4096);
    return std::set<std::thread::id>(readers.begin(), readers.end());
  };
  EXPECT_EQ(threads_of(400'000), std::set<std::thread::id>{std::this_thread::get_id()});
  EXPECT_GT(threads_of(2'000'000).size(), 1U);
}

TEST(ReadAheadTest, MayBeLeftInTheMiddle) {
  const std::string text = text_of(2'000'000);
  std::vector<std::thread::id> readers;
  char first = 0;
  {
    const auto source = read_ahead(std::make_unique<WatchedSource>(text, false, readers));
    ASSERT_EQ(source->read(&first, 1).value_or(0), 1U);
  }
  EXPECT_EQ(first, text.front());
  EXPECT_EQ(readers.size(), 2U);
}

}  // namespace
}  // namespace midwatch::connectors::bundle
