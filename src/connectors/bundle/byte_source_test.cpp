#include "src/connectors/bundle/byte_source.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/connectors/bundle/testing/bundle_fixture.h"

namespace midwatch::connectors::bundle {
namespace {

using testing::gzip;
using testing::zstd;

/// Gives at most `piece` bytes at a time.
class SlowSource final : public ByteSource {
 public:
  SlowSource(std::string_view bytes, std::size_t piece) : rest_(bytes), piece_(piece) {}
  base::Result<std::size_t> read(char* into, std::size_t size) override {
    const std::size_t n = std::min({size, piece_, rest_.size()});
    rest_.copy(into, n);
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
  std::size_t piece_;
};

base::Result<std::string> undo(std::string_view bytes, Compression compression, std::size_t piece = 1 << 20,
                               std::size_t limit = 1 << 30) {
  auto source = decompressed(std::make_unique<SlowSource>(bytes, piece), compression);
  return read_all(*source, limit);
}

std::string packed(std::string_view text, Compression compression) {
  if (compression == Compression::kGzip) return gzip(text);
  return compression == Compression::kZstd ? zstd(text) : std::string(text);
}

class EachCompression : public ::testing::TestWithParam<Compression> {};
INSTANTIATE_TEST_SUITE_P(Compressions, EachCompression,
                         ::testing::Values(Compression::kNone, Compression::kGzip, Compression::kZstd));

TEST_P(EachCompression, GivesTheTextBack) {
  const std::string big = std::string(700'000, 'a') + "end";
  for (const std::string& text : {std::string(), std::string("x"), big}) {
    const std::string bytes = packed(text, GetParam());
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20U}) {
      if (piece == 1 && GetParam() == Compression::kNone && text.size() > 1000)
        continue;  // slow, and the same
      EXPECT_EQ(undo(bytes, GetParam(), piece).value_or("failed").size(), text.size());
    }
    EXPECT_EQ(undo(bytes, GetParam()).value_or("failed"), text);
  }
}

TEST_P(EachCompression, SeveralInARowAreOneText) {
  const std::string bytes =
      packed("first\n", GetParam()) + packed("", GetParam()) + packed("second\n", GetParam());
  EXPECT_EQ(undo(bytes, GetParam()).value_or("failed"), "first\nsecond\n");
}

TEST_P(EachCompression, AnEmptyFileIsAnEmptyText) {
  EXPECT_EQ(undo("", GetParam()).value_or("failed"), "");
}

TEST_P(EachCompression, EveryCutIsToldExceptBetweenTexts) {
  if (GetParam() == Compression::kNone) return;  // plain text cannot be cut visibly
  const std::string whole = packed("some text that is long enough to be cut", GetParam());
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const auto text = undo(std::string_view(whole).substr(0, length), GetParam());
    ASSERT_FALSE(text) << length;
    EXPECT_EQ(text.error().code, base::ErrorCode::kMalformed);
    EXPECT_NE(text.error().message.find("is cut off"), std::string::npos) << text.error().message;
  }
}

TEST_P(EachCompression, WhatIsNoSuchDataIsToldAtOnce) {
  if (GetParam() == Compression::kNone) return;
  const auto text = undo("{\"timestamp\":1}\n", GetParam());
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, base::ErrorCode::kMalformed);
  EXPECT_NE(text.error().message.find("is none"), std::string::npos) << text.error().message;
}

TEST_P(EachCompression, DamageIsToldWithItsPlace) {
  if (GetParam() == Compression::kNone) return;
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += std::to_string(i * 7919 % 100'003) + "\n";
  std::string bytes = packed(text, GetParam());
  for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 64; ++i) bytes[i] = '\x55';
  const auto read = undo(bytes, GetParam());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, base::ErrorCode::kMalformed);
}

TEST_P(EachCompression, ALimitIsHeld) {
  const auto text = undo(packed(std::string(5000, 'x'), GetParam()), GetParam(), 1 << 20, 4999);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, base::ErrorCode::kResourceExhausted);
}

