#include "src/app/watch/alarm_intake.h"

#include <fstream>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "src/app/watch/folder_archive.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::app {
namespace {

using model::TriageDecision;

class NoCertificates final : public intake::CertificateSource {
 public:
  base::Result<std::string> certificate(const std::string& /*url*/) override {
    return base::external_error(base::ErrorCode::kUnavailable, "no certificate here");
  }
};

struct Alert {
  std::string name;
  std::string instance;
  std::string status = "firing";
  std::string severity = "critical";
};

/// A store, and an Alertmanager that tells it of alarms.
class AlarmIntakeTest : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = TemporaryFolder::make();
    ASSERT_TRUE(folder);
    folder_.emplace(*std::move(folder));
    const std::string secret = folder_->path() + "/secret";
    std::ofstream(secret) << "opensesame\n";
    store_ = *store::sqlite::open_sqlite(":memory:");
    ServeConfig config;
    SpaceConfig& space = config.spaces.emplace_back();
    space.name = "shop";
    space.at_once = 8;
    space.file = folder_->path() + "/space.yaml";
    std::ofstream(space.file) << R"(format: midwatch.space/v1
name: shop
maintenance:
  - { start: 2026-01-05T02:30:00Z, end: 2026-01-05T03:30:00Z, resources: ["service/ledger*"], reason: upgrade }
)";
    space.skip.push_back({.name = "probes", .alarm = "*Probe", .reason = "they fail on purpose"});
    WebhookConfig& webhook = config.webhooks.emplace_back();
    webhook.name = "prometheus";
    webhook.dialect = "alertmanager";
    webhook.space = "shop";
    webhook.secrets.push_back({"", secret});
    auto made = AlarmIntake::make(config, {*store_, feed_, clock_, ids_, certificates_});
    ASSERT_TRUE(made) << made.error().describe();
    intake_ = *std::move(made);
  }

  base::Result<AlarmIntake::Taken> tell(const std::vector<Alert>& alerts,
                                        const std::string& secret = "opensesame") {
    std::string list;
    for (const Alert& alert : alerts)
      list += fmt::format(
          R"({}{{"status":"{}","fingerprint":"{}-{}","startsAt":"{}","endsAt":"2026-01-05T02:20:00Z",)"
          R"("labels":{{"alertname":"{}","service":"{}","severity":"{}"}},"annotations":{{"summary":"{} is failing"}}}})",
          list.empty() ? "" : ",", alert.status, alert.name, alert.instance, since_, alert.name,
          alert.instance, alert.severity, alert.instance);
    http::ServerRequest request;
    request.method = "POST";
    request.target = "/webhooks/prometheus";
    request.headers.emplace_back("Authorization", "Bearer " + secret);
    if (!trace_parent_.empty()) request.headers.emplace_back("traceparent", trace_parent_);
    request.body =
        fmt::format(R"({{"version":"4","groupKey":"g{}","status":"firing","alerts":[{}]}})", ++told_, list);
    last_ = request;
    return intake_->take("prometheus", request);
  }

  TriageDecision decision(const Alert& alert) {
    const auto taken = tell({alert});
    EXPECT_TRUE(taken) << taken.error().describe();
    EXPECT_EQ(taken->receipt.alarms.size(), 1U);
    return taken->receipt.alarms[0].triage.decision;
  }

  std::vector<model::Incident> incidents() {
    std::vector<model::Incident> out;
    EXPECT_TRUE(store_->read([&](store::Session& session) -> base::Result<> {
      out = session.incidents({}, "", 500)->items;
      return {};
    }));
    return out;
  }

  base::ManualClock clock_{*base::parse_rfc3339("2026-01-05T02:01:00Z")};
  base::SequentialIdGenerator ids_;
  api::ChangeFeed feed_;
  NoCertificates certificates_;
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<AlarmIntake> intake_;
  http::ServerRequest last_;
  int told_ = 0;
  std::string since_ = "2026-01-05T02:00:00Z";
  std::string trace_parent_;
};

