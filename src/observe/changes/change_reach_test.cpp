#include "src/observe/changes/change_reach.h"

#include <gtest/gtest.h>

namespace midwatch::observe::changes {
namespace {

using model::ReachKind;
using telemetry::ChangeEvent;
using telemetry::ChangeKind;

base::Timestamp at(int minute) {
  return base::Timestamp(std::chrono::minutes(minute));
}

ChangeEvent commit(std::string id, int minute, std::vector<std::string> files) {
  ChangeEvent event;
  event.id = std::move(id);
  event.kind = ChangeKind::kCommit;
  event.time = at(minute);
  event.files = std::move(files);
  return event;
}

ChangeEvent deployment(const std::string& commit_id, int minute, std::string entity) {
  ChangeEvent event;
  event.id = "deploy-" + commit_id + entity;
  event.kind = ChangeKind::kDeployment;
  event.time = at(minute);
  event.entity = std::move(entity);
  event.attributes.set("commit", commit_id);
  return event;
}

std::vector<telemetry::Entity> entities(const std::vector<std::string>& ids) {
  std::vector<telemetry::Entity> out;
  for (const auto& id : ids) {
    out.emplace_back();
    out.back().id = id;
  }
  return out;
}

/// "entity:kind@minute …" of the commit `id`.
std::string reaches(const std::vector<ChangeEvent>& events, const std::vector<std::string>& known,
                    const std::string& id) {
  const ReachFinder finder(events, entities(known));
  std::vector<const ChangeEvent*> same;
  std::vector<std::string> files;
  for (const auto& event : events) {
    if (commit_of(event) != id) continue;
    same.push_back(&event);
    if (event.kind == ChangeKind::kCommit) files = event.files;
  }
  std::string out;
  for (const auto& reach : finder.reaches(same, files)) {
    const char* kind = reach.kind == ReachKind::kDeployed  ? "deployed"
                       : reach.kind == ReachKind::kCarried ? "carried"
                       : reach.kind == ReachKind::kPath    ? "path"
                                                           : "likely";
    const auto minute =
        std::chrono::duration_cast<std::chrono::minutes>(reach.since.time_since_epoch()).count();
    out += (out.empty() ? "" : " ") + reach.entity + ":" + kind + "@" + std::to_string(minute);
  }
  return out;
}

TEST(Reach, ADeploymentBringsItsCommit) {
  EXPECT_EQ(
      reaches({commit("a", 1, {"pkg/x.go"}), deployment("a", 5, "billing")}, {"billing", "search"}, "a"),
      "billing:deployed@5");
}

TEST(Reach, SharedFilesTravelWithTheNextDeployment) {
  const std::vector<ChangeEvent> events = {commit("lib", 1, {"pkg/codec/codec.go"}),
                                           commit("b", 3, {"services/billing/a.go"}),
                                           deployment("b", 5, "billing")};
  EXPECT_EQ(reaches(events, {"billing", "search"}, "lib"), "billing:carried@5");
  EXPECT_EQ(reaches({events[0]}, {"billing", "search"}, "lib"), "billing:likely@1 search:likely@1");
}

TEST(Reach, ADeploymentBuiltBeforeTheCommitDoesNotCarryIt) {
  const std::vector<ChangeEvent> events = {commit("b", 1, {"services/billing/a.go"}),
                                           commit("lib", 3, {"pkg/codec/codec.go"}),
                                           deployment("b", 5, "billing")};
  EXPECT_EQ(reaches(events, {"billing"}, "lib"), "");
}

TEST(Reach, APathNamesItsComponent) {
  EXPECT_EQ(reaches({commit("a", 1, {"services/billing/pool.go"})}, {"billingservice", "search-svc"}, "a"),
            "billingservice:path@1");
  EXPECT_EQ(reaches({commit("a", 1, {"deploy/search.yaml"})}, {"billingservice", "search-svc"}, "a"),
            "search-svc:path@1");
  EXPECT_EQ(reaches({commit("a", 1, {"services/other/pool.go"})}, {"billingservice", "search-svc"}, "a"), "");
}

TEST(Reach, DeploymentsTeachWhoseAFolderIs) {
  const std::vector<ChangeEvent> events = {commit("a", 1, {"ml/src/model.py"}), deployment("a", 2, "ranker"),
                                           commit("b", 3, {"ml/src/train.py"}),
                                           commit("c", 4, {"ml/src/serve.py"}), deployment("c", 6, "ranker")};
  EXPECT_EQ(reaches(events, {"ranker", "web"}, "b"), "ranker:carried@6");
}

TEST(Reach, InertFilesReachNobody) {
  EXPECT_EQ(reaches({commit("a", 1, {"docs/billing.md", "services/billing/a_test.go"})}, {"billing"}, "a"),
            "");
  EXPECT_EQ(reaches({commit("a", 1, {"deploy/staging/billing.yaml"})}, {"billing"}, "a"), "");
}

TEST(Reach, ACanaryReachesItsInstancesOnly) {
  ChangeEvent canary = deployment("a", 5, "billing");
  canary.instances = {"billing-1"};
  const std::vector<ChangeEvent> events = {commit("a", 1, {"x.go"}), canary};
  const ReachFinder finder(events, entities({"billing"}));
  const auto found = finder.reaches({&events[0], &events[1]}, {"x.go"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].instances, std::vector<std::string>{"billing-1"});
}

TEST(CommitOf, IsTheAttributeOrTheId) {
  ChangeEvent event;
  event.id = "rollout-7";
  EXPECT_EQ(commit_of(event), "rollout-7");
  event.attributes.set("commit.id", "abc");
  EXPECT_EQ(commit_of(event), "abc");
}

}  // namespace
}  // namespace midwatch::observe::changes
