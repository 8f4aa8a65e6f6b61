#include "src/report/text_report.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/utf8.h"
#include "src/report/html_report.h"
#include "src/report/json_report.h"

namespace midwatch::report {
namespace {

using model::Language;
using testing::HasSubstr;
using testing::Not;

const std::string kLong(300, 'x');

void add_observation(model::InvestigationRecord& record, const std::string& id, const std::string& entity,
                     const std::string& evidence) {
  model::StatedObservation s;
  s.observation.id = id;
  s.observation.entity = entity;
  s.observation.type = "metric.latency.up";
  s.observation.evidence.emplace_back().id = evidence;
  s.statement = {"sentence of " + id + " " + kLong, id + " の文 " + kLong};
  record.observations.push_back(std::move(s));
}

/// A cause with every text longer than the screen has room for, and two observations of one record.
model::RootCause cause_at(model::InvestigationRecord& record, const std::string& name) {
  model::RootCause cause;
  cause.entity = "arn:aws:ecs:eu-west-1:1:service/" + name;
  cause.title = {name + " is slow", name + " が遅延"};
  cause.why = {"why " + kLong, "理由 " + kLong};
  cause.probability = 0.93;
  cause.onset = record.started;
  cause.explains = {name + "1", name + "2", name + "3"};
  add_observation(record, name + "1", cause.entity, "ev-" + name + "-a");
  add_observation(record, name + "2", cause.entity, "ev-" + name + "-a");
  add_observation(record, name + "3", cause.entity, "ev-" + name + "-b");
  cause.chain = {{cause.entity, cause.title, cause.explains}};
  cause.mitigation.operational = cause.mitigation.temporary = true;
  cause.mitigation.summary = {"restart " + name + " " + kLong, name + " を再起動 " + kLong};
  cause.mitigation.steps = {{model::MitigationPhase::kApply, "restart " + name, {}, {}, true}};
  cause.mitigation.permanent_fix = {"for good " + kLong, "恒久 " + kLong};
  cause.spec.requirements = {{"WHEN " + name, "WHEN " + name}};
  record.names[cause.entity] = {name, "AWS::ECS::Service"};
  return cause;
}

model::InvestigationRecord record_of(const std::vector<std::string>& names) {
  model::InvestigationRecord record;
  record.outcome = model::Outcome::kRootCause;
  record.started = *base::parse_rfc3339("2026-01-05T02:11:00.123456789Z");
  for (const auto& name : names) record.root_causes.push_back(cause_at(record, name));
  record.headline = record.root_causes.front().title;
  record.scope.alarm.name = "alarm " + kLong;
  record.scope.alarm.entity = record.root_causes.front().entity;
  record.impact.how_much = {"much " + kLong, "大 " + kLong};
  for (const auto& cause : record.root_causes) record.impact.entities.push_back(cause.entity);
  return record;
}

class FirstScreenOf : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(FirstScreenOf, FitsUnderTwentyFiveLinesOfAHundredColumns) {
  const auto record = record_of(GetParam());
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const std::string screen = text_report(record, {.language = language, .colour = false, .details = false});
    EXPECT_LT(std::count(screen.begin(), screen.end(), '\n'), 25) << screen;
    for (const auto& name : GetParam()) EXPECT_THAT(screen, HasSubstr("$ restart " + name));
    std::string_view rest = screen;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
      EXPECT_LE(base::display_width(rest.substr(0, end)), 100U) << rest.substr(0, end);
      rest.remove_prefix(end + 1);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Causes, FirstScreenOf,
                         testing::Values(std::vector<std::string>{"orders"},
                                         std::vector<std::string>{"orders", "stock"},
                                         std::vector<std::string>{"orders", "stock", "cart"}));

TEST(TextReport, SaysTheNameWithItsKindAndTheArnOnce) {
  const std::string text =
      text_report(record_of({"orders"}), {.language = Language::kEnglish, .colour = false});
  EXPECT_THAT(text, HasSubstr("orders (ECS Service) — arn:aws:ecs:eu-west-1:1:service/orders"));
  const std::size_t first = text.find("arn:aws:ecs");
  EXPECT_EQ(text.find("arn:aws:ecs", first + 1), std::string::npos);
  EXPECT_THAT(text, HasSubstr("2026-01-05T02:11:00Z"));
}

TEST(TextReport, ShowsEachRecordOnceAmongTheReasons) {
  const auto record = record_of({"orders"});
  const std::string screen =
      text_report(record, {.language = Language::kEnglish, .colour = false, .details = false});
  EXPECT_THAT(screen, HasSubstr("sentence of orders1"));
  EXPECT_THAT(screen, Not(HasSubstr("sentence of orders2")));
  EXPECT_THAT(screen, HasSubstr("sentence of orders3"));
}

TEST(TextReport, NamesTheRunnerUpOnlyWhereItIsWorthAWord) {
  for (const auto& [probability, named] : {std::pair{0.004, false}, std::pair{0.04, true}}) {
    auto record = record_of({"orders"});
    model::Hypothesis other;
    other.entity = "other";
    other.title = {"runner-up", "次点候補"};
    other.place_probability = probability;
    record.hypotheses.push_back(other);
    const std::string screen =
        text_report(record, {.language = Language::kEnglish, .colour = false, .details = false});
    EXPECT_EQ(screen.find("next: runner-up") != std::string::npos, named) << probability;
  }
}

TEST(JsonReport, SaysWhatPeopleCallEachEntity) {
  const base::Json report = json_report(record_of({"orders", "stock"}), Language::kEnglish);
  for (const auto& cause : report["root_causes"]) {
    const base::Json& known = report["names"][cause["entity"].get<std::string>()];
    EXPECT_EQ(known["name"], cause["name"]);
    EXPECT_EQ(known["type"], "AWS::ECS::Service");
  }
}

TEST(Reports, CoverTheRemedyOfEveryCause) {
  const auto record = record_of({"orders", "stock"});
  const std::string html = html_report(record, Language::kEnglish);
  const std::string text = text_report(record, {.language = Language::kEnglish, .colour = false});
  for (const auto* name : {"orders", "stock"}) {
    for (const auto& report : {html, text}) {
      EXPECT_THAT(report, HasSubstr(std::string("Mitigation — ") + name + " is slow"));
      EXPECT_THAT(report, HasSubstr(std::string("WHEN ") + name));
    }
  }
}

}  // namespace
}  // namespace midwatch::report