TEST_F(AlarmIntakeTest, AnAlarmOpensAnIncidentWhichIsInvestigated) {
  const auto taken = tell({{"Errors", "orders"}});
  ASSERT_TRUE(taken) << taken.error().describe();
  EXPECT_TRUE(taken->investigates);
  const auto all = incidents();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].severity, model::Severity::kCritical);
  ASSERT_TRUE(store_->read([&](store::Session& session) -> base::Result<> {
    const auto queued = session.investigation(all[0].investigation);
    EXPECT_EQ(queued->status, model::InvestigationStatus::kQueued);
    EXPECT_FALSE(queued->start.entity.empty() && queued->start.question.empty());
    EXPECT_EQ(session.alarms_of(all[0].id)->size(), 1U);
    return {};
  }));
  EXPECT_EQ(feed_.last(), 1U);
}

TEST_F(AlarmIntakeTest, AnInvestigationKnowsTheTraceInWhichItsAlarmWasSent) {
  const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
  for (const auto& [service, header, kept] :
       {std::tuple{"orders", parent, parent}, {"ledger", std::string("00-nonsense"), std::string()}}) {
    trace_parent_ = header;
    ASSERT_TRUE(tell({{"Errors", service}}));
    const std::string id = incidents().front().investigation;
    ASSERT_TRUE(store_->read([&, &expected = kept](store::Session& session) -> base::Result<> {
      EXPECT_EQ(session.investigation(id)->trace_parent, expected);
      return {};
    }));
  }
}

TEST_F(AlarmIntakeTest, WhatIsToldTwiceIsStoredOnce) {
  ASSERT_TRUE(tell({{"Errors", "orders"}}));
  const auto again = intake_->take("prometheus", last_);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->receipt.duplicate);
  EXPECT_FALSE(again->investigates);
  EXPECT_EQ(incidents()[0].alarms, 1U);
}

TEST_F(AlarmIntakeTest, WhoCannotProveWhoTheyAreIsNotHeard) {
  const auto refused = tell({{"Errors", "orders"}}, "wrong");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kUnauthenticated);
  EXPECT_EQ(intake_->take("nobody", last_).error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(incidents().empty());
}

TEST_F(AlarmIntakeTest, WhatIsResolvedResolvesItsIncidentAndOpensItAgain) {
  EXPECT_EQ(decision({"Errors", "orders"}), TriageDecision::kProceed);
  clock_.advance(std::chrono::minutes(5));
  EXPECT_EQ(decision({"Errors", "orders", "resolved"}), TriageDecision::kLinked);
  ASSERT_EQ(incidents().size(), 1U);
  EXPECT_EQ(incidents()[0].status, model::IncidentStatus::kResolved);
  EXPECT_EQ(incidents()[0].firing, 0U);
  clock_.advance(std::chrono::minutes(5));
  EXPECT_EQ(decision({"Errors", "orders"}), TriageDecision::kLinked) << "it flaps";
  ASSERT_EQ(incidents().size(), 1U);
  EXPECT_EQ(incidents()[0].status, model::IncidentStatus::kOpen);
  EXPECT_EQ(incidents()[0].alarms, 1U);
}

TEST_F(AlarmIntakeTest, AClockThatIsSetLosesNothingAndTellsNothingTwice) {
  for (const auto jump : {std::chrono::hours(5), std::chrono::hours(-10), std::chrono::hours(5)}) {
    EXPECT_NE(decision({"Errors", "orders"}), TriageDecision::kSkipped);
    ASSERT_TRUE(tell({{"Latency", "orders"}}));
    const auto told = last_;
    clock_.advance(jump);
    const auto again = intake_->take("prometheus", told);
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_TRUE(again->receipt.duplicate);
    EXPECT_EQ(decision({"Errors", "orders"}), TriageDecision::kLinked) << "it fires on";
    EXPECT_EQ(decision({"Errors", "orders", "resolved"}), TriageDecision::kLinked);
    EXPECT_EQ(decision({"Latency", "orders", "resolved"}), TriageDecision::kLinked);
    const auto all = incidents();
    EXPECT_EQ(all.front().status, model::IncidentStatus::kResolved);
    EXPECT_EQ(all.front().firing, 0U);
    EXPECT_EQ(decision({"Errors", "orders"}), TriageDecision::kLinked) << "it flaps";
    EXPECT_EQ(incidents().front().firing, 1U);
    EXPECT_EQ(decision({"Errors", "orders", "resolved"}), TriageDecision::kLinked);
    EXPECT_EQ(incidents().front().status, model::IncidentStatus::kResolved);
  }
}

