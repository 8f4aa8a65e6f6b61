#include "src/diagnose/dependency_graph.h"

#include <gtest/gtest.h>

#include "src/diagnose/testing/case_builder.h"
#include "src/diagnose/testing/test_knowledge.h"

namespace midwatch::diagnose {
namespace {

using testing::CaseBuilder;

struct Graph {
  explicit Graph(CaseBuilder& builder)
      : file(builder.build()), suspects(file, testing::small_knowledge()), graph(file, suspects) {}

  std::optional<int> steps(const std::string& from, const std::string& to) const {
    return graph.distance(*suspects.find(from), *suspects.find(to));
  }

  CaseFile file;
  Suspects suspects;
  DependencyGraph graph;
};

TEST(DependencyGraph, FollowsCallsDownwards) {
  CaseBuilder builder;
  builder.calls("web", "orders").calls("orders", "store").candidates({"web", "orders", "store"});
  const Graph g(builder);
  EXPECT_EQ(g.steps("web", "store"), 2);
  EXPECT_EQ(g.steps("store", "web"), std::nullopt);
  EXPECT_EQ(g.graph.below(*g.suspects.find("web")).size(), 2U);
  EXPECT_EQ(g.graph.above(*g.suspects.find("store")).size(), 2U);
}

TEST(DependencyGraph, ReachesThroughWhoIsNoCandidate) {
  CaseBuilder builder;
  builder.calls("web", "proxy").calls("proxy", "store").candidates({"store", "web"});
  const Graph g(builder);
  EXPECT_EQ(g.steps("web", "store"), 1);
}

TEST(DependencyGraph, WhatThePodsOfAWorkloadRunOnIsBelowIt) {
  CaseBuilder builder;
  builder.contains("web", "web-1")
      .runs_on("web-1", "node")
      .calls("web-1", "store")
      .candidates({"node", "store", "web"});
  const Graph g(builder);
  EXPECT_EQ(g.steps("web", "node"), 1);
  EXPECT_EQ(g.steps("web", "store"), 1);
  EXPECT_EQ(g.steps("node", "store"), std::nullopt) << "a node does not call for its pods";
}

TEST(DependencyGraph, GivesUndirectedEdgesTheDirectionAwayFromTheEntry) {
  CaseBuilder builder;
  for (const auto& [a, b] : {std::pair{"web", "orders"}, std::pair{"orders", "store"}})
    builder.calls(a, b).calls(b, a);
  builder.candidates({"web", "orders", "store"}).sees("web", "trace.latency.up").fact("caller", "a browser");
  const Graph g(builder);
  EXPECT_EQ(g.steps("web", "store"), 2);
  EXPECT_EQ(g.steps("store", "web"), std::nullopt);
}

TEST(DependencyGraph, ATraceDecidesADirection) {
  CaseBuilder builder;
  builder.related("orders", "store")
      .candidates({"orders", "store"})
      .sees("store", "trace.latency.up")
      .fact("caller", "orders");
  const Graph g(builder);
  EXPECT_EQ(g.steps("orders", "store"), 1);
  EXPECT_EQ(g.steps("store", "orders"), std::nullopt);
}

TEST(DependencyGraph, CyclesEnd) {
  CaseBuilder builder;
  builder.calls("a", "b").calls("b", "c").calls("c", "a").candidates({"a", "b", "c"});
  const Graph g(builder);
  EXPECT_EQ(g.steps("a", "c"), 2);
  EXPECT_EQ(g.steps("c", "a"), 1);
}

}  // namespace
}  // namespace midwatch::diagnose
