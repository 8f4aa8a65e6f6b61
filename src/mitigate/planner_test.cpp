#include "src/mitigate/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/mitigate/command_facts.h"

namespace midwatch::mitigate {
namespace {

using model::MitigationPhase;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Argument {
  std::string text;
  bool plain;
};

class PlainArgument : public testing::TestWithParam<Argument> {};

TEST_P(PlainArgument, IsToldFromEverythingElse) {
  EXPECT_EQ(is_plain_argument(GetParam().text), GetParam().plain) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    , PlainArgument,
    testing::Values(Argument{"orders", true}, Argument{"shop/orders:1.4.2", true},
                    Argument{"/aws/lambda/orders", true}, Argument{"arn:aws:ecs:x", true},
                    Argument{"registry.local:5000/a@sha256:0f", true}, Argument{"", false},
                    Argument{"a b", false}, Argument{"; rm -rf /", false}, Argument{"$(reboot)", false},
                    Argument{"`reboot`", false}, Argument{"a;b", false}, Argument{"a|b", false},
                    Argument{"a&b", false}, Argument{"a>b", false}, Argument{"a\nb", false},
                    Argument{"a\tb", false}, Argument{std::string("a\0b", 3), false}, Argument{"-A", false},
                    Argument{"--all", false}, Argument{"@secrets", false},
                    Argument{"file:///etc/passwd", false}, Argument{"http://x/y", false},
                    Argument{"'a'", false}, Argument{"\"a\"", false}, Argument{"a*", false},
                    Argument{"~root", false}, Argument{"a{b}", false}, Argument{"注文", false},
                    Argument{std::string(401, 'a'), false}));

knowledge::StepTemplate step(MitigationPhase phase, std::string command,
                             std::vector<std::string> types = {}) {
  return {phase, std::move(types), std::move(command), {"does {entity}", "{entity} を実行"}, {"none", "なし"},
          true};
}

/// A mode, a hypothesis and an entity to plan for.
struct Setting {
  knowledge::FailureMode mode;
  model::Hypothesis hypothesis;
  telemetry::Entity entity;
  telemetry::ChangeEvent change;

