#include "src/evaluate/world_score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace midwatch::evaluate {
namespace {

using model::Outcome;
using ::testing::HasSubstr;
using ::testing::Not;

model::InvestigationRecord record_of(Outcome outcome, const std::string& entity = "",
                                     const std::string& mode = "", const std::string& change = "",
                                     const std::string& location = "") {
  model::InvestigationRecord record;
  record.outcome = outcome;
  if (outcome == Outcome::kRootCause) {
    model::RootCause cause;
    cause.entity = entity;
    cause.mode = mode;
    cause.change = change;
    cause.location = location;
    cause.probability = 0.9;
    record.root_causes.push_back(cause);
  }
  return record;
}

TEST(WorldScore, AnEntityIsAlsoKnownByItsName) {
  auto record = record_of(Outcome::kRootCause, "apigateway/a1b2c3", "gateway-malformed-response");
  record.names["apigateway/a1b2c3"].name = "orders-api";
  EXPECT_TRUE(
      score_world(record, {Outcome::kRootCause, {"orders-api"}, {"gateway-malformed-response"}, {}, ""})
          .right);
  EXPECT_TRUE(score_world(record, {Outcome::kRootCause, {"orders"}, {"x"}, {"orders-api"}, ""}).decoy_blamed);
}

TEST(WorldScore, OfTwoCausesBothAreNamedInAnyOrder) {
  WorldExpectation wanted{Outcome::kRootCause, {"orders"}, {"unhandled-null"}, {}, ""};
  wanted.also = {"third-party-failure"};
  auto record = record_of(Outcome::kRootCause, "orders", "third-party-failure");
  EXPECT_FALSE(score_world(record, wanted).right) << "one of two is half an answer";
  record.root_causes.push_back(record.root_causes.front());
  record.root_causes.back().mode = "unhandled-null";
  EXPECT_TRUE(score_world(record, wanted).right);
  record.root_causes.front().mode = "oom-kill";
  EXPECT_FALSE(score_world(record, wanted).right) << "the first must be one of them";
}

TEST(WorldScore, HoldsTheFirstCauseAgainstTheTruth) {
  const std::string arn = "arn:aws:lambda:eu-west-1:1:function:orders";
  const WorldExpectation wanted{Outcome::kRootCause, {"orders"}, {"lambda-timeout"}, {"parcels"}, "a.js:3"};
  const WorldExpectation healthy{Outcome::kNothingWrong, {}, {}, {"parcels"}, ""};
  struct Row {
    model::InvestigationRecord record;
    const WorldExpectation& expected;
    bool right_entity, right, wrong, decoy, located;
  };
  for (const Row& row : {
           Row{record_of(Outcome::kRootCause, arn, "lambda-timeout", "", "a.js:3:7"), wanted, true, true,
               false, false, true},
           Row{record_of(Outcome::kRootCause, arn, "lambda-timeout", "", "/var/task/a.js:3"), wanted, true,
               true, false, false, true},
           Row{record_of(Outcome::kRootCause, arn, "lambda-timeout", "", "a.js:33"), wanted, true, true,
               false, false, false},
           Row{record_of(Outcome::kRootCause, arn, "lambda-timeout", "", "/lib/aa.js:3"), wanted, true, true,
               false, false, false},
           Row{record_of(Outcome::kRootCause, "orders", "oom-kill"), wanted, true, false, true, false, false},
           Row{record_of(Outcome::kRootCause, "ecs/main/parcels", "lambda-timeout"), wanted, false, false,
               true, true, false},
           Row{record_of(Outcome::kRootCause, arn, "harmful-change", "deploy of parcels 12"), wanted, true,
               false, true, true, false},
           Row{record_of(Outcome::kInconclusive), wanted, false, false, false, false, false},
           Row{record_of(Outcome::kNothingWrong), healthy, false, true, false, false, false},
           Row{record_of(Outcome::kInconclusive), healthy, false, false, false, false, false},
           Row{record_of(Outcome::kRootCause, arn, "lambda-timeout"), healthy, false, false, true, false,
               false},
       }) {
    const WorldRun run = score_world(row.record, row.expected);
    EXPECT_EQ(run.right_entity, row.right_entity) << run.answered;
    EXPECT_EQ(run.right, row.right) << run.answered;
    EXPECT_EQ(run.asserted_wrong, row.wrong) << run.answered;
    EXPECT_EQ(run.decoy_blamed, row.decoy) << run.answered;
    EXPECT_EQ(run.location_named, row.located) << run.answered;
    EXPECT_EQ(run.control, row.expected.outcome != Outcome::kRootCause);
  }
}

std::vector<WorldRun> some_runs() {
  std::vector<WorldRun> runs;
  for (int i = 1; i <= 20; ++i) {
    WorldRun run;
    run.world = "late|night";
    run.seed = static_cast<std::uint64_t>(i);
    run.right_entity = run.right = i != 7;
    run.answered = i == 7 ? "oom-kill at orders" : "lambda-timeout at orders";
    run.probability = i == 3 ? 0.6 : 0.9;
    run.calls = static_cast<std::size_t>(i);
    run.seconds = i;
    run.dollars = 0.002;
    runs.push_back(run);
  }
  WorldRun control;
  control.world = "a-quiet-night";
  control.control = control.right = true;
  runs.push_back(control);
  return runs;
}

TEST(WorldScore, RowsHoldCountsAndQuantiles) {
  const auto rows = world_rows(some_runs());
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].world, "late|night");  // incidents before controls
  EXPECT_EQ(rows[0].right, 19U);
  EXPECT_EQ(rows[0].calls_median, 10U);
  EXPECT_EQ(rows[0].calls_most, 20U);
  EXPECT_EQ(rows[0].seconds_p95, 19);
  EXPECT_EQ(rows[0].least_probability, 0.6);
  EXPECT_NEAR(rows[0].dollars_mean, 0.002, 1e-9);
  EXPECT_TRUE(rows[1].control);
  EXPECT_EQ(rows[2].runs, 21U);
  EXPECT_EQ(rows[2].entities_asked, 20U);
}

TEST(WorldScore, TablesTellWhatWasMissed) {
  const auto runs = some_runs();
  EXPECT_THAT(worlds_text(runs, true), HasSubstr("oom-kill at orders"));
  EXPECT_THAT(worlds_text(runs, false), Not(HasSubstr("oom-kill at orders")));
  EXPECT_THAT(worlds_markdown(runs, true), HasSubstr(R"(late\|night)"));
  const auto json = worlds_json(runs);
  EXPECT_EQ(json["format"], "midwatch.worlds/v1");
  EXPECT_EQ(json["worlds"].size(), 3U);
  EXPECT_EQ(json["runs"].size(), 21U);
}

}  // namespace
}  // namespace midwatch::evaluate
