#include "src/connectors/bundle/entity_ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::connectors::bundle {
namespace {

using telemetry::Entity;
using telemetry::IncidentScope;
using telemetry::TelemetryBatch;
using testing::Contains;
using testing::Not;

Entity decoded(const char* id, const char* type, const char* kind, const char* name, const char* name_space) {
  Entity e;
  e.id = id;
  e.type = type;
  e.name = name;
  e.attributes.set("platform.kind", kind);
  e.attributes.set("metadata.namespace", name_space);
  return e;
}

Entity given(const char* id, const char* type, const char* name_space) {
  Entity e;
  e.id = id;
  e.type = type;
  if (*name_space != 0) e.attributes.set("namespace", name_space);
  return e;
}

std::vector<std::string> ids(const TelemetryBatch& batch) {
  std::vector<std::string> out;
  for (const auto& e : batch.entities) out.push_back(e.id);
  return out;
}

TEST(EntityIds, TheBundlesNameWins) {
  TelemetryBatch batch;
  batch.entities = {given("web", "Deployment", "shop"),
                    decoded("shop/deployment/web", "Deployment", "workload", "web", "shop"),
                    decoded("shop/service/web", "Service", "service", "web", "shop"),
                    decoded("test/deployment/web", "Deployment", "workload", "web", "test")};
  batch.relations = {{"shop/service/web", "shop/deployment/web", telemetry::RelationKind::kRoutesTo, {}}};
  batch.events.push_back({});
  batch.events.back().entity = "shop/deployment/web";
  use_the_bundles_ids({}, batch);
  EXPECT_THAT(ids(batch), Not(Contains("shop/deployment/web")));
  EXPECT_THAT(ids(batch), Contains("test/deployment/web"));
  EXPECT_EQ(batch.relations.front().to, "web");
  EXPECT_EQ(batch.events.front().entity, "web");
}

TEST(EntityIds, ANameThatSeveralShareIsLeftAlone) {
  TelemetryBatch batch;
  batch.entities = {given("web", "", ""), decoded("a/deployment/web", "Deployment", "workload", "web", "a"),
                    decoded("b/deployment/web", "Deployment", "workload", "web", "b")};
  use_the_bundles_ids({}, batch);
  EXPECT_THAT(ids(batch), Contains("a/deployment/web"));
  EXPECT_THAT(ids(batch), Contains("b/deployment/web"));
}

TEST(EntityIds, InstancesOfTheScopeBelongToWhomItSays) {
  TelemetryBatch batch;
  batch.entities = {decoded("shop/pod/web-1", "Pod", "pod", "web-1", "shop")};
  IncidentScope scope;
  scope.instances = {{"web-1", "web"}, {"web-2", "web"}};
  use_the_bundles_ids(scope, batch);
  ASSERT_EQ(batch.relations.size(), 1U);
  EXPECT_EQ(batch.relations.front().from, "web");
  EXPECT_EQ(batch.relations.front().to, "shop/pod/web-1");
  EXPECT_EQ(batch.entities.back().id, "web");
  EXPECT_EQ(batch.entities.back().attributes.get("platform.kind"), "workload");
}

TEST(EntityIds, CandidatesAreNamesToo) {
  TelemetryBatch batch;
  batch.entities = {decoded("shop/statefulset/db", "StatefulSet", "workload", "db", "shop")};
  IncidentScope scope;
  scope.candidates = {"db", "other"};
  use_the_bundles_ids(scope, batch);
  EXPECT_THAT(ids(batch), testing::ElementsAre("db"));
}

}  // namespace
}  // namespace midwatch::connectors::bundle
