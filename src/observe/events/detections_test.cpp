#include "src/observe/events/detections.h"

#include <gtest/gtest.h>

#include "src/knowledge/embedded_knowledge.h"

namespace midwatch::observe::events {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

base::Timestamp minute(int m) {
  return *base::parse_rfc3339("2030-05-01T12:00:00Z") + std::chrono::minutes(m);
}

PlatformEvent detection(const char* entity, const char* source, const char* reason, const char* message,
                        int at = 0) {
  PlatformEvent e;
  e.entity = entity;
  e.source = source;
  e.type = "anomaly";
  e.reason = reason;
  e.message = message;
  e.time = minute(at);
  return e;
}

std::vector<Observation> observed(const std::vector<PlatformEvent>& events) {
  static const auto kKnowledge = knowledge::embedded_knowledge();
  return observe_detections(events, *kKnowledge, [](std::uint32_t) { return std::string("events.ndjson"); });
}

TEST(Detections, SayWhichQuantityMovedWhichWay) {
  const auto found = observed({detection("web", "metric", "up", "container_memory_usage_bytes", 1),
                               detection("web", "metric", "down", "node_cpu_seconds", 2)});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].type, "metric.cpu.down");
  EXPECT_EQ(found[1].type, "metric.memory.up");
  EXPECT_EQ(found[1].onset, minute(1));
}

TEST(Detections, TellFailingFromSlowTraces) {
  const auto found = observed({detection("a", "trace", "503", "GET /a", 1),
                               detection("b", "trace", "ConnectError", "GET /b", 2),
                               detection("c", "trace", "PD", "GET /c", 3)});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].type, "trace.error.own");
  EXPECT_EQ(found[1].type, "trace.error.own");
  EXPECT_EQ(found[2].type, "trace.latency.up");
}

TEST(Detections, OfOneThingAreOneObservationWithTheFirstTime) {
  const auto found = observed(
      {detection("web", "metric", "up", "latency_ms", 5), detection("web", "metric", "up", "latency_ms", 3)});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].facts.at("count"), "2");
  EXPECT_EQ(found[0].onset, minute(3));
}

TEST(Detections, OfOneTimeForEverythingHaveNoTime) {
  const auto found =
      observed({detection("a", "metric", "up", "latency_ms"), detection("b", "metric", "up", "latency_ms")});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FALSE(found[0].onset);
}

TEST(Detections, OfATemplateThatManyLogTellLessOfEach) {
  const auto found =
      observed({detection("a", "log", "template", "shared", 1),
                detection("b", "log", "template", "shared", 2), detection("b", "log", "template", "own", 3)});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[1].subject, "own");
  EXPECT_GT(found[1].strength, found[0].strength);
  EXPECT_DOUBLE_EQ(found[0].strength, found[2].strength);
}

TEST(Detections, LeaveOtherEventsAlone) {
  PlatformEvent restart = detection("web", "kubernetes", "Killing", "Stopping container");
  restart.type = "Normal";
  EXPECT_TRUE(observed({restart}).empty());
}

}  // namespace
}  // namespace midwatch::observe::events
