#include "src/connectors/bundle/line_reader.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::connectors::bundle {
namespace {

/// Gives at most `piece` bytes at a time, and fails after `good` bytes.
class PieceSource final : public ByteSource {
 public:
  PieceSource(std::string_view bytes, std::size_t piece, std::size_t good = static_cast<std::size_t>(-1))
      : rest_(bytes), piece_(piece), good_(good) {}
  base::Result<std::size_t> read(char* into, std::size_t size) override {
    if (given_ >= good_) return base::environment_error(base::ErrorCode::kUnavailable, "disk error");
    const std::size_t n = std::min({size, piece_, rest_.size(), good_ - given_});
    rest_.copy(into, n);
    rest_.remove_prefix(n);
    given_ += n;
    return n;
  }

 private:
  std::string_view rest_;
  std::size_t piece_;
  std::size_t good_;
  std::size_t given_ = 0;
};

std::vector<std::string> lines_of(std::string_view text, std::size_t piece = 1 << 20) {
  PieceSource source(text, piece);
  LineReader reader(source);
  std::vector<std::string> lines;
  Line line;
  while (true) {
    const auto more = reader.next(line);
    if (!more) {
      lines.push_back("error: " + more.error().message);
      return lines;
    }
    if (!*more) break;
    lines.emplace_back(line.text);
    EXPECT_EQ(line.number, lines.size());
    EXPECT_FALSE(line.too_long);
  }
  EXPECT_EQ(reader.bytes(), text.size());
  EXPECT_EQ(reader.number(), lines.size());
  return lines;
}

TEST(LineReader, KnowsEveryLineEnd) {
  const struct {
    std::string_view text;
    std::vector<std::string> lines;
  } cases[] = {
      {"", {}},
      {"a", {"a"}},
      {"a\n", {"a"}},
      {"a\nb", {"a", "b"}},
      {"a\r\nb\r\n", {"a", "b"}},
      {"a\r", {"a"}},
      {"\n\n", {"", ""}},
      {"a\r\rb\n", {"a\r\rb"}},
      {"\xEF\xBB\xBF"
       "a\n",
       {"a"}},
      {"\xEF\xBB\xBF", {}},
      {"\xEF\xBB", {"\xEF\xBB"}},
  };
  for (const auto& c : cases) {
    for (const std::size_t piece : {1U, 2U, 3U, 1000U}) EXPECT_EQ(lines_of(c.text, piece), c.lines) << c.text;
  }
}

TEST(LineReader, Utf16IsNamedForWhatItIs) {
  for (const std::string_view text :
       {std::string_view("\xFF\xFE{\0\"\0", 6), std::string_view("\xFE\xFF\0{\0\"", 6)}) {
    for (const std::size_t piece : {1U, 100U}) {
      const auto lines = lines_of(text, piece);
      ASSERT_EQ(lines.size(), 1U);
      EXPECT_NE(lines[0].find("UTF-16"), std::string::npos);
    }
  }
}

TEST(LineReader, PaddingIsReadable) {
  PieceSource source("ab\ncd", 100);
  LineReader reader(source);
  Line line;
  while (reader.next(line).value_or(false)) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < kLinePadding; ++i)
      sum += static_cast<unsigned char>(line.text.data()[line.text.size() + i]);
    EXPECT_LE(sum, 255 * kLinePadding);
  }
}

TEST(LineReader, ALineOverTheLimitIsToldAndTheNextOneIsWhole) {
  const std::string huge(kMaxLine + 1'000'000, 'x');
  for (const std::string& text :
       {huge + "\nnext\nlast", huge + "\nnext\nlast\n", "first\n" + huge + "\nnext\nlast"}) {
    PieceSource source(text, 100'000);
    LineReader reader(source);
    Line line;
    std::vector<std::string> short_ones;
    int too_long = 0;
    while (reader.next(line).value_or(false)) {
      if (line.too_long) {
        ++too_long;
      } else {
        short_ones.emplace_back(line.text);
      }
    }
    EXPECT_EQ(too_long, 1);
    ASSERT_GE(short_ones.size(), 2U);
    EXPECT_EQ(short_ones[short_ones.size() - 2], "next");
    EXPECT_EQ(short_ones.back(), "last");
    EXPECT_EQ(reader.bytes(), text.size());
  }
}

TEST(LineReader, ALineOfExactlyTheLimitIsAllowedAndOneMoreIsNot) {
  for (const std::size_t extra : {0U, 1U}) {
    const std::string text = std::string(kMaxLine + extra, 'x') + "\n";
    PieceSource source(text, 1 << 20);
    LineReader reader(source);
    Line line;
    ASSERT_TRUE(reader.next(line).value_or(false));
    EXPECT_EQ(line.too_long, extra == 1);
  }
}

TEST(LineReader, AHugeLineAtTheEndEndsTheFile) {
  const std::string huge(kMaxLine + 5, 'x');
  PieceSource source(huge, 1 << 20);
  LineReader reader(source);
  Line line;
  ASSERT_TRUE(reader.next(line).value_or(false));
  EXPECT_TRUE(line.too_long);
  EXPECT_FALSE(reader.next(line).value_or(true));
}

TEST(LineReader, AnErrorOfTheSourceComesThroughAfterTheWholeLinesBefore) {
  PieceSource source("a\nb\ncdefgh", 3, 6);
  LineReader reader(source);
  Line line;
  EXPECT_TRUE(reader.next(line).value_or(false));
  EXPECT_TRUE(reader.next(line).value_or(false));
  EXPECT_EQ(line.text, "b");
  const auto more = reader.next(line);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().message, "disk error");
  EXPECT_EQ(reader.number(), 2U);
}

RC_GTEST_PROP(LineReader, AgreesWithSplittingByHand, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab\n\r\n")));
  const auto piece = *rc::gen::inRange<std::size_t>(1, 9);
  std::vector<std::string> expected;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    expected.push_back(line);
    at = end + 1;
  }
  RC_ASSERT(lines_of(text, piece) == expected);
}

TEST(Line, BlankIsWhatHoldsNothing) {
  EXPECT_TRUE((Line{"", 1, false}.is_blank()));
  EXPECT_TRUE((Line{" \t ", 1, false}.is_blank()));
  EXPECT_FALSE((Line{" x", 1, false}.is_blank()));
}

}  // namespace
}  // namespace midwatch::connectors::bundle
