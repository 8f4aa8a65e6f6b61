#include "src/observe/changes/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::changes {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> paths(const Diff& diff) {
  std::vector<std::string> out;
  for (const auto& file : diff.files) out.push_back(file.path);
  return out;
}

/// The lines of all hunks with their marks.
std::string content(const Diff& diff) {
  std::string out;
  for (const auto& file : diff.files) {
    for (const auto& hunk : file.hunks) {
      for (const auto& line : hunk.lines) {
        out += line.kind == LineKind::kAdded ? '+' : line.kind == LineKind::kRemoved ? '-' : ' ';
        out += line.text + "|";
      }
    }
  }
  return out;
}

TEST(ReadDiff, TakesGitHeaders) {
  const Diff diff = read_diff(
      "diff --git a/app/pool.py b/app/pool.py\nindex 1..2 100644\n--- a/app/pool.py\n+++ b/app/pool.py\n"
      "@@ -10,3 +10,3 @@ def make_pool():\n a = 1\n-size = 20\n+size = 2\n",
      {});
  ASSERT_THAT(paths(diff), ElementsAre("app/pool.py"));
  const Hunk& hunk = diff.files[0].hunks.at(0);
  EXPECT_EQ(hunk.heading, "def make_pool():");
  ASSERT_EQ(hunk.lines.size(), 3U);
  EXPECT_EQ(hunk.lines[1].line, 11U);
  EXPECT_EQ(hunk.lines[2].line, 11U);
  EXPECT_EQ(content(diff), " a = 1|-size = 20|+size = 2|");
}

TEST(ReadDiff, TakesTheLooseForms) {
  struct Case {
    const char* text;
    std::vector<std::string> files;
    const char* path;
    const char* heading;
  };
  const Case cases[] = {
      {"@@ conf/agent.yaml @@\n-a: 1\n+a: 2\n", {"conf/agent.yaml"}, "conf/agent.yaml", ""},
      {"@@ src/a.go: func Run() {\n-a()\n+b()\n", {"src/a.go", "src/b.go"}, "src/a.go", "func Run() {"},
      {"@@ src/b.go @@ func Run() {\n-a()\n+b()\n", {"src/a.go", "src/b.go"}, "src/b.go", "func Run() {"},
      {"@@ func Run(q int) error {\n-a()\n+b()\n", {"src/a.go"}, "src/a.go", "func Run(q int) error {"},
      {"@@ other/c.ts @@\n-a()\n+b()\n", {}, "other/c.ts", ""},
      {"-a()\n+b()\n", {"src/a.go"}, "src/a.go", ""},
  };
  for (const Case& c : cases) {
    const Diff diff = read_diff(c.text, c.files);
    ASSERT_EQ(diff.files.size(), 1U) << c.text;
    EXPECT_EQ(diff.files[0].path, c.path) << c.text;
    EXPECT_EQ(diff.files[0].hunks.at(0).heading, c.heading) << c.text;
    EXPECT_EQ(diff.files[0].hunks.at(0).lines.size(), 2U) << c.text;
  }
}

TEST(ReadDiff, KnowsWhatHappenedToFiles) {
  const Diff diff = read_diff(
      "diff --git a/x.go b/y.go\nsimilarity index 100%\nrename from x.go\nrename to y.go\n"
      "diff --git a/logo.png b/logo.png\nBinary files a/logo.png and b/logo.png differ\n"
      "diff --git a/new.sql b/new.sql\nnew file mode 100644\n--- /dev/null\n+++ b/new.sql\n@@ -0,0 +1 "
      "@@\n+SELECT 1;\n"
      "diff --git a/old.sh b/old.sh\ndeleted file mode 100644\n--- a/old.sh\n+++ /dev/null\n@@ -1 +0,0 "
      "@@\n-exit\n",
      {});
  ASSERT_THAT(paths(diff), ElementsAre("y.go", "logo.png", "new.sql", "old.sh"));
  EXPECT_TRUE(diff.files[0].renamed);
  EXPECT_EQ(diff.files[0].old_path, "x.go");
  EXPECT_TRUE(diff.files[1].binary);
  EXPECT_TRUE(diff.files[2].created);
  EXPECT_TRUE(diff.files[3].deleted);
}

TEST(ReadDiff, ARemovedSqlCommentIsNoHeader) {
  const Diff diff =
      read_diff("--- a/q.sql\n+++ b/q.sql\n@@ -1,3 +1,2 @@\n--- an old remark\n SELECT 1;\n", {});
  EXPECT_EQ(content(diff), "--- an old remark| SELECT 1;|");
}

TEST(ReadDiff, WhatIsNoDiffHasNoFiles) {
  for (const char* text :
       {"", "Bumped the version.\n", "@@", "diff --git", "+++ b/x\n", "\\ No newline at end of file\n"})
    EXPECT_TRUE(read_diff(text, {}).files.empty()) << text;
}

TEST(ReadDiff, IsBounded) {
  std::string text = "@@ a.txt @@\n";
  for (int i = 0; i < 30'000; ++i) text += "+x\n";
  const Diff diff = read_diff(text, {"a.txt"});
  EXPECT_TRUE(diff.truncated);
  EXPECT_LT(diff.files.at(0).hunks.at(0).lines.size(), 20'001U);
  EXPECT_TRUE(read_diff("@@ a.txt @@\n+" + std::string(10'000, 'y') + "\n", {"a.txt"}).truncated);
}

TEST(ReadDiff, WindowsLineEndsAreNoContent) {
  EXPECT_EQ(content(read_diff("@@ a.txt @@\r\n-a\r\n+b\r\n", {"a.txt"})), "-a|+b|");
}

RC_GTEST_PROP(ReadDiff, PlacesLieInTheText, (const std::vector<std::string>& lines)) {
  std::string text = "@@ -1,2 +1,2 @@\n";
  for (const auto& line : lines) text += line + "\n";
  const Diff diff = read_diff(text, {"f"});
  for (const auto& file : diff.files) {
    for (const auto& hunk : file.hunks) {
      for (const auto& line : hunk.lines) {
        RC_ASSERT(line.offset + line.length <= text.size());
        const std::string raw = text.substr(line.offset, line.length);
        RC_ASSERT(raw.find(line.text) != std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace midwatch::observe::changes
