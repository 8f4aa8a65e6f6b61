#include "src/observe/events/platform_events.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "src/knowledge/embedded_knowledge.h"

namespace midwatch::observe::events {
namespace {

using telemetry::PlatformEvent;

base::Timestamp at(const char* text) {
  return *base::parse_rfc3339(text);
}

PlatformEvent event(const char* entity, const char* type, const char* reason, const char* message,
                    const char* time) {
  PlatformEvent e;
  e.entity = entity;
  e.source = "kubernetes";
  e.type = type;
  e.reason = reason;
  e.message = message;
  if (*time != 0) e.time = at(time);
  return e;
}

class PlatformEvents : public testing::Test {
 protected:
  PlatformEvents() {
    telemetry::Entity web;
    web.id = "shop/web";
    web.attributes.set("platform.kind", "workload");
    telemetry::Entity well;
    well.id = "shop/web-1";
    for (const auto& [path, value] :
         {std::pair{"platform.kind", "pod"}, std::pair{"platform.phase", "Running"},
          std::pair{"condition.Ready.status", "True"}, std::pair{"platform.node", "n1"}})
      well.attributes.set(path, value);
    telemetry::Entity ill;
    ill.id = "shop/db-1";
    ill.attributes.set("platform.kind", "pod");
    ill.attributes.set("platform.phase", "Pending");
    topology::TopologyBuilder b;
    b.add(web);
    b.add(well);
    b.add(ill);
    b.relate({"shop/web", "shop/web-1", telemetry::RelationKind::kContains, {}});
    topology_ = std::move(b).build();
  }

  std::vector<model::Observation> observe(const std::vector<PlatformEvent>& events,
                                          std::set<std::string, std::less<>> troubled = {}) const {
    static const knowledge::KnowledgeBase kKnowledge = *knowledge::embedded_knowledge();
    const signs::SignatureMatcher matcher(kKnowledge);
    return observe_platform_events({events, topology_, matcher, at("2030-05-01T12:00:00Z"),
                                    std::move(troubled), [](std::uint32_t) { return std::string("file"); }});
  }

  double strength(const std::vector<model::Observation>& all, std::string_view type) const {
    double strongest = -1;
    for (const auto& o : all) {
      if (o.type == type) strongest = std::max(strongest, o.strength);
    }
    return strongest;
  }

  topology::Topology topology_;
};

TEST_F(PlatformEvents, AreSignsByReasonAndByMessage) {
  const auto o = observe({event("shop/db-1", "Warning", "FailedScheduling",
                                "0/2 nodes are available: 2 Insufficient memory.", "2030-05-01T11:58:00Z")});
  EXPECT_GE(strength(o, "sign.failed_scheduling"), 0.5);
  EXPECT_GE(strength(o, "sign.insufficient_resource"), 0.5);
}

TEST_F(PlatformEvents, BelongToTheOwnerAndAreCountedTogether) {
  auto first = event("shop/web-1", "Warning", "BackOff",
                     "Back-off restarting failed container app in pod web-1_shop(1)", "2030-05-01T11:50:00Z");
  first.count = 4;
  first.attributes.set("first", "2030-05-01T11:20:00Z");
  const auto second =
      event("shop/web-1", "Warning", "BackOff",
            "Back-off restarting failed container app in pod web-1_shop(1)", "2030-05-01T11:59:00Z");
  const auto all = observe({first, second}, {"shop/web"});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].entity, "shop/web");
  EXPECT_EQ(all[0].facts.at("count"), "5");
  EXPECT_EQ(all[0].facts.at("container"), "app");
  EXPECT_FALSE(all[0].evidence.empty());
}

TEST_F(PlatformEvents, CountLittleWhereWhatTheyAreAboutWorksNow) {
  const auto back_off =
      event("shop/web-1", "Warning", "BackOff",
            "Back-off restarting failed container app in pod web-1_shop(1)", "2030-05-01T11:50:00Z");
  EXPECT_LT(strength(observe({back_off}), "sign.crash_loop"), 0.5);
  EXPECT_GE(strength(observe({back_off}, {"shop/web"}), "sign.crash_loop"), 0.5)
      << "its state is trouble still";
  const auto scheduling = event("shop/web-1", "Warning", "FailedScheduling",
                                "0/2 nodes are available: 2 Insufficient cpu.", "2030-05-01T11:50:00Z");
  EXPECT_LT(strength(observe({scheduling}, {"shop/web"}), "sign.insufficient_resource"), 0.5)
      << "it has a node now";
}

TEST_F(PlatformEvents, CountLittleLongBeforeTheAlarm) {
  const auto old = event("shop/db-1", "Warning", "FailedMount",
                         "MountVolume.SetUp failed for volume \"x\" : timed out", "2030-04-28T11:50:00Z");
  EXPECT_LT(strength(observe({old}), "sign.volume_mount_failed"), 0.5);
  auto undated = old;
  undated.time = {};
  EXPECT_GE(strength(observe({undated}), "sign.volume_mount_failed"), 0.5);
}

TEST_F(PlatformEvents, OfTheOrdinarySayNothing) {
  EXPECT_TRUE(
      observe(
          {event("shop/web-1", "Normal", "Pulled", "Successfully pulled image \"x\"", "2030-05-01T11:59:00Z"),
           event("shop/web-1", "Normal", "Scheduled", "Successfully assigned", "2030-05-01T11:59:00Z")})
          .empty());
}

TEST_F(PlatformEvents, NormalOnesMayTellTroubleInWords) {
  const auto o =
      observe({event("shop/db-1", "Normal", "Killing",
                     "Container db failed liveness probe, will be restarted", "2030-05-01T11:59:00Z")});
  EXPECT_GE(strength(o, "sign.liveness_probe_failed"), 0.5);
}

TEST_F(PlatformEvents, WarningsThatNobodyKnowsAreToldWithoutAlarm) {
  const auto o = observe({event("shop/db-1", "Warning", "Strange", "something odd", "2030-05-01T11:59:00Z")});
  ASSERT_EQ(o.size(), 1U);
  EXPECT_EQ(o[0].type, "event.warning");
  EXPECT_LT(o[0].strength, 0.5);
}

TEST_F(PlatformEvents, LeaveOtherSourcesAlone) {
  auto monitor = event("shop/db-1", "monitor", "Alert", "Back-off restarting failed container app in pod x",
                       "2030-05-01T11:59:00Z");
  monitor.source = "datadog";
  EXPECT_TRUE(observe({monitor}).empty());
  EXPECT_FALSE(is_container_platform_event(monitor));
}

}  // namespace
}  // namespace midwatch::observe::events