  Setting() {
    mode.advice.operational = true;
    mode.advice.temporary = true;
    mode.advice.mitigation = {"Restart {entity}.", "{entity} を再起動します。"};
    mode.advice.permanent_fix = {"Fix {entity}.", "{entity} を直します。"};
    mode.why = {"{entity} broke since {onset}.", "{onset} から {entity} が故障。"};
    hypothesis.entity = "shop/deployment/orders";
    hypothesis.facts["entity"] = "orders";
    entity.id = hypothesis.entity;
    entity.type = "Deployment";
    entity.name = "orders";
    change.id = "7c1d2e8";
    change.kind = telemetry::ChangeKind::kCommit;
  }
  PlanInput input(bool with_change = false) const {
    return {&mode, &hypothesis, &entity, with_change ? &change : nullptr, {}};
  }
};

std::vector<std::string> commands(const model::MitigationPlan& plan) {
  std::vector<std::string> out;
  for (const auto& s : plan.steps) out.push_back(s.command);
  return out;
}

TEST(Plan, FillsCommandsFromTheEntityAndOrdersThePhases) {
  Setting s;
  s.entity.attributes.set("replicas.desired", "3");
  s.mode.advice.steps = {
      step(MitigationPhase::kRollback,
           "kubectl -n {namespace} scale deployment/{name} --replicas={replicas}"),
      step(MitigationPhase::kApply,
           "kubectl -n {namespace} scale deployment/{name} --replicas={replicas_next}", {"Deploy*"}),
      step(MitigationPhase::kPrepare, "kubectl -n {namespace} get pods")};
  const auto plan = plan_mitigation(s.input());
  EXPECT_TRUE(plan.operational);
  EXPECT_TRUE(plan.temporary);
  EXPECT_THAT(commands(plan),
              ElementsAre("kubectl -n shop get pods", "kubectl -n shop scale deployment/orders --replicas=4",
                          "kubectl -n shop scale deployment/orders --replicas=3"));
  EXPECT_EQ(plan.summary.en, "Restart orders.");
  EXPECT_EQ(plan.steps.front().effect.ja, "orders を実行");
}

TEST(Plan, TakesTheAddressOutOfAnArn) {
  Setting s;
  s.hypothesis.entity = s.entity.id = "arn:aws:ecs:eu-west-1:123456789012:service/prod/orders";
  s.entity.name.clear();
  s.entity.type = "AWS::ECS::Service";
  s.mode.advice.steps = {step(MitigationPhase::kApply,
                              "aws ecs update-service --region {region} --cluster {cluster} --service {name}",
                              {"AWS::ECS::*"})};
  EXPECT_THAT(commands(plan_mitigation(s.input())),
              ElementsAre("aws ecs update-service --region eu-west-1 --cluster prod --service orders"));
}

TEST(Plan, LeavesOutStepsOfOtherPlatformsAndWithOpenPlaces) {
  Setting s;
  s.mode.advice.steps = {step(MitigationPhase::kApply, "aws rds reboot {name}", {"AWS::RDS::*"}),
                         step(MitigationPhase::kApply, "restart {name} in {cluster}"),
                         step(MitigationPhase::kPrepare, "look at {name}"),
                         step(MitigationPhase::kPostValidate, "look again at {name}")};
  const auto plan = plan_mitigation(s.input());
  EXPECT_FALSE(plan.operational);
  EXPECT_FALSE(plan.temporary);
  EXPECT_THAT(commands(plan), ElementsAre("look at orders"));
  EXPECT_THAT(plan.summary.en, HasSubstr("No command can be filled"));
  EXPECT_THAT(plan.summary.en, HasSubstr("Restart orders."));
  EXPECT_THAT(plan.summary.ja, HasSubstr("orders を再起動"));
}

TEST(Plan, SaysWhereOperationsCannotHelp) {
  Setting s;
  s.mode.advice.operational = false;
  const auto plan = plan_mitigation(s.input());
  EXPECT_FALSE(plan.operational);
  EXPECT_THAT(plan.summary.en, HasSubstr("Operations cannot help here."));
}

TEST(Plan, RevertsOnlyAChangeWhoseContentWasRead) {
  for (const char* command :
       {"git revert {commit}", "kubectl -n {namespace} rollout undo deployment/{name}"}) {
    Setting s;
    s.mode.advice.steps = {step(MitigationPhase::kApply, command)};
    EXPECT_FALSE(plan_mitigation(s.input()).operational) << command;
    EXPECT_FALSE(plan_mitigation(s.input(true)).operational) << command;
    EXPECT_THAT(plan_mitigation(s.input(true)).summary.en, HasSubstr("content of the change was not read"));
    s.change.has_diff = true;
    EXPECT_TRUE(plan_mitigation(s.input(true)).operational) << command;
  }
}

TEST(Plan, KnowsTheCommitOfADeployment) {
  Setting s;
  s.change.kind = telemetry::ChangeKind::kDeployment;
  s.change.id = "deploy-9";
  s.change.has_diff = true;
  s.mode.advice.steps = {step(MitigationPhase::kApply, "git revert {commit}")};
  EXPECT_FALSE(plan_mitigation(s.input(true)).operational);
  s.change.attributes.set("commit", "7c1d2e8");
  EXPECT_THAT(commands(plan_mitigation(s.input(true))), ElementsAre("git revert 7c1d2e8"));
}

class HostileFact : public testing::TestWithParam<std::string> {};

TEST_P(HostileFact, NeverBecomesACommand) {
  Setting s;
  s.mode.advice.steps = {step(MitigationPhase::kApply, "restart {host}"),
                         step(MitigationPhase::kPrepare, "show {name}")};
  s.hypothesis.facts["host"] = GetParam();
  EXPECT_THAT(commands(plan_mitigation(s.input())), ElementsAre("show orders"));
  s.entity.name = GetParam();
  EXPECT_TRUE(plan_mitigation(s.input()).steps.empty());
}

INSTANTIATE_TEST_SUITE_P(, HostileFact,
                         testing::Values("; rm -rf /", "$(reboot)", "`reboot`", "a\nreboot", "--force", "a b",
                                         "@f", "|sh", "file:///etc/shadow", "{name}"));

TEST(Plan, AFactOfTelemetryDoesNotRedirectACommand) {
  Setting s;
  s.hypothesis.facts["name"] = "payments";
  s.hypothesis.facts["namespace"] = "kube-system";
  s.mode.advice.steps = {step(MitigationPhase::kApply, "kubectl -n {namespace} delete pod {name}")};
  EXPECT_THAT(commands(plan_mitigation(s.input())), ElementsAre("kubectl -n shop delete pod orders"));
}

TEST(Plan, TextsAreHarmlessOnATerminal) {
  Setting s;
  s.hypothesis.facts["entity"] = "or\x1b[31mders\u202E";
  const auto plan = plan_mitigation(s.input());
  EXPECT_THAT(plan.summary.en, Not(HasSubstr("\x1b")));
  EXPECT_THAT(plan.summary.en, Not(HasSubstr("\u202E")));
}

TEST(Spec, NamesTheProblemRequirementsAndFiles) {
  Setting s;
  s.hypothesis.onset = base::Timestamp(std::chrono::seconds(60));
  s.hypothesis.location = "src/store.ts:88:24";
  s.change.files = {"config/app.yaml", "src/store.ts"};
  s.mode.advice.requirements = {
      {"WHEN {entity} THE SYSTEM SHALL wait {seconds}.", "{entity} のとき、システムは待つものとする。"}};
  s.mode.advice.acceptance = {{"{entity} waits.", "{entity} が待つ。"}};
  const auto spec = write_spec(s.input(true));
  EXPECT_EQ(spec.problem.en, "orders broke since 1970-01-01T00:01:00Z.");
  ASSERT_EQ(spec.requirements.size(), 1U);
  EXPECT_EQ(spec.requirements[0].en, "WHEN orders THE SYSTEM SHALL wait (unknown seconds).");
  EXPECT_THAT(spec.files, ElementsAre("src/store.ts", "config/app.yaml"));
}

TEST(Joined, ThePlansOfSeveralCausesCoverEachOnce) {
  model::MitigationPlan first;
  first.summary = {"Restart a.", "a を再起動します。"};
  first.steps = {{MitigationPhase::kPrepare, "show", {}, {}, true},
                 {MitigationPhase::kApply, "restart a", {}, {}, true}};
  first.operational = first.temporary = true;
  first.permanent_fix = {"Fix a.", "a を直します。"};
  model::MitigationPlan second;
  second.summary = {"Grow b.", "b を拡張します。"};
  second.steps = {{MitigationPhase::kPrepare, "show", {}, {}, true},
                  {MitigationPhase::kPreValidate, "look at b", {}, {}, true}};
  second.permanent_fix = first.permanent_fix;

  const model::MitigationPlan all = join_plans({first, second});
  EXPECT_EQ(all.summary.en, "Restart a. Grow b.");
  EXPECT_EQ(all.summary.ja, "a を再起動します。b を拡張します。");
  EXPECT_EQ(all.permanent_fix.en, "Fix a.");
  EXPECT_TRUE(all.operational);
  EXPECT_TRUE(all.temporary);
  std::vector<std::string> commands;
  for (const auto& s : all.steps) commands.push_back(s.command);
  EXPECT_THAT(commands, ElementsAre("show", "look at b", "restart a"));
  EXPECT_TRUE(join_plans({}).steps.empty());
}

TEST(Joined, TheSpecificationsOfSeveralCausesCoverEachOnce) {
  const model::ChangeSpec a{{"A.", "あ。"}, {{"r1", "r1"}}, {{"same", "同じ"}}, {"a.cpp", "b.cpp"}};
  const model::ChangeSpec b{{"B.", "い。"}, {{"r2", "r2"}}, {{"same", "同じ"}}, {"b.cpp"}};
  const model::ChangeSpec all = join_specs({a, b});
  EXPECT_EQ(all.problem.en, "A. B.");
  EXPECT_EQ(all.problem.ja, "あ。い。");
  EXPECT_EQ(all.requirements.size(), 2U);
  EXPECT_EQ(all.acceptance.size(), 1U);
  EXPECT_THAT(all.files, ElementsAre("a.cpp", "b.cpp"));
}

}  // namespace
}  // namespace midwatch::mitigate
