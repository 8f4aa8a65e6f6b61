#include "src/base/ascii.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::base {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Ascii, LowersLettersOnly) {
  EXPECT_EQ(to_lower("CrashLoopBackOff-Ä1"), "crashloopbackoff-Ä1");
}

TEST(Ascii, TrimsBothEnds) {
  EXPECT_EQ(trim(" \ta b\r\n"), "a b");
  EXPECT_EQ(trim(" \r\n"), "");
  const std::string_view blank = " \t ";
  EXPECT_EQ(trim(blank).data(), blank.data() + blank.size());
}

TEST(Ascii, SplitsAndKeepsEmptyParts) {
  EXPECT_THAT(split("a, ,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Ascii, WordsAreNeverEmpty) {
  EXPECT_THAT(split_words("  get \t pods "), ElementsAre("get", "pods"));
  EXPECT_THAT(split_words(" \t"), IsEmpty());
}

}  // namespace
}  // namespace midwatch::base
