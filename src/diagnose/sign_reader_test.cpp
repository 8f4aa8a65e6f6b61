#include "src/diagnose/sign_reader.h"

#include <gtest/gtest.h>

#include "src/diagnose/testing/case_builder.h"
#include "src/diagnose/testing/test_knowledge.h"

namespace midwatch::diagnose {
namespace {

using knowledge::Place;
using testing::CaseBuilder;

struct Reading {
  explicit Reading(CaseBuilder& builder)
      : file(builder.build()),
        suspects(file, testing::small_knowledge()),
        graph(file, suspects),
        reader(file, suspects, graph) {}

  Sighting at(const std::string& see, const std::string& entity, Place place = Place::kSelf) {
    return reader.at(reader.intern(see, {}), *suspects.find(entity), place);
  }

  CaseFile file;
  Suspects suspects;
  DependencyGraph graph;
  SignReader reader;
};

CaseBuilder chain() {
  CaseBuilder builder;
  builder.calls("web", "orders").calls("orders", "store").candidates({"web", "orders", "store"});
  return builder;
}

TEST(SignReader, TellsNotSeenFromNobodyLooked) {
  auto builder = chain();
  builder.looked("log").looked_at("orders", "log").looked_at("store", "metric.cpu");
  Reading r(builder);
  EXPECT_TRUE(r.at("log.error.new", "orders").looked);
  EXPECT_FALSE(r.at("log.error.new", "store").looked);
  EXPECT_TRUE(r.at("metric.cpu.up", "store").looked);
  EXPECT_FALSE(r.at("metric.memory.up", "store").looked);
}

TEST(SignReader, OnlySpansCanSayWhereTheTimeGoes) {
  auto builder = chain();
  builder.looked("trace");
  Reading r(builder);
  EXPECT_TRUE(r.at("trace.latency.up", "web").looked);
  EXPECT_FALSE(r.at("trace.edge_delay.up", "web").looked);
}

TEST(SignReader, PlacesAreSeenFromTheSuspect) {
  auto builder = chain();
  builder.sees("store", "metric.cpu.up", 0.8).sees("web", "log.error.new", 0.6);
  Reading r(builder);
  EXPECT_DOUBLE_EQ(r.at("metric.cpu.up", "orders").strength, 0);
  EXPECT_DOUBLE_EQ(r.at("metric.cpu.up", "orders", Place::kDependencies).strength, 0.8);
  EXPECT_DOUBLE_EQ(r.at("log.error.new", "orders", Place::kDependents).strength, 0.6);
  EXPECT_DOUBLE_EQ(r.at("log.error.new", "orders", Place::kAffected).strength, 0.6);
  EXPECT_DOUBLE_EQ(r.at("metric.cpu.up", "web", Place::kAnywhere).strength, 0.8);
}

TEST(SignReader, PeersShareAHost) {
  CaseBuilder builder;
  builder.runs_on("orders", "node").runs_on("batch", "node").runs_on("web", "other");
  builder.candidates({"batch", "node", "orders", "web"})
      .sees("batch", "metric.cpu.up", 0.9)
      .sees("web", "metric.cpu.up", 0.7);
  Reading r(builder);
  EXPECT_DOUBLE_EQ(r.at("metric.cpu.up", "orders", Place::kPeers).strength, 0.9);
  EXPECT_DOUBLE_EQ(r.at("metric.cpu.up", "orders", Place::kHosts).strength, 0);
}

TEST(SignReader, ASmallEffectBesideALargeOneIsWeak) {
  auto builder = chain();
  builder.sees("store", "trace.self_time.up")
      .magnitude(4.0)
      .sees("orders", "trace.self_time.up")
      .magnitude(0.4);
  Reading r(builder);
  EXPECT_NEAR(r.at("trace.self_time.up", "store").strength, 1.0, 1e-9);
  EXPECT_NEAR(r.at("trace.self_time.up", "orders").strength, 0.1, 0.02);
}

TEST(SignReader, TheAlarmsOwnSeriesReplacesThatComparisonForMetrics) {
  auto builder = chain();
  builder.alarm("web", "latency", 0)
      .sees("store", "metric.latency.up")
      .magnitude(4.0)
      .sees("orders", "metric.latency.up")
      .magnitude(0.4);
  Reading r(builder);
  EXPECT_DOUBLE_EQ(r.at("metric.latency.up", "orders").strength, 1.0);
}

TEST(SignReader, OneMovedMetricOfManyIsWorthLessThanAllOfThem) {
  auto builder = chain();
  builder.sees("store", "metric.memory.up")
      .subject("rss")
      .sees("store", "metric.memory.up")
      .subject("working set");
  builder.sees("orders", "metric.memory.up").subject("rss");
  Reading r(builder);
  EXPECT_DOUBLE_EQ(r.at("metric.memory.up", "store").strength, 1.0);
  EXPECT_DOUBLE_EQ(r.at("metric.memory.up", "orders").strength, 0.75);
}

TEST(SignReader, ConditionsNarrowASign) {
  auto builder = chain();
  builder.sees("web", "state.container.terminated").fact("exit_code", "137");
  Reading r(builder);
  const auto with = [&](const char* code) {
    return r.reader
        .at(r.reader.intern("state.container.terminated", {{"exit_code", code}}), *r.suspects.find("web"))
        .strength;
  };
  EXPECT_DOUBLE_EQ(with("137|9"), 1.0);
  EXPECT_DOUBLE_EQ(with("1"), 0.0);
}

TEST(SignReader, MeanElsewhereLeavesTheSuspectOut) {
  auto builder = chain();
  builder.looked("metric")
      .looked_at("web", "metric.cpu")
      .looked_at("orders", "metric.cpu")
      .sees("store", "metric.cpu.up", 1.0)
      .sees("web", "metric.cpu.up", 0.5);
  Reading r(builder);
  double count = 0;
  EXPECT_DOUBLE_EQ(
      r.reader.mean_elsewhere(r.reader.intern("metric.cpu.up", {}), *r.suspects.find("store"), count), 0.25);
  EXPECT_DOUBLE_EQ(count, 2);
}

}  // namespace
}  // namespace midwatch::diagnose