TEST_F(AlarmIntakeTest, ASkippedAlarmIsKeptWithItsReason) {
  const auto taken = tell({{"HealthProbe", "orders"}});
  ASSERT_TRUE(taken);
  const auto& triage = taken->receipt.alarms[0].triage;
  EXPECT_EQ(triage.decision, TriageDecision::kSkipped);
  EXPECT_EQ(triage.rule, "probes");
  EXPECT_NE(triage.reason.en.find("they fail on purpose"), std::string::npos);
  EXPECT_FALSE(taken->investigates);
  EXPECT_TRUE(incidents().empty());
}

TEST_F(AlarmIntakeTest, WhatStillFiresAfterAMaintenanceIsDecidedAgain) {
  const auto at = [&](const char* time) { clock_.advance(*base::parse_rfc3339(time) - clock_.now()); };
  const auto decisions = [&] {
    std::map<std::string, TriageDecision> all;
    EXPECT_TRUE(store_->read([&](store::Session& session) -> base::Result<> {
      const auto page = session.alarms({{{"shop"}}}, "", 500);
      for (const auto& stored : page->items) all.emplace(stored.alarm.name, stored.triage.decision);
      return {};
    }));
    return all;
  };
  since_ = "2026-01-05T02:40:00Z";
  at("2026-01-05T02:41:00Z");
  for (const char* name : {"Stays", "Ends"}) EXPECT_EQ(decision({name, "ledger"}), TriageDecision::kSkipped);
  EXPECT_EQ(decision({"StaysToo", "ledger-2"}), TriageDecision::kSkipped);
  at("2026-01-05T03:31:00Z");
  EXPECT_EQ(decision({"Ends", "ledger", "resolved"}), TriageDecision::kSkipped);
  EXPECT_EQ(*intake_->decide_again(), false) << "what recovers with it has a little time";
  at("2026-01-05T03:35:00Z");
  EXPECT_EQ(*intake_->decide_again(), true);
  const auto after = decisions();
  EXPECT_EQ(after.at("Stays"), TriageDecision::kProceed);
  EXPECT_EQ(after.at("StaysToo"), TriageDecision::kProceed);
  EXPECT_EQ(after.at("Ends"), TriageDecision::kSkipped);
  ASSERT_EQ(incidents().size(), 2U);
  EXPECT_EQ(incidents()[0].firing, 1U);
  EXPECT_EQ(*intake_->decide_again(), false) << "once";
  EXPECT_EQ(decision({"Stays", "ledger", "resolved"}), TriageDecision::kLinked);
}

TEST_F(AlarmIntakeTest, AStormEndsInFewIncidentsAndLosesNothing) {
  std::size_t kept = 0;
  for (int message = 0; message < 20; ++message) {
    std::vector<Alert> alerts;
    for (int i = 0; i < 50; ++i)
      alerts.push_back({fmt::format("Errors{}", message), fmt::format("svc-{}", i % 5)});
    for (std::size_t i = 0; i < alerts.size(); ++i) alerts[i].name += fmt::format("-{}", i);
    const auto taken = tell(alerts);
    ASSERT_TRUE(taken) << taken.error().describe();
    kept += taken->receipt.alarms.size();
  }
  EXPECT_EQ(kept, 1000U);
  const auto all = incidents();
  EXPECT_LE(all.size(), 8U) << "no more than the space may investigate at once";
  std::size_t stored = 0;
  ASSERT_TRUE(store_->read([&](store::Session& session) -> base::Result<> {
    std::string after;
    do {
      const auto page = session.alarms({{{"shop"}}}, after, 500);
      stored += page->items.size();
      after = page->next;
    } while (!after.empty());
    return {};
  }));
  EXPECT_EQ(stored, 1000U);
}

}  // namespace
}  // namespace midwatch::app
