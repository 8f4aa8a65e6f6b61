#include "src/app/world_evaluation.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/bundle_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/app/metered_api.h"
#include "src/app/sandbox_export.h"
#include "src/app/world_loading.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"

namespace midwatch::app {
namespace {

using ::testing::HasSubstr;

// Each world of the program, asked over HTTP with signed requests as an account would be.
TEST(EvaluateWorlds, EveryWorldIsUnderstood) {
  const base::SystemClock clock;
  WorldEvaluation what;
  what.seeds = 1;
  what.jobs = 2;
  what.deadline = std::chrono::minutes(20);  // what is found must not depend on how fast this machine is
  const auto runs = evaluate_worlds(what, clock);
  ASSERT_TRUE(runs) << runs.error().describe();
  EXPECT_GE(runs->size(), 4U);
  for (const auto& run : *runs) {
    EXPECT_EQ(run.error, "") << run.world;
    EXPECT_TRUE(run.right) << run.world << ": " << run.answered;
    EXPECT_FALSE(run.decoy_blamed) << run.world << ": " << run.answered;
    EXPECT_GT(run.calls, 0U) << run.world;
    EXPECT_LE(run.calls, 80U) << run.world;
    EXPECT_EQ(run.location_named, run.location_asked) << run.world << ": " << run.answered;
  }
}

// What somebody saved of an account holds less than the account: then less may be said, but nothing wrong.
TEST(EvaluateWorlds, WhatWasSavedOfAWorldIsNeverMisunderstood) {
  const base::ManualClock clock{base::Timestamp(std::chrono::hours(1))};
  const auto knowledge = load_knowledge("");
  ASSERT_TRUE(knowledge);
  const auto worlds = list_worlds("");
  ASSERT_TRUE(worlds);
  std::size_t named = 0;
  for (const auto& name : *worlds) {
    const connectors::bundle::testing::TemporaryFolder folder;
    const std::string saved = folder.path() + "/saved";
    ASSERT_TRUE(export_world({name, 2, saved})) << name;
    const auto record = investigate_bundle({saved, "", 1, {}}, *knowledge, clock);
    ASSERT_TRUE(record) << name;
    const auto truth = load_world(name, 2)->truth;
    if (truth.outcome != "root_cause") continue;
    EXPECT_NE(record->outcome, model::Outcome::kNothingWrong) << name;
    if (record->root_causes.empty()) continue;
    ++named;
    std::vector<std::string> right = truth.modes;
    right.insert(right.end(), truth.also.begin(), truth.also.end());
    EXPECT_THAT(right, ::testing::Contains(record->root_causes.front().mode)) << name;
  }
  EXPECT_GE(named, worlds->size() * 3 / 4);
}

TEST(EvaluateWorlds, AWorldThatCannotBeReadIsToldWithItsPlace) {
  const connectors::bundle::testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/wrong.yaml";
  std::ofstream(path) << "world: wrong\ntitle: wrong\nno-such-key: 1\n";
  const base::SystemClock clock;
  WorldEvaluation what;
  what.worlds = folder.path();
  const auto runs = evaluate_worlds(what, clock);
  ASSERT_FALSE(runs);
  EXPECT_THAT(runs.error().describe(), HasSubstr("wrong.yaml"));
  EXPECT_THAT(runs.error().describe(), HasSubstr("no-such-key"));
}

TEST(EvaluateWorlds, AnAbsentFolderIsTold) {
  const base::SystemClock clock;
  WorldEvaluation what;
  what.worlds = "/nowhere/worlds";
  const auto runs = evaluate_worlds(what, clock);
  ASSERT_FALSE(runs);
  EXPECT_THAT(runs.error().describe(), HasSubstr("/nowhere/worlds"));
}

TEST(PriceOf, CountsWhatAwsCharges) {
  const base::Json two_metrics{{"MetricDataQueries", {{{"Id", "a"}}, {{"Id", "b"}}}}};
  const base::Json scanned{{"statistics", {{"bytesScanned", 2e9}}}};
  const base::Json traces{{"TraceSummaries", {1, 2, 3}}};
  struct Row {
    clients::aws::api::ApiRequest request;
    base::Json answer;
    double dollars;
  };
  for (const Row& row : {
           Row{{"cloudwatch", "GetMetricData", "", two_metrics}, {}, 0.00002},
           Row{{"cloudwatch", "DescribeAlarms", "", {}}, {}, 0.00001},
           Row{{"logs", "GetQueryResults", "", {}}, scanned, 0.01},
           Row{{"logs", "FilterLogEvents", "", {}}, {}, 0},
           Row{{"xray", "GetTraceSummaries", "", {}}, traces, 1.5e-6},
           Row{{"ecs", "DescribeTasks", "", {}}, {}, 0},
       }) {
    EXPECT_NEAR(price_of(row.request, row.answer), row.dollars, 1e-12) << row.request.operation;
  }
}

}  // namespace
}  // namespace midwatch::app
