#include "src/app/watch/alarm_poller.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::app {
namespace {

using base::Json;
using clients::aws::api::ApiRequest;

constexpr const char* kArn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:";

/// An account whose alarms change when they are told to.
class FakeAccount final : public clients::aws::api::Api {
 public:
  void change(const std::string& name, const std::string& state, base::Timestamp time) {
    states_[name] = {state, time};
    const Json data{{"newState", {{"stateValue", state}, {"stateReason", "because " + name}}}};
    history_.push_back({{"AlarmName", name},
                        {"Timestamp", base::format_rfc3339(time)},
                        {"HistoryItemType", "StateUpdate"},
                        {"HistoryData", base::dump_json(data)}});
  }

  base::Result<Json> call(const runtime::RequestContext& /*context*/, const ApiRequest& request) override {
    ++asked[request.operation];
    if (refused == request.operation)
      return base::external_error(base::ErrorCode::kPermissionDenied,
                                  "the IAM action cloudwatch:" + refused + " is not allowed");
    if (request.operation == "DescribeAlarmHistory") return Json{{"AlarmHistoryItems", since(request.input)}};
    Json alarms = Json::array();
    for (const auto& [name, state] : states_) {
      const Json& names = base::list_at(request.input, "AlarmNames");
      const bool named = std::find(names.begin(), names.end(), name) != names.end();
      if (!named && base::text_at(request.input, "StateValue") != state.first) continue;
      alarms.push_back({{"AlarmName", name},
                        {"AlarmArn", kArn + name},
                        {"StateValue", state.first},
                        {"StateReason", "because " + name},
                        {"StateTransitionedTimestamp", base::format_rfc3339(state.second)},
                        {"MetricName", "Errors"},
                        {"Namespace", "AWS/Lambda"},
                        {"Dimensions", {{{"Name", "FunctionName"}, {"Value", name}}}}});
    }
    return Json{{"MetricAlarms", alarms}};
  }
  base::Result<clients::aws::api::CodePackage> fetch_code(const runtime::RequestContext& /*context*/,
                                                          const ApiRequest& /*request*/) override {
    return base::user_error(base::ErrorCode::kUnsupported, "there is no code here");
  }

  std::string refused;  ///< an operation
  std::map<std::string, int> asked;

 private:
  Json since(const Json& input) const {
    const auto most =
        static_cast<std::size_t>(base::number_at(input, "PaginationConfig", "MaxItems").value_or(0));
    Json items = Json::array();
    for (const Json& item : history_)
      if (items.size() < most && base::text_at(item, "Timestamp") >= base::text_at(input, "StartDate"))
        items.push_back(item);
    return items;
  }

  std::map<std::string, std::pair<std::string, base::Timestamp>> states_;
  Json history_ = Json::array();
};

class NoCertificates final : public intake::CertificateSource {
 public:
  base::Result<std::string> certificate(const std::string& /*url*/) override {
    return base::external_error(base::ErrorCode::kUnavailable, "no certificate here");
  }
};

/// A space that is polled every minute, and that SNS may tell of the same alarms.
class AlarmPollerTest : public testing::Test {
 protected:
  void SetUp() override {
    space_.name = "shop";
    space_.polling.emplace().alarms = {"shop-*"};
    ServeConfig config;
    config.spaces.push_back(space_);
    WebhookConfig& sns = config.webhooks.emplace_back();
    sns.name = "sns";
    sns.dialect = "cloudwatch-sns";
    sns.space = "shop";
    sns.unauthenticated = true;
    auto made = AlarmIntake::make(config, {*store_, feed_, clock_, ids_, certificates_});
    ASSERT_TRUE(made) << made.error().describe();
    intake_ = *std::move(made);
  }

