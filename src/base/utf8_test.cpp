#include "src/base/utf8.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::base {
namespace {

TEST(Utf8, RepairsEachMaximalPartOnce) {
  EXPECT_EQ(repair_utf8("a\xFF"
                        "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(repair_utf8("\xE6\x97"), "\xEF\xBF\xBD");                              // a cut "日"
  EXPECT_EQ(repair_utf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(repair_utf8("日本"), "日本");
}

RC_GTEST_PROP(Utf8, RepairAlwaysGivesValidTextAndKeepsValidText, (const std::string& bytes)) {
  const std::string repaired = repair_utf8(bytes);
  RC_ASSERT(is_valid_utf8(repaired));
  RC_ASSERT(repair_utf8(repaired) == repaired);
  if (is_valid_utf8(bytes)) RC_ASSERT(repaired == bytes);
}

TEST(Utf8, ClipsBetweenCodePoints) {
  EXPECT_EQ(clip_utf8("日本語", 9), "日本語");
  EXPECT_EQ(clip_utf8("日本語です", 9), "日本…");
  EXPECT_EQ(clip_utf8("abc", 0), "");
}

TEST(Utf8, CountsColumnsOfWideCharacters) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("原因"), 4U);
}

TEST(Utf8, PrintableDefusesControlsAndBidi) {
  EXPECT_EQ(printable("a\x1b[31mred\nb\tc", 100), "a\\u{1b}[31mred\\nb c");
  EXPECT_EQ(printable("x\xE2\x80\xAEy", 100), "x\\u{202e}y");
  EXPECT_LE(printable(std::string(5000, '\x01'), 64).size(), 64U);
}

}  // namespace
}  // namespace midwatch::base