RC_GTEST_PROP(ByteSource, AnyTextComesBackFromAnyPieces, (const std::string& text)) {
  const std::size_t piece = *rc::gen::inRange<std::size_t>(1, 64);
  for (const Compression c : {Compression::kNone, Compression::kGzip, Compression::kZstd})
    RC_ASSERT(undo(packed(text, c), c, piece).value_or("failed") == text);
}

TEST(ByteSource, ZerosBehindGzipArePaddingAndOtherBytesAreNot) {
  EXPECT_EQ(undo(gzip("text") + std::string(2000, '\0'), Compression::kGzip).value_or("failed"), "text");
  EXPECT_EQ(undo(gzip("text") + std::string(2000, '\0'), Compression::kGzip, 3).value_or("failed"), "text");
  const auto behind = undo(gzip("text") + "more", Compression::kGzip);
  ASSERT_FALSE(behind);
  EXPECT_NE(behind.error().message.find("after 4 bytes"), std::string::npos) << behind.error().message;
}

TEST(ByteSource, ABombIsRefusedWithoutReadingItWhole) {
  // 300 MiB of zeros: zstd packs them far beyond 1000 to 1, and the guard sees it after 64 MiB.
  const std::string bomb = zstd(std::string(300UL << 20U, '\0'));
  ASSERT_LT(bomb.size(), 100'000U);
  auto source = decompressed(memory_source(bomb), Compression::kZstd);
  std::vector<char> piece(1 << 20);
  std::uint64_t bytes = 0;
  while (true) {
    const auto got = source->read(piece.data(), piece.size());
    if (!got) {
      EXPECT_EQ(got.error().code, base::ErrorCode::kResourceExhausted);
      EXPECT_NE(got.error().message.find("decompression bomb"), std::string::npos);
      break;
    }
    ASSERT_NE(*got, 0U) << "the bomb was read to its end";
    bytes += *got;
  }
  EXPECT_LE(bytes, 66UL << 20U);
}

TEST(ByteSource, AFrameThatAsksForTooMuchMemoryIsRefused) {
  // A frame header (RFC 8878 section 3.1.1.1) with a window of 1 GiB: descriptor 0, exponent 20.
  const std::string frame("\x28\xB5\x2F\xFD\x00\xA0\x01\x00\x00", 9);
  const auto text = undo(frame, Compression::kZstd);
  ASSERT_FALSE(text);
  EXPECT_NE(text.error().message.find("too much memory"), std::string::npos) << text.error().message;
}

TEST(ByteSource, TellsCompressionsByNameAndByContent) {
  EXPECT_EQ(compression_of_name("logs.ndjson"), Compression::kNone);
  EXPECT_EQ(compression_of_name("logs.ndjson.gz"), Compression::kGzip);
  EXPECT_EQ(compression_of_name("a.tgz"), Compression::kGzip);
  EXPECT_EQ(compression_of_name("logs.ndjson.zst"), Compression::kZstd);
  EXPECT_EQ(compression_of_name("a.tzst"), Compression::kZstd);
  EXPECT_EQ(compression_of_content(gzip("x")), Compression::kGzip);
  EXPECT_EQ(compression_of_content(zstd("x")), Compression::kZstd);
  EXPECT_EQ(compression_of_content("\x52\x2A\x4D\x18"), Compression::kZstd);  // a skippable frame
  EXPECT_EQ(compression_of_content("bundle.json"), Compression::kNone);
  EXPECT_EQ(compression_of_content("\x1F"), Compression::kNone);
}

TEST(OpenFile, SaysWhyItCannot) {
  const testing::TemporaryFolder folder;
  const auto missing = open_file(folder.path() + "/none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::kNotFound);
  const auto directory = open_file(folder.path());
  ASSERT_TRUE(directory);
  const auto got = read_all(**directory, 100);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, base::ErrorCode::kUnavailable);
}

TEST(Cancellable, AsksBeforeEachPiece) {
  base::ManualClock clock(base::Timestamp{});
  std::stop_source stop;
  const runtime::RequestContext context(clock, std::nullopt, stop.get_token());
  auto source = cancellable(memory_source("abcdef"), context);
  std::array<char, 3> piece{};
  EXPECT_EQ(source->read(piece.data(), piece.size()).value_or(0), 3U);
  stop.request_stop();
  const auto got = source->read(piece.data(), piece.size());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace midwatch::connectors::bundle
