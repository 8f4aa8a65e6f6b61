#include "src/investigation/focus.h"

#include <gtest/gtest.h>

namespace midwatch::investigation {
namespace {

using telemetry::RelationKind;

telemetry::Entity object(const char* id, const char* kind, const char* name_space) {
  telemetry::Entity e;
  e.id = id;
  e.name = id;
  e.attributes.set("platform.kind", kind);
  if (*name_space != 0) e.attributes.set("metadata.namespace", name_space);
  return e;
}

topology::Topology cluster() {
  topology::TopologyBuilder b;
  for (const char* id : {"api", "db", "web", "mail"}) b.add(object(id, "workload", "shop"));
  b.add(object("api-1", "pod", "shop"));
  b.add(object("batch", "workload", "jobs"));
  b.add(object("n1", "node", ""));
  b.add(object("n2", "node", ""));
  b.mention("outside");
  b.relate({"api", "api-1", RelationKind::kContains, {}});
  b.relate({"api-1", "n1", RelationKind::kRunsOn, {}});
  b.relate({"api", "db", RelationKind::kReadsFrom, {}});
  b.relate({"web", "api", RelationKind::kCalls, {}});
  return std::move(b).build();
}

double strength_of(const Asked& asked, const topology::Topology& t, const char* entity,
                   const char* type = "state.workload.unavailable") {
  std::vector<model::Observation> observations(1);
  observations.front().type = type;
  observations.front().entity = entity;
  observations.front().strength = 0.9;
  weaken_what_lies_elsewhere(asked, t, observations);
  return observations.front().strength;
}

TEST(Focus, KeepsWhoIsRelated) {
  const auto t = cluster();
  const Asked asked{t.find("api"), ""};
  for (const char* near : {"api", "api-1", "db", "web", "n1", "outside"})
    EXPECT_EQ(strength_of(asked, t, near), 0.9) << near;
  for (const char* far : {"mail", "batch", "n2"}) EXPECT_LT(strength_of(asked, t, far), 0.5) << far;
}

TEST(Focus, AWayThatLeadsNowhereBesideTheOneThatIsAskedForMayBeItsOwn) {
  const auto t = cluster();
  const Asked asked{t.find("api"), ""};
  for (const char* broken : {"state.service.no_endpoints", "state.reference.dangling"}) {
    EXPECT_EQ(strength_of(asked, t, "mail", broken), 0.9) << broken;
    EXPECT_LT(strength_of(asked, t, "batch", broken), 0.5) << "in another namespace: " << broken;
  }
}

TEST(Focus, WhereNoNeighbourIsKnownNothingLiesElsewhere) {
  const auto t = cluster();
  const Asked asked{t.find("mail"), ""};
  for (const char* id : {"mail", "api", "batch"}) EXPECT_EQ(strength_of(asked, t, id), 0.9) << id;
}

TEST(Focus, OnANamespaceKeepsItAndTheNodes) {
  const auto t = cluster();
  const Asked asked{std::nullopt, "jobs"};
  for (const char* near : {"batch", "n1", "n2"}) EXPECT_EQ(strength_of(asked, t, near), 0.9) << near;
  EXPECT_LT(strength_of(asked, t, "api"), 0.5);
}

TEST(Focus, WithoutAQuestionEverythingCounts) {
  const auto t = cluster();
  EXPECT_EQ(strength_of({}, t, "mail"), 0.9);
}

TEST(Focus, WhatGovernsTheNamespaceIsNear) {
  topology::TopologyBuilder b;
  for (const char* id : {"api", "db"}) b.add(object(id, "workload", "shop"));
  b.add(object("lock", "network_policy", "shop"));
  b.add(object("other", "network_policy", "jobs"));
  b.relate({"api", "db", RelationKind::kCalls, {}});
  const auto t = std::move(b).build();
  const Asked asked{t.find("api"), ""};
  EXPECT_EQ(strength_of(asked, t, "lock"), 0.9);
  EXPECT_LT(strength_of(asked, t, "other"), 0.5);
}

}  // namespace
}  // namespace midwatch::investigation
