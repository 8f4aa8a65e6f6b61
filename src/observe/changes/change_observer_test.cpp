#include "src/observe/changes/change_observer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/knowledge/statement.h"
#include "src/knowledge/yaml_files.h"

namespace midwatch::observe::changes {
namespace {

using telemetry::ChangeEvent;
using telemetry::ChangeKind;

const knowledge::KnowledgeBase& knowledge_base() {
  static const knowledge::KnowledgeBase kKnowledge = [] {
    auto files = knowledge::read_yaml_folder(MIDWATCH_SOURCE_DIR "/knowledge");
    return knowledge::build_knowledge(files.value()).value();
  }();
  return kKnowledge;
}

ChangeEvent event(ChangeKind kind, const char* id, int second, const char* entity, const char* diff) {
  ChangeEvent e;
  e.kind = kind;
  e.id = id;
  e.time = base::Timestamp(std::chrono::seconds(second));
  e.entity = entity;
  e.diff = diff;
  e.has_diff = !e.diff.empty();
  e.files = {"services/billing/pool.go"};
  return e;
}

ChangeFindings observe(const std::vector<ChangeEvent>& events) {
  telemetry::Entity billing;
  billing.id = "billing";
  return observe_changes(events, {billing}, knowledge_base(),
                         [](std::uint32_t) { return std::string("changes.ndjson"); });
}

constexpr const char* kDiff =
    "@@ services/billing/pool.go @@\n-\tdb.SetMaxOpenConns(40)\n+\tdb.SetMaxOpenConns(4)\n";

TEST(ObserveChanges, ARecordWithoutWordsIsToldInBothLanguages) {
  ChangeEvent pushed = event(ChangeKind::kDeployment, "sha256:1", 60, "billing", "");
  pushed.summary = "billing imageTags=[1.9.0]";
  pushed.telling.name = "image_pushed";
  pushed.telling.facts.set("repository", "billing");
  pushed.telling.facts.set("tags", "1.9.0");
  const auto found = observe({pushed});
  ASSERT_EQ(found.accounts.size(), 1U);
  EXPECT_EQ(found.accounts[0].told.en, "image pushed to billing, tags 1.9.0");
  EXPECT_EQ(found.accounts[0].told.ja, "billing へのイメージの push（タグ 1.9.0）");
  ASSERT_EQ(found.observations.size(), 1U);
  const auto statement = knowledge::statement_of(found.observations[0], "Billing", knowledge_base());
  EXPECT_EQ(statement.en,
            "Billing: deployment sha256:1: image pushed to billing, tags 1.9.0 at 1970-01-01T00:01:00Z");
  EXPECT_EQ(statement.ja,
            "Billing: 1970-01-01T00:01:00Z に デプロイ sha256:1: billing へのイメージの push（タグ 1.9.0）");
}

TEST(ObserveChanges, TheWordsOfASourceStayAsTheyAre) {
  ChangeEvent commit = event(ChangeKind::kCommit, "abc", 60, "billing", kDiff);
  commit.summary = "Shrink the pool";
  const auto found = observe({commit});
  ASSERT_EQ(found.accounts.size(), 1U);
  EXPECT_EQ(found.accounts[0].told, (model::Text{"Shrink the pool", "Shrink the pool"}));
}

TEST(ObserveChanges, CommitAndDeploymentAreOneContent) {
  const auto found = observe({event(ChangeKind::kCommit, "abc", 10, "", kDiff),
                              event(ChangeKind::kDeployment, "abc", 60, "billing", "")});
  ASSERT_EQ(found.accounts.size(), 1U);
  EXPECT_EQ(found.accounts[0].id, "abc");
  EXPECT_TRUE(found.accounts[0].read);
  ASSERT_EQ(found.accounts[0].reaches.size(), 1U);
  ASSERT_EQ(found.observations.size(), 2U);
  EXPECT_EQ(found.observations[0].type, "change.deployed");
  const auto& content = found.observations[1];
  EXPECT_EQ(content.type, "change.pool.lowered");
  EXPECT_EQ(content.entity, "billing");
  EXPECT_EQ(content.change, "abc");
  EXPECT_EQ(content.onset, base::Timestamp(std::chrono::seconds(60)));
  EXPECT_EQ(content.facts.at("before"), "40");
  EXPECT_EQ(content.facts.at("after"), "4");
}

TEST(ObserveChanges, EvidenceQuotesTheDecisiveLines) {
  const auto found = observe({event(ChangeKind::kCommit, "abc", 10, "", kDiff)});
  ASSERT_EQ(found.observations.size(), 1U);
  const auto& evidence = found.observations[0].evidence.at(0);
  EXPECT_THAT(evidence.excerpt, ::testing::HasSubstr("- db.SetMaxOpenConns(40)"));
  EXPECT_THAT(evidence.excerpt, ::testing::HasSubstr("+ db.SetMaxOpenConns(4)"));
  EXPECT_EQ(evidence.source, "changes.ndjson");
}

TEST(ObserveChanges, TheSameInCodeAndConfigurationIsToldOnce) {
  ChangeEvent commit = event(ChangeKind::kCommit, "abc", 10, "",
                             "@@ services/billing/pool.go @@\n-\tpool_size = 40\n+\tpool_size = 4\n@@ "
                             "services/billing/pool.yaml @@\n-pool_size: 40\n+pool_size: 4\n");
  commit.files = {"services/billing/pool.go", "services/billing/pool.yaml"};
  EXPECT_EQ(observe({commit}).observations.size(), 1U);
}

TEST(ObserveChanges, WhatDoesNothingSaysSo) {
  ChangeEvent commit = event(ChangeKind::kCommit, "abc", 10, "", "@@ a.go @@\n-\t// old\n+\t// new\n");
  const auto found = observe({commit});
  ASSERT_EQ(found.observations.size(), 1U);
  EXPECT_EQ(found.observations[0].type, "change.harmless");
  EXPECT_EQ(found.accounts[0].harmless, "comments");
}

TEST(ObserveChanges, UnreadContentMakesNoClaim) {
  const auto found = observe({event(ChangeKind::kCommit, "abc", 10, "", ""),
                              event(ChangeKind::kDeployment, "abc", 60, "billing", "")});
  ASSERT_EQ(found.observations.size(), 1U);
  EXPECT_EQ(found.observations[0].type, "change.deployed");
  EXPECT_FALSE(found.accounts[0].read);
}

TEST(ObserveChanges, TheOrderOfEventsDoesNotMatter) {
  const auto a = event(ChangeKind::kCommit, "abc", 10, "", kDiff);
  const auto b = event(ChangeKind::kDeployment, "abc", 60, "billing", "");
  const auto c = event(ChangeKind::kFeatureFlag, "new_ui", 20, "billing", "");
  const auto forth = observe({a, b, c});
  const auto back = observe({c, b, a});
  ASSERT_EQ(forth.accounts.size(), back.accounts.size());
  for (std::size_t i = 0; i < forth.accounts.size(); ++i)
    EXPECT_EQ(forth.accounts[i].id, back.accounts[i].id);
}

TEST(ObserveChanges, LongHashesAreQuotedShort) {
  const auto found =
      observe({event(ChangeKind::kCommit, "0123456789abcdef0123456789abcdef01234567", 10, "", kDiff)});
  EXPECT_EQ(found.observations.at(0).facts.at("change"), "0123456789");
  EXPECT_EQ(found.observations.at(0).change, "0123456789abcdef0123456789abcdef01234567");
}

TEST(ObserveChanges, ACallIsNamedByWhatItIsAndWhoMadeItAndStandsInNoFile) {
  ChangeEvent call = event(
      ChangeKind::kPermission, "37995767-6f18-497c-a7d9-34b1a9a9be44", 10, "billing",
      "--- /dev/null\n+++ b/kms/DisableKey.yaml\n@@ -0,0 +1,2 @@\n+eventName: DisableKey\n+keyId: k1\n");
  call.files = {"kms/DisableKey.yaml"};
  call.actor = "security-review";
  call.attributes.set("event_name", "DisableKey");
  call.attributes.set("described", "true");
  const auto found = observe({call});
  EXPECT_THAT(found.accounts.at(0).files, testing::IsEmpty());
  const auto withdrawn = std::find_if(found.observations.begin(), found.observations.end(),
                                      [](const auto& o) { return o.type == "change.resource.withdrawn"; });
  ASSERT_NE(withdrawn, found.observations.end());
  EXPECT_EQ(withdrawn->facts.at("change"), "DisableKey (security-review)");
  EXPECT_FALSE(withdrawn->facts.contains("location"));
  EXPECT_EQ(withdrawn->change, call.id);
}

}  // namespace
}  // namespace midwatch::observe::changes
