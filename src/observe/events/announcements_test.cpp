#include "src/observe/events/announcements.h"

#include <map>

#include <gtest/gtest.h>

namespace midwatch::observe::events {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

base::Timestamp at(int minute) {
  return base::Timestamp(std::chrono::seconds(1780000000)) + std::chrono::minutes(minute);
}

PlatformEvent event(int minute, const std::string& source, const std::string& type,
                    const std::string& message, const std::string& reason = {}) {
  PlatformEvent e;
  e.time = at(minute);
  e.entity = "arn:aws:ecs:r:1:service/web/api";
  e.source = source;
  e.type = type;
  e.reason = reason;
  e.message = message;
  return e;
}

std::map<std::string, Observation> read(const std::vector<PlatformEvent>& events,
                                        std::function<bool(std::string_view)> is_over = {}) {
  static const auto kKnowledge = knowledge::embedded_knowledge();
  static const signs::SignatureMatcher kMatcher(*kKnowledge);
  telemetry::IncidentScope scope;
  scope.window = {at(0), at(30)};
  scope.alarm.time = at(20);
  const topology::Topology topology = topology::TopologyBuilder().build();
  AnnouncementInput input{
      {}, scope, topology, kMatcher, [](std::uint32_t) { return std::string("events"); }, std::move(is_over)};
  for (const auto& e : events) {
    if (is_aws_event(e)) input.events.push_back(&e);
  }
  std::map<std::string, Observation> by_type;
  for (auto& o : read_announcements(input)) by_type.emplace(o.type, o);
  return by_type;
}

TEST(Announcements, WordsAndReasonsAreSigns) {
  const auto seen = read({event(5, "ecs", "service",
                                "(service api) (task 0a) (port 8080) is unhealthy in (target-group arn:g) "
                                "due to (reason Request timed out)."),
                          event(9, "ecs", "service",
                                "(service api) (task 0b) (port 8080) is unhealthy in (target-group arn:g) "
                                "due to (reason Request timed out)."),
                          event(10, "ecs", "service", "(service api) has reached a steady state."),
                          event(11, "elasticloadbalancing", "target_health", "", "Target.Timeout")});
  ASSERT_TRUE(seen.contains("sign.ecs_target_unhealthy"));
  const Observation& o = seen.at("sign.ecs_target_unhealthy");
  EXPECT_EQ(o.onset, at(5));
  EXPECT_EQ(o.evidence.size(), 2U);
  EXPECT_EQ(o.facts.at("why"), "Request timed out");
  EXPECT_TRUE(seen.contains("sign.target_unhealthy"));
}

TEST(Announcements, SourcesAndCategoriesHaveAMeaningOfTheirOwn) {
  const auto seen =
      read({event(1, "autoscaling", "scaling", "Setting desired count to 9."),
            event(2, "health", "issue", "AWS_EC2_OPERATIONAL_ISSUE (open)", "AWS_EC2_OPERATIONAL_ISSUE"),
            event(3, "rds", "failover,notification", "A standby took over."),
            event(4, "rds", "low storage", "Think of your volume.")});
  EXPECT_TRUE(seen.contains("event.scaling"));
  EXPECT_EQ(seen.at("event.provider_incident").facts.at("provider"), "AWS");
  EXPECT_EQ(seen.at("event.failover").onset, at(3));
  EXPECT_EQ(seen.at("sign.db_storage_low").subject, "db_storage_low");
}

TEST(Announcements, WhatIsOverIsRecovered) {
  const auto seen = read({event(4, "rds", "low storage", "DB instance storage is running low")},
                         [](std::string_view signature) { return signature == "db_storage_low"; });
  EXPECT_EQ(seen.size(), 1U);
  EXPECT_TRUE(seen.contains("event.recovered.measured"));
}

TEST(Announcements, OldNewsWeighsLittle) {
  const double fresh = read({event(1, "ecs", "service", "Your Spot Task was interrupted.")})
                           .at("sign.spot_interruption")
                           .strength;
  const double old = read({event(-90, "ecs", "service", "Your Spot Task was interrupted.")})
                         .at("sign.spot_interruption")
                         .strength;
  EXPECT_GT(fresh, 3 * old);
}

TEST(Announcements, OtherSourcesAreLeftAlone) {
  EXPECT_TRUE(read({event(1, "kubernetes", "Warning", "Your Spot Task was interrupted."),
                    event(1, "ecs", "anomaly", "Your Spot Task was interrupted.")})
                  .empty());
}

}  // namespace
}  // namespace midwatch::observe::events