  AlarmPoller poller(const std::string& process) {
    AlarmPoller::Parts parts{*store_, *intake_, clock_, process, {}, {}, {}};
    parts.open = [this]() -> base::Result<OpenedSpace> {
      // It outlives whoever polls.
      return OpenedSpace{std::shared_ptr<clients::aws::api::Api>(&account_, [](auto*) {}), {}};
    };
    parts.on_queued = [this] { ++queued_; };
    parts.log = [this](const base::LogRecord& record) {
      troubles_.push_back(base::log_line(record, {}, base::LogFormat::kText));
    };
    return AlarmPoller(std::move(parts), space_);
  }
  void look(const std::string& process = "a") { poller(process).poll({}); }
  void wait(std::chrono::seconds time) { clock_.advance(time); }

  void tell_by_sns(const std::string& name, const std::string& state, base::Timestamp time) {
    std::string when = base::format_rfc3339(std::chrono::floor<std::chrono::milliseconds>(time));
    when.pop_back();
    const Json message{{"AlarmName", name},
                       {"AlarmArn", kArn + name},
                       {"NewStateValue", state},
                       {"StateChangeTime", when + "+0000"},
                       {"Trigger",
                        {{"MetricName", "Errors"},
                         {"Namespace", "AWS/Lambda"},
                         {"Dimensions", {{{"name", "FunctionName"}, {"value", name}}}}}}};
    http::ServerRequest request;
    request.body = base::dump_json({{"Type", "Notification"},
                                    {"MessageId", fmt::format("m-{}", ++messages_)},
                                    {"Message", base::dump_json(message)}});
    const auto taken = intake_->take("sns", request);
    EXPECT_TRUE(taken) << taken.error().describe();
  }

  /// "name state sender decision", the oldest first.
  std::vector<std::string> alarms() {
    std::vector<std::string> all;
    EXPECT_TRUE(store_->read([&](store::Session& session) -> base::Result<> {
      const auto page = session.alarms({}, "", 500);
      for (auto stored = page->items.rbegin(); stored != page->items.rend(); ++stored)
        all.push_back(fmt::format("{} {} {} {}", stored->alarm.name, to_string(stored->alarm.state),
                                  stored->alarm.sender, to_string(stored->triage.decision)));
      return {};
    }));
    return all;
  }
  Json standing() {
    auto json = AlarmPoller::standing(*store_, space_);
    return json ? *std::move(json) : Json();
  }

