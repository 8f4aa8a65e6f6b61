#include "src/observe/templates/template_miner.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::templates {
namespace {

using testing::UnorderedElementsAre;

std::vector<std::string> templates_of(const std::vector<std::string>& lines) {
  TemplateMiner miner;
  for (const auto& line : lines) miner.add(line);
  auto text = miner.finish().text;
  std::sort(text.begin(), text.end());
  return text;
}

/// Which lines are together, as a set of sets of lines.
std::set<std::set<std::string>> groups_of(const std::vector<std::string>& lines) {
  TemplateMiner miner;
  std::vector<SkeletonId> ids;
  for (const auto& line : lines) ids.push_back(miner.add(line));
  const Templates templates = miner.finish();
  std::map<ClusterId, std::set<std::string>> groups;
  for (std::size_t i = 0; i < lines.size(); ++i) groups[templates.cluster_of[ids[i]]].insert(lines[i]);
  std::set<std::set<std::string>> out;
  for (const auto& [id, group] : groups) out.insert(group);
  return out;
}

TEST(TemplateMiner, GroupsLinesThatDifferInValues) {
  EXPECT_THAT(templates_of({"stored order 1 of alice", "stored order 22 of alice", "stopped",
                            "stored order x of alice"}),
              UnorderedElementsAre("stored order <*> of alice", "stopped"));
}

TEST(TemplateMiner, TakesAColumnOfManyWordsForAValue) {
  std::vector<std::string> lines;
  for (const char* name : {"alice", "bob", "carol", "dave", "eve", "frank"})
    lines.push_back(fmt::format("session opened for {} by service", name));
  EXPECT_THAT(templates_of(lines), UnorderedElementsAre("session opened for <*> by service"));
}

TEST(TemplateMiner, TakesAColumnOfFewWordsForDifferentEvents) {
  EXPECT_THAT(
      templates_of({"link on port 1 up", "link on port 2 up", "link on port 1 down", "link on port 3 down"}),
      UnorderedElementsAre("link on port <*> up", "link on port <*> down"));
}

TEST(TemplateMiner, TakesWordsThatStandInTwoPlacesForStates) {
  EXPECT_THAT(templates_of({"task 1 went from new to waiting now", "task 2 went from waiting to running now",
                            "task 3 went from running to done now"}),
              UnorderedElementsAre("task <*> went from <*> to <*> now"));
}

TEST(TemplateMiner, TakesDottedNamesForValues) {
  EXPECT_THAT(
      templates_of({"loaded class org.example.shop.Orders now", "loaded class org.example.shop.Items now"}),
      UnorderedElementsAre("loaded class <*> now"));
}

TEST(TemplateMiner, WritesWhatNeverVariesAsItIs) {
  EXPECT_THAT(templates_of({"login of bob port 1 ssh2 tty=ssh ()", "login of bob port 2 ssh2 tty=ssh ()"}),
              UnorderedElementsAre("login of bob port <*> ssh2 tty=ssh ()"));
}

TEST(TemplateMiner, WritesARunOfValuesInTheFormThatAllLinesHave) {
  EXPECT_THAT(
      templates_of({"from 10.0.0.1:80 to 10.0.0.2:90, 1 [2]", "from 10.0.0.3:70 to 10.0.0.4:60, 5 [6]"}),
      UnorderedElementsAre("from <*>:<*> to <*>:<*>, <*> [<*>]"));
  EXPECT_THAT(templates_of({"fans 1 2 3 ok", "fans 4 5 ok"}), UnorderedElementsAre("fans <*> ok"));
  EXPECT_THAT(templates_of({"from 00:11:22:33:44:55 ok", "from 66:77:88:99:00:11 ok"}),
              UnorderedElementsAre("from <*> ok"));
}

TEST(TemplateMiner, JoinsAUnitThatVariesToItsNumber) {
  EXPECT_THAT(templates_of({"size 1 KB, free 7 MB", "size 3 B, free 9 MB"}),
              UnorderedElementsAre("size <*>, free <*> MB"));
}

TEST(TemplateMiner, KeepsAnEmptyLineAndALineOfMarksApart) {
  EXPECT_THAT(templates_of({"", "---", "***"}), UnorderedElementsAre("", "---", "***"));
}

TEST(TemplateMiner, StaysBoundedAndKeepsKnownTemplatesWithMillionsOfDistinctLines) {
  TemplateMiner miner;
  const auto word = [](std::uint64_t i) {
    std::string out;
    for (i = i * 2654435761U % 1'000'003; out.size() < 6; i /= 26) out += static_cast<char>('a' + i % 26);
    return out;
  };
  constexpr std::uint64_t kLines = 400'000;
  std::vector<SkeletonId> ids;
  for (std::uint64_t i = 0; i < kLines; ++i)
    ids.push_back(miner.add(fmt::format("guest {} bought {} for {}", word(i), word(i + 7), word(i + 13))));
  EXPECT_LE(miner.skeletons(), TemplateMiner::kMaxSkeletons / 2);
  const Templates templates = miner.finish();
  EXPECT_EQ(templates.cluster_of[ids.front()], templates.cluster_of[ids.back()]);
  EXPECT_EQ(templates.text[templates.cluster_of[ids.back()]], "guest <*> bought <*> for <*>");
}

TEST(TemplateMiner, StaysBoundedWhereNothingIsAlike) {
  TemplateMiner miner;
  std::uint64_t state = 1;
  for (int i = 0; i < 30'000; ++i) {
    std::string line;
    for (int w = 0; w < 100; ++w) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      for (int k = 0; k < 8; ++k) line += static_cast<char>('g' + (state >> (k * 7 + 5)) % 20);
      line += ' ';
    }
    miner.add(line);
  }
  EXPECT_LT(miner.skeletons(), 30'000U);
}

/// Lines of a few words from a few shapes: what a property needs to meet itself again.
rc::Gen<std::vector<std::string>> small_logs() {
  const auto word = rc::gen::element<std::string>("open", "close", "12", "a.b.c", "x=1", "x=y", "\"q w\"",
                                                  "[a, b]", "user", "bob", "-", "/p/q", "ms", "eth1");
  return rc::gen::container<std::vector<std::string>>(rc::gen::map(
      rc::gen::container<std::vector<std::string>>(word), [](const std::vector<std::string>& words) {
        std::string line;
        for (const auto& w : words) line += (line.empty() ? "" : " ") + w;
        return line;
      }));
}

RC_GTEST_PROP(TemplateMiner, DoesNotMindTheOrderOfLines, ()) {
  auto lines = *small_logs();
  const auto groups = groups_of(lines);
  std::reverse(lines.begin(), lines.end());
  RC_ASSERT(groups_of(lines) == groups);
}

RC_GTEST_PROP(TemplateMiner, GivesTheSameForTheSame, ()) {
  const auto lines = *small_logs();
  RC_ASSERT(templates_of(lines) == templates_of(lines));
}

RC_GTEST_PROP(TemplateMiner, TakesAnyBytes, (const std::vector<std::string>& lines)) {
  TemplateMiner miner;
  for (const auto& line : lines) miner.add(line);
  const Templates templates = miner.finish();
  RC_ASSERT(templates.cluster_of.size() == miner.skeletons());
  for (const ClusterId c : templates.cluster_of) RC_ASSERT(c < templates.text.size());
}

}  // namespace
}  // namespace midwatch::observe::templates
