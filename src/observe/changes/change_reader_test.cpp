#include "src/observe/changes/change_reader.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/observe/changes/testing/read_diff.h"

namespace midwatch::observe::changes {
namespace {

using ::testing::Contains;
using testing::read;
using testing::reader;
using testing::types;

TEST(ReadChange, SaysWhereAndFromWhatToWhat) {
  const ReadChange change = read({"svc/pool.go"},
                                 "--- a/svc/pool.go\n+++ b/svc/pool.go\n@@ -40,2 +40,2 @@ func open() {\n "
                                 "\tdb := dial()\n-\tdb.SetMaxOpenConns(40)\n+\tdb.SetMaxOpenConns(4)\n");
  ASSERT_EQ(change.facts.size(), 1U);
  const ChangeFact& fact = change.facts[0];
  EXPECT_EQ(fact.file, "svc/pool.go");
  EXPECT_EQ(fact.line, 41U);
  EXPECT_EQ(fact.symbol, "SetMaxOpenConns");
  EXPECT_EQ(fact.before, "40");
  EXPECT_EQ(fact.after, "4");
  EXPECT_EQ(fact.heading, "func open() {");
  EXPECT_THAT(change.words, Contains("setmaxopenconn"));
}

TEST(ReadChange, TellsALineThatIsGoneRatherThanOneThatStandsAgain) {
  const ReadChange change =
      read({"a/send.py"},
           "@@ a/send.py @@\n-    letter = compose(order)\n-    stamp = postage(letter) or 0\n"
           "+    letter = compose(order)\n+    post(letter)\n");
  ASSERT_FALSE(change.facts.empty());
  EXPECT_THAT(change.facts, Contains(::testing::Field(&ChangeFact::before, "stamp = postage(letter) or 0")));
}

TEST(ReadChange, UnreadContentSaysSo) {
  EXPECT_EQ(read({"a/x.go"}, "").harmless, Harmless::kUnread);
  EXPECT_EQ(read({}, "").harmless, Harmless::kUnread);
  EXPECT_EQ(read({"a/x_test.go"}, "").harmless, Harmless::kInertFiles);
  EXPECT_FALSE(read({"a/x.go"}, "").read);
}

TEST(ReadChange, AFlagIsItsOwnContent) {
  telemetry::ChangeEvent event;
  event.id = "new_pricing";
  event.kind = telemetry::ChangeKind::kFeatureFlag;
  event.summary = "off->on";
  const ReadChange change = reader().read(event);
  ASSERT_EQ(change.facts.size(), 1U);
  EXPECT_EQ(change.facts[0].type, "change.feature.enabled");
  EXPECT_TRUE(change.read);
}

TEST(ReadChange, AFlagThatReachesMoreIsSwitchedOnForThem) {
  const auto type = [](const char* summary) {
    telemetry::ChangeEvent event;
    event.id = "new_pricing";
    event.kind = telemetry::ChangeKind::kFeatureFlag;
    event.summary = summary;
    const ReadChange change = reader().read(event);
    return change.facts.size() == 1 ? change.facts[0].type : std::string();
  };
  EXPECT_EQ(type("rollout 5 % -> 100 %"), "change.feature.enabled");
  EXPECT_EQ(type("50% -> 0%"), "change.feature.disabled");
  EXPECT_EQ(type("blue -> green"), "change.feature.changed");
}

TEST(ReadChange, SecretsAreNotKept) {
  const ReadChange change = read(
      {"conf/app.yaml"}, "@@ conf/app.yaml @@\n-db_password: hunter2hunter2\n+db_password: correcthorse\n");
  for (const auto& fact : change.facts) {
    EXPECT_EQ(fact.after.find("correcthorse"), std::string::npos) << fact.type;
    EXPECT_EQ(fact.before.find("hunter2"), std::string::npos) << fact.type;
  }
}

TEST(Quote, IsAPartOfTheDiff) {
  const std::string diff = "@@ a.yaml @@\n x: 1\n-timeout: 5s\n+timeout: 1s\n y: 2\n";
  const ReadChange change = read({"a.yaml"}, diff);
  ASSERT_FALSE(change.facts.empty());
  EXPECT_EQ(quote(diff, change.diff, change.facts[0], 400), " x: 1\n-timeout: 5s\n+timeout: 1s\n y: 2");
  EXPECT_EQ(quote(diff, change.diff, change.facts[0], 26), "-timeout: 5s\n+timeout: 1s");
}

/// Lines as diffs hold them: pieces of code of several languages, and anything.
rc::Gen<std::string> diff_line() {
  const auto piece = rc::gen::element<std::string>(
      "timeout: 5s", "db.SetMaxOpenConns(4)", "if x == nil {", "for _, id := range ids {", "\tmu.Lock()",
      "\tdb.Query(q)", "}", "retries = 3", "\"a\": 1,", "DROP INDEX i;", "image: a/b:1.2", "level: debug",
      "/* c", "*/", "# x", "'");
  return rc::gen::apply([](char mark, const std::string& text) { return mark + text; },
                        rc::gen::element('+', '-', ' '),
                        rc::gen::oneOf(piece, rc::gen::string<std::string>()));
}

RC_GTEST_PROP(ReadChange, TakesAnything, ()) {
  const auto lines = *rc::gen::container<std::vector<std::string>>(diff_line());
  const auto file =
      *rc::gen::element<std::string>("a.go", "b.yaml", "c.py", "d.sql", "go.mod", "e_test.go", "");
  std::string diff = "@@ " + file + " @@\n";
  for (const auto& line : lines) diff += line + "\n";
  const ReadChange once = read({file}, diff);
  const ReadChange twice = read({file}, diff);
  RC_ASSERT(types(once) == types(twice));
  for (const auto& fact : once.facts) {
    RC_ASSERT(fact.strength > 0 && fact.strength <= 1);
    RC_ASSERT(fact.type.starts_with("change."));
    RC_ASSERT(diff.find(quote(diff, once.diff, fact, 200)) != std::string::npos);
  }
}

RC_GTEST_PROP(ReadChange, TheWayBackIsTheOtherWay, ()) {
  const int a = *rc::gen::inRange(1, 10000);
  const int b = *rc::gen::suchThat(rc::gen::inRange(1, 10000), [&](int x) { return x != a; });
  const auto way = [](int from, int to) {
    return types(read({"a.yaml"}, "@@ a.yaml @@\n-pool_size: " + std::to_string(from) +
                                      "\n+pool_size: " + std::to_string(to) + "\n"));
  };
  RC_ASSERT(way(a, b).contains(b < a ? "change.pool.lowered" : "change.pool.raised"));
  RC_ASSERT(way(b, a).contains(a < b ? "change.pool.lowered" : "change.pool.raised"));
}

RC_GTEST_PROP(ReadChange, LinesThatOnlyMovedSayNothing, ()) {
  auto lines = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "import os", "import sys", "import json", "from a import b", "import re", "from typing import Any"));
  std::string diff = "@@ a.py @@\n";
  for (const auto& line : lines) diff += "-" + line + "\n";
  std::reverse(lines.begin(), lines.end());
  for (const auto& line : lines) diff += "+" + line + "\n";
  const ReadChange change = read({"a.py"}, diff);
  RC_ASSERT(change.facts.empty());
}

}  // namespace
}  // namespace midwatch::observe::changes