  base::ManualClock clock_{*base::parse_rfc3339("2026-01-05T02:00:00.123456Z")};
  std::unique_ptr<store::Store> store_ = *store::sqlite::open_sqlite(":memory:");
  base::Uuid7Generator ids_{clock_};
  api::ChangeFeed feed_;
  NoCertificates certificates_;
  FakeAccount account_;
  SpaceConfig space_;
  std::unique_ptr<AlarmIntake> intake_;
  std::vector<std::string> troubles_;
  int queued_ = 0;
  int messages_ = 0;
};

using Lines = std::vector<std::string>;

TEST_F(AlarmPollerTest, TellsOfEachChangeOnceWhoeverLooks) {
  account_.change("shop-old", "ALARM", clock_.now() - std::chrono::hours(3));
  account_.change("shop-new", "ALARM", clock_.now() - std::chrono::minutes(5));
  account_.change("bank-new", "ALARM", clock_.now() - std::chrono::minutes(5));
  look();
  Lines told{"shop-new firing polling:cloudwatch proceed"};
  EXPECT_EQ(alarms(), told) << "neither what people know of already, nor what is not wanted";
  EXPECT_EQ(queued_, 1);
  look();
  wait(std::chrono::seconds(60));
  look("b");
  EXPECT_EQ(account_.asked["DescribeAlarms"], 2) << "it is the turn of another process";
  account_.change("shop-short", "ALARM", clock_.now() - std::chrono::seconds(50));
  account_.change("shop-short", "OK", clock_.now() - std::chrono::seconds(10));
  account_.change("shop-new", "OK", clock_.now() - std::chrono::seconds(9));
  account_.change("shop-new", "INSUFFICIENT_DATA", clock_.now() - std::chrono::seconds(5));
  look();
  for (const char* line :
       {"shop-short firing polling:cloudwatch proceed", "shop-short resolved polling:cloudwatch linked",
        "shop-new resolved polling:cloudwatch linked"})
    told.emplace_back(line);
  EXPECT_EQ(alarms(), told);
  account_.change("shop-late", "ALARM", clock_.now() - std::chrono::seconds(61));
  wait(std::chrono::minutes(3));
  look("b");
  told.emplace_back("shop-late firing polling:cloudwatch proceed");
  EXPECT_EQ(alarms(), told) << "the turn ran out, and another goes on from where it ended";
  EXPECT_EQ(standing()["changes"], 5);
  EXPECT_TRUE(troubles_.empty());
}

TEST_F(AlarmPollerTest, WhatAWebhookToldIsNoSecondAlarm) {
  look();
  wait(std::chrono::seconds(60));
  const auto fired = clock_.now() - std::chrono::seconds(20);
  account_.change("shop-a", "ALARM", fired);
  tell_by_sns("shop-a", "ALARM", fired);
  look();
  const Lines by_sns{"shop-a firing sns proceed"};
  EXPECT_EQ(alarms(), by_sns);
  wait(std::chrono::seconds(60));
  account_.change("shop-a", "OK", clock_.now());
  look();
  tell_by_sns("shop-a", "OK", clock_.now());
  tell_by_sns("shop-a", "ALARM", fired);
  EXPECT_EQ(alarms(), (Lines{"shop-a firing sns proceed", "shop-a resolved polling:cloudwatch linked"}))
      << "the message came late";
  wait(std::chrono::seconds(60));
  tell_by_sns("shop-a", "ALARM", clock_.now());
  EXPECT_EQ(alarms().back(), "shop-a firing sns linked") << "it flaps";
}

TEST_F(AlarmPollerTest, SaysWhatIsMissingWhileItFails) {
  look();
  account_.refused = "DescribeAlarmHistory";
  account_.change("shop-a", "ALARM", clock_.now() + std::chrono::seconds(1));
  for (int i = 0; i < 3; ++i) {
    wait(std::chrono::seconds(60));
    look();
  }
  EXPECT_TRUE(alarms().empty());
  const Json failure = standing()["failure"];
  EXPECT_NE(base::text_at(failure, "what").find("cloudwatch:DescribeAlarmHistory"), std::string::npos);
  EXPECT_EQ(base::text_at(failure, "since"), "2026-01-05T02:01:00.123456Z");
  EXPECT_FALSE(troubles_.empty());
  account_.refused.clear();
  wait(std::chrono::seconds(60));
  look();
  EXPECT_EQ(alarms(), Lines{"shop-a firing polling:cloudwatch proceed"});
  EXPECT_FALSE(standing().contains("failure"));
}

TEST_F(AlarmPollerTest, MoreAtOnceThanOneLookReadsIsReadByTheNext) {
  look();
  wait(std::chrono::seconds(60));
  for (int i = 0; i < 2500; ++i)
    account_.change("bank", "OK", clock_.now() - std::chrono::seconds(50) + std::chrono::milliseconds(i));
  account_.change("shop-a", "ALARM", clock_.now() - std::chrono::seconds(20));
  account_.change("shop-a", "OK", clock_.now() - std::chrono::seconds(10));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(alarms().empty()) << i;
    look();
    wait(std::chrono::seconds(60));
  }
  EXPECT_EQ(alarms(),
            (Lines{"shop-a firing polling:cloudwatch proceed", "shop-a resolved polling:cloudwatch linked"}));
  look();
  EXPECT_EQ(alarms().size(), 2U);
}

TEST_F(AlarmPollerTest, AClockThatJumpsLosesNothing) {
  look();
  wait(std::chrono::hours(5));
  look();
  wait(-std::chrono::hours(5));
  wait(std::chrono::seconds(60));
  account_.change("shop-a", "ALARM", clock_.now());
  look();
  EXPECT_EQ(alarms(), Lines{"shop-a firing polling:cloudwatch proceed"});
}

}  // namespace
}  // namespace midwatch::app
