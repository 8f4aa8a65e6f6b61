#include "src/base/shell_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::base {
namespace {

using testing::ElementsAre;

std::vector<std::string> words(std::string_view line) {
  return first_shell_command(line).words;
}

TEST(ShellWords, EndAtSpacesOutsideOfQuotes) {
  EXPECT_THAT(words("  aws  ecs\tlist-tasks\n"), ElementsAre("aws", "ecs", "list-tasks"));
  EXPECT_THAT(words(R"(a 'b c' "d e"f)"), ElementsAre("a", "b c", "d ef"));
  EXPECT_THAT(words("''"), ElementsAre(""));
  EXPECT_THAT(words(""), ElementsAre());
}

TEST(ShellWords, AreEscapedByABackslashButNotInSingleQuotes) {
  EXPECT_THAT(words(R"(a\ b "c\"d" 'e\f')"), ElementsAre("a b", "c\"d", "e\\f"));
  EXPECT_THAT(words("a\\"), ElementsAre("a\\"));
}

TEST(ShellWords, AreOfTheFirstCommandOnly) {
  const ShellCommand piped = first_shell_command("kubectl get pods|grep web");
  EXPECT_THAT(piped.words, ElementsAre("kubectl", "get", "pods"));
  EXPECT_EQ(piped.ended_by, '|');
  EXPECT_EQ(first_shell_command("a > out").ended_by, '>');
  EXPECT_EQ(first_shell_command("a '|' b").ended_by, 0);
}

TEST(ShellWords, AreBounded) {
  std::string line;
  for (int i = 0; i < 1000; ++i) line += "a ";
  EXPECT_EQ(words(line).size(), 400U);
}

}  // namespace
}  // namespace midwatch::base
