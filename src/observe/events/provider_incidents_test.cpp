#include "src/observe/events/provider_incidents.h"

#include <gtest/gtest.h>

namespace midwatch::observe::events {
namespace {

base::Timestamp at(int minute) {
  return base::Timestamp(std::chrono::minutes(minute));
}

telemetry::PlatformEvent page(const char* service, const char* status, int minute, const char* message = "") {
  telemetry::PlatformEvent event;
  event.source = "mailco-status-page";
  event.entity = service;
  event.type = status;
  event.time = at(minute);
  event.message = message;
  return event;
}

model::Observation error(const char* entity, const char* sample, int minute = 100) {
  model::Observation o;
  o.entity = entity;
  o.type = "log.error.new";
  o.strength = 0.9;
  o.onset = at(minute);
  o.facts["sample"] = sample;
  return o;
}

/// "type@entity" of what is observed with some strength.
std::string told(const telemetry::PlatformEvent& event, const std::vector<model::Observation>& observations) {
  telemetry::IncidentScope scope;
  scope.window = {at(0), at(1000)};
  std::string out;
  for (const auto& o : observe_provider_incidents(
           {event}, observations, scope, [](std::uint32_t) { return std::string("events.ndjson"); })) {
    if (o.strength >= 0.3) out += (out.empty() ? "" : " ") + o.type + "@" + o.entity;
  }
  return out;
}

TEST(ProviderIncidents, AreSeenWhereTroubleNamesThem) {
  const auto trouble = {error("notify", "MailCo send failed: 503"), error("search", "index corrupt")};
  EXPECT_EQ(told(page("MailCo API", "major_outage", 95), trouble), "event.provider_incident@notify");
  EXPECT_EQ(told(page("Amazon Simple Queue Service (SQS)", "degraded", 95),
                 {error("notify", "sqs SendMessage failed")}),
            "event.provider_incident@notify");
}

TEST(ProviderIncidents, AreSeenWhereAHostHasTheirNameInOneWord) {
  EXPECT_EQ(told(page("Tall Maps API", "degraded", 95),
                 {error("route", "529 overloaded from api.tallmaps.example")}),
            "event.provider_incident@route");
  EXPECT_EQ(told(page("Tall Maps API", "degraded", 95),
                 {error("route", "529 overloaded from api.bluesky.example")}),
            "");
}

TEST(ProviderIncidents, OfOthersTouchNobody) {
  EXPECT_EQ(told(page("PayCo API", "major_outage", 95), {error("notify", "MailCo send failed: 503")}), "");
}

TEST(ProviderIncidents, OfAnotherRegionTouchNobody) {
  const auto trouble = {error("notify", "sqs SendMessage failed region=eu-west-1")};
  EXPECT_EQ(told(page("Amazon Simple Queue Service (SQS)", "degraded", 95, "errors in us-east-1"), trouble),
            "");
  EXPECT_EQ(told(page("Amazon Simple Queue Service (SQS)", "degraded", 95, "errors in eu-west-1"), trouble),
            "event.provider_incident@notify");
}

TEST(ProviderIncidents, OperatingNormallyIsNone) {
  EXPECT_EQ(told(page("MailCo API", "operating-normally", 95, "No issues."),
                 {error("notify", "MailCo send failed")}),
            "");
}

TEST(ProviderIncidents, TheEndIsARecovery) {
  EXPECT_EQ(told(page("MailCo API", "resolved", 130), {error("notify", "MailCo send failed")}),
            "event.recovered@notify");
}

TEST(ProviderIncidents, OldOnesCountLess) {
  telemetry::IncidentScope scope;
  scope.window = {at(0), at(10'000)};
  const auto strength = [&](int minute) {
    return observe_provider_incidents({page("MailCo API", "degraded", minute)},
                                      {error("notify", "MailCo send failed", 1000)}, scope,
                                      [](std::uint32_t) { return std::string(); })
        .at(0)
        .strength;
  };
  EXPECT_GT(strength(990), strength(100));
}

TEST(ProviderIncidents, TheRegionIsToldApart) {
  telemetry::IncidentScope scope;
  scope.window = {at(0), at(1000)};
  const auto found = observe_provider_incidents(
      {page("MailCo API", "degraded", 95, "power loss in one availability zone of us-east-1")},
      {error("notify", "MailCo send failed")}, scope, [](std::uint32_t) { return std::string(); });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].facts.at("impairment"), "region");
  EXPECT_EQ(found[0].facts.at("region"), "us-east-1");
}

TEST(ProviderIncidents, OtherEventsAreLeftAlone) {
  telemetry::PlatformEvent event = page("MailCo API", "degraded", 95);
  event.source = "kubelet";
  EXPECT_FALSE(is_provider_event(event));
}

}  // namespace
}  // namespace midwatch::observe::events
