#include "src/topology/topology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::topology {
namespace {

using telemetry::RelationKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Topology chain() {
  TopologyBuilder b;
  b.relate({"web", "api", RelationKind::kCalls, {}});
  b.relate({"api", "db", RelationKind::kCalls, {}});
  b.relate({"pod-1", "node", RelationKind::kRunsOn, {}});
  b.add({"db", "AWS::RDS::DBInstance", "orders database", {}, {}});
  b.add_instance("api-5c66d57d58-6mp2b", "api");
  return std::move(b).build();
}

TEST(Topology, FindsById_Instance_AndUniqueName) {
  const Topology t = chain();
  EXPECT_EQ(t.id(*t.find("db")), "db");
  EXPECT_EQ(t.id(*t.find("api-5c66d57d58-6mp2b")), "api");
  EXPECT_EQ(t.id(*t.find("orders database")), "db");
  EXPECT_FALSE(t.find("nobody").has_value());
}

TEST(Topology, WalksDependenciesBothWays) {
  const Topology t = chain();
  const EntityIndex web = *t.find("web");
  const EntityIndex db = *t.find("db");
  EXPECT_EQ(t.distances_downstream(web)[db], 2);
  EXPECT_EQ(t.distances_upstream(db)[web], 2);
  EXPECT_FALSE(t.distances_downstream(db)[web].has_value());
  EXPECT_THAT(t.path(web, db), ElementsAre(web, *t.find("api"), db));
  EXPECT_THAT(t.path(db, web), IsEmpty());
}

TEST(Topology, RunningOnIsNoDependency) {
  const Topology t = chain();
  EXPECT_THAT(t.dependencies(*t.find("pod-1")), IsEmpty());
  EXPECT_THAT(t.hosts(*t.find("pod-1")), ElementsAre(*t.find("node")));
  EXPECT_THAT(t.parts(*t.find("node")), ElementsAre(*t.find("pod-1")));
}

TEST(Topology, DoesNotDependOnTheOrderOfInput) {
  TopologyBuilder forward;
  forward.mention("b");
  forward.mention("a");
  TopologyBuilder backward;
  backward.mention("a");
  backward.mention("b");
  const Topology x = std::move(forward).build();
  const Topology y = std::move(backward).build();
  EXPECT_EQ(x.id(0), y.id(0));
  EXPECT_EQ(x.id(0), "a");
}

telemetry::Entity object(const char* id, const char* kind, const char* name) {
  telemetry::Entity e;
  e.id = id;
  e.name = name;
  e.attributes.set("platform.kind", kind);
  return e;
}

TEST(Topology, ANameStandsForWhatRuns) {
  TopologyBuilder b;
  b.add(object("shop/service/web", "service", "web"));
  b.add(object("shop/deployment/web", "workload", "web"));
  b.add(object("shop/pod/a", "pod", "a"));
  b.add(object("test/pod/a", "pod", "a"));
  b.mention("web");
  b.mention("a");
  const Topology t = std::move(b).build();
  EXPECT_EQ(t.id(*t.find("web")), "shop/deployment/web");
  EXPECT_EQ(t.id(*t.find("a")), "a") << "two pods of that name: nobody knows which is meant";
  EXPECT_EQ(t.size(), 5U);
}

TEST(Topology, AnInstanceThatIsOnlyNamedIsItsOwner) {
  TopologyBuilder b;
  b.add(object("shop/deployment/web", "workload", "web"));
  b.add_instance("web-1", "shop/deployment/web");
  b.mention("web-1");
  b.relate({"web-1", "db", RelationKind::kCalls, {}});
  const Topology t = std::move(b).build();
  EXPECT_EQ(t.size(), 2U);
  EXPECT_THAT(t.dependencies(*t.find("web")), ElementsAre(*t.find("db")));
}

TEST(Topology, TheOwnerIsTheOutermostWorkload) {
  TopologyBuilder b;
  b.add(object("shop/cronjob/backup", "job", "backup"));
  b.add(object("shop/job/backup-28912345", "job", "backup-28912345"));
  b.add(object("shop/pod/backup-28912345-x7x2z", "pod", "backup-28912345-x7x2z"));
  b.add(object("node/n1", "node", "n1"));
  b.relate({"shop/cronjob/backup", "shop/job/backup-28912345", RelationKind::kContains, {}});
  b.relate({"shop/job/backup-28912345", "shop/pod/backup-28912345-x7x2z", RelationKind::kContains, {}});
  b.relate({"node/n1", "shop/cronjob/backup", RelationKind::kContains, {}});
  const Topology t = std::move(b).build();
  EXPECT_EQ(t.id(t.owner(*t.find("backup-28912345-x7x2z"))), "shop/cronjob/backup");
  EXPECT_EQ(t.id(t.owner(*t.find("n1"))), "node/n1");
}

TEST(Topology, LoopsAndCyclesEnd) {
  TopologyBuilder b;
  b.relate({"a", "a", RelationKind::kCalls, {}});
  b.relate({"a", "b", RelationKind::kCalls, {}});
  b.relate({"b", "a", RelationKind::kCalls, {}});
  const Topology t = std::move(b).build();
  EXPECT_EQ(t.distances_downstream(0)[1], 1);
  EXPECT_THAT(t.dependencies(0), ElementsAre(1U));
}

}  // namespace
}  // namespace midwatch::topology
