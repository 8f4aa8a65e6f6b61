#include "src/notify/deliverer.h"

#include <future>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "src/base/ids.h"
#include "src/base/try.h"
#include "src/http/curl_client.h"
#include "src/http/testing/imposter_server.h"
#include "src/http/testing/scripted_client.h"
#include "src/notify/announcer.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::notify {
namespace {

using http::testing::ImposterAnswer;
using http::testing::ImposterServer;
using http::testing::ReceivedRequest;
using http::testing::ScriptedClient;
using store::OutboxMessage;
using ::testing::HasSubstr;

/// A mail server that answers with codes, the first call first; 0 is no answer although it got all of it.
class FakeMail final : public http::MailClient {
 public:
  base::Result<int> post(const runtime::RequestContext& /*context*/, const http::Mail& mail) override {
    taken.push_back(mail);
    const int code = codes.at(taken.size() - 1);
    *mail.departed = true;
    if (code == 0) return base::external_error(base::ErrorCode::kTimeout, "no answer");
    return code;
  }
  std::vector<int> codes;
  std::vector<http::Mail> taken;
};

/// A store with one incident, targets on a scripted network, and a clock that stands still.
class DelivererTest : public testing::Test {
 protected:
  DelivererTest() {
    auto opened = store::sqlite::open_sqlite(":memory:");
    EXPECT_TRUE(opened);
    store_ = *std::move(opened);
    incident_.id = "inc-1";
    incident_.space = "shop";
    incident_.title = "Errors";
    incident_.investigation = "inv-1";
    incident_.opened = clock_.now();
    write([&](store::Session& s) { return s.add_incident(incident_); });
  }

  void write(const store::Work& work) {
    const auto done = store_->write(work);
    EXPECT_TRUE(done) << done.error().describe();
  }

  static Target target(TargetKind kind, const std::string& url = "https://receiver.example") {
    Target target;
    target.name = to_string(kind);
    target.kind = kind;
    target.events = {Event::kStarted, Event::kCause, Event::kEnded, Event::kResolved};
    target.secret = "secret";
    target.channel = "C1";
    target.user = "watch@example.com";
    target.url = url;
    target.at_least_once = kind == TargetKind::kWebhook;
    return target;
  }

  void announce(const std::vector<Target>& targets, Event event, const std::string& mode = "") {
    const Announcer announcer(targets, "https://watch.example", ids_);
    Notice notice = notice_about(event, incident_, clock_.now());
    notice.mode = mode;
    write([&](store::Session& s) { return announcer.announce(s, notice); });
    clock_.advance(std::chrono::milliseconds(1));
  }

  /// Delivers until nothing is due.
  void deliver(const std::vector<Target>& targets) {
    Deliverer deliverer({*store_, http_, mail_, clock_}, targets, {}, {});
    for (int i = 0; i < 100; ++i) {
      const auto more = deliverer.deliver_next();
      ASSERT_TRUE(more) << more.error().describe();
      if (!*more) return;
    }
    ADD_FAILURE() << "it never ends";
  }

  /// The states of all messages with attempts and reasons, the oldest first.
  std::vector<OutboxMessage> messages() {
    std::vector<OutboxMessage> all;
    write([&](store::Session& s) -> base::Result<> {
      MIDWATCH_TRY(const auto page, s.outbox({}, "", 100));
      all.assign(page.items.rbegin(), page.items.rend());
      return {};
    });
    return all;
  }
  std::string states() {
    std::string text;
    for (const auto& m : messages()) text += fmt::format("{}:{} ", to_string(m.state), m.attempts);
    return text;
  }

  base::ManualClock clock_{*base::parse_rfc3339("2026-01-05T02:10:00Z")};
  base::SequentialIdGenerator ids_;
  std::unique_ptr<store::Store> store_;
  ScriptedClient http_;
  ScriptedClient http2_;
  FakeMail mail_;
  model::Incident incident_;
};

TEST_F(DelivererTest, WhatFollowsInAnIncidentGoesIntoItsThread) {
  const std::vector<Target> targets{target(TargetKind::kSlack)};
  announce(targets, Event::kStarted);
  announce(targets, Event::kEnded);
  announce(targets, Event::kStarted);
  http_.then(200, R"({"ok":true,"ts":"17.5"})").then(200, R"({"ok":true,"ts":"18.5"})");
  deliver(targets);
  const auto requests = http_.requests();
  ASSERT_EQ(requests.size(), 2U) << "the same start is told once";
  EXPECT_EQ(requests[0].body.find("thread_ts"), std::string::npos);
  EXPECT_THAT(requests[1].body, HasSubstr(R"("thread_ts":"17.5")"));
  EXPECT_THAT(requests[1].body, HasSubstr("https://watch.example/incidents/inc-1"));
  EXPECT_EQ(states(), "sent:1 sent:1 ");
  deliver(targets);
  EXPECT_EQ(http_.requests().size(), 2U);
}

TEST_F(DelivererTest, TriesAgainLaterAndInOrder) {
  const std::vector<Target> targets{target(TargetKind::kWebhook)};
  announce(targets, Event::kStarted);
  announce(targets, Event::kEnded);
  http_.then(500, "").then(429, "", {{"Retry-After", "120"}}).then(200, "").then(200, "");
  deliver(targets);
  EXPECT_EQ(states(), "waiting:1 waiting:0 ") << "the second waits for the first";
  EXPECT_EQ(messages()[0].reason, "it answered with status 500");
  clock_.advance(delay_after({}, messages()[0].id, 1));
  deliver(targets);
  EXPECT_EQ(states(), "waiting:2 waiting:0 ");
  clock_.advance(std::chrono::seconds(119));
  deliver(targets);
  EXPECT_EQ(http_.requests().size(), 2U) << "the receiver asked for two minutes";
  clock_.advance(std::chrono::seconds(1));
  deliver(targets);
  EXPECT_EQ(states(), "sent:3 sent:1 ");
  const auto requests = http_.requests();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_EQ(http::header_value(requests[0].headers, "Idempotency-Key"),
            http::header_value(requests[2].headers, "Idempotency-Key"));
  EXPECT_NE(http::header_value(requests[2].headers, "Idempotency-Key"),
            http::header_value(requests[3].headers, "Idempotency-Key"));
}

TEST_F(DelivererTest, GivesUpWithTheReason) {
  const std::vector<Target> targets{target(TargetKind::kWebhook)};
  announce(targets, Event::kStarted);
  http_.otherwise([](const http::HttpRequest&) { return http::HttpResponse{.status = 503}; });
  for (std::uint32_t i = 0; i < Patience().attempts; ++i) {
    deliver(targets);
    clock_.advance(Patience().longest);
  }
  EXPECT_EQ(states(), "failed:12 ");
  EXPECT_EQ(messages()[0].reason, "given up after 12 attempts: it answered with status 503");
  deliver(targets);
  EXPECT_EQ(http_.requests().size(), 12U);
}

TEST_F(DelivererTest, ARefusalEndsIt) {
  const std::vector<Target> targets{target(TargetKind::kSlack)};
  announce(targets, Event::kStarted);
  http_.then(200, R"({"ok":false,"error":"channel_not_found"})");
  deliver(targets);
  EXPECT_EQ(states(), "failed:1 ");
  EXPECT_EQ(messages()[0].reason, "Slack says 'channel_not_found'");
}

/// A process dies between sending and noting that it did; another takes over.
TEST_F(DelivererTest, WhatMayHaveArrivedIsSentAgainOnlyWhereThatIsWanted) {
  const struct {
    TargetKind kind;
    const char* state;
    std::size_t requests;
  } rows[] = {{TargetKind::kWebhook, "sent:2 ", 2U}, {TargetKind::kSlack, "sent:2 unknown:1 ", 3U}};
  for (const auto& row : rows) {
    const std::vector<Target> targets{target(row.kind)};
    announce(targets, Event::kStarted);
    http_.otherwise([&](const http::HttpRequest&) -> base::Result<http::HttpResponse> {
      throw std::runtime_error("killed");
    });
    Deliverer dying({*store_, http_, mail_, clock_}, targets, {}, {});
    EXPECT_THROW((void)dying.deliver_next(), std::runtime_error);
    http_.otherwise([](const http::HttpRequest&) {
      return http::HttpResponse{.status = 200, .body = R"({"ok":true,"ts":"17.5"})"};
    });
    deliver(targets);
    EXPECT_THAT(states(), HasSubstr("sending:1 ")) << "it is not known yet that nobody sends it any more";
    clock_.advance(Patience().lease);
    deliver(targets);
    EXPECT_EQ(states(), row.state);
    EXPECT_EQ(http_.requests().size(), row.requests);
  }
  EXPECT_EQ(messages()[1].reason, "the process that sent it ended before it knew whether it arrived");
}

TEST_F(DelivererTest, ALateAnswerDoesNotUndoWhatSomebodyElseDid) {
  const std::vector<Target> targets{target(TargetKind::kWebhook)};
  announce(targets, Event::kStarted);
  bool outer = true;
  http_.otherwise([&](const http::HttpRequest&) {
    if (!std::exchange(outer, false)) return http::HttpResponse{.status = 200};
    clock_.advance(Patience().lease);  // it hangs for too long, and another process takes the message over
    Deliverer other({*store_, http2_, mail_, clock_}, targets, {}, {});
    EXPECT_TRUE(other.deliver_next());
    return http::HttpResponse{.status = 500};
  });
  http2_.then(200, "");
  deliver(targets);
  EXPECT_EQ(states(), "sent:2 ");
}

TEST_F(DelivererTest, AClockThatIsSetSendsNothingTwiceAndKeepsNothingWaiting) {
  const std::vector<Target> targets{target(TargetKind::kWebhook)};
  announce(targets, Event::kStarted);
  Deliverer deliverer({*store_, http_, mail_, clock_}, targets, {}, {});
  http_.otherwise([&](const http::HttpRequest&) {
    clock_.advance(std::chrono::hours(5));  // while it is being sent, and other threads look
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(*deliverer.deliver_next());
    return http::HttpResponse{.status = 200};
  });
  EXPECT_EQ(*deliverer.deliver_next(), true);
  EXPECT_EQ(states(), "sent:1 ");
  EXPECT_EQ(http_.requests().size(), 1U);

  // What waits for its next attempt is not left waiting for as long as the clock was set back.
  http_.otherwise([](const http::HttpRequest&) { return http::HttpResponse{.status = 503}; });
  announce(targets, Event::kEnded, "oom-kill");
  deliver(targets);
  EXPECT_EQ(states(), "sent:1 waiting:1 ");
  clock_.advance(std::chrono::hours(-5));
  http_.otherwise([](const http::HttpRequest&) { return http::HttpResponse{.status = 200}; });
  deliver(targets);
  std::size_t sent = 0;
  for (const auto& message : messages()) sent += message.state == store::OutboxState::kSent ? 1 : 0;
  EXPECT_EQ(sent, 2U);
}

/// Over a real connection: what left and was not answered is unknown, what never left is not.
TEST_F(DelivererTest, TellsApartWhatLeftAndWhatDidNot) {
  std::string nobody;
  {
    const ImposterServer server([](const ReceivedRequest&) { return ImposterAnswer{}; });
    nobody = server.url();
  }
  const ImposterServer silent([](const ReceivedRequest&) { return ImposterAnswer{.never = true}; });
  const struct {
    std::string url;
    bool at_least_once;
    bool allowed;
    const char* state;
  } rows[] = {
      {nobody, false, true, "waiting"},
      {silent.url(), false, true, "unknown"},
      {silent.url(), true, true, "waiting"},
      {silent.url(), false, false, "failed"},
      {"https://127.0.0.1", false, false, "failed"},
  };
  http::CurlClient client;
  const base::SystemClock clock;
  for (const auto& row : rows) {
    Target receiver = target(TargetKind::kWebhook, row.url);
    receiver.name = fmt::format("{}-{}-{}", row.url, row.at_least_once, row.allowed);
    receiver.at_least_once = row.at_least_once;
    announce({receiver}, Event::kStarted);
    http::AddressGuard guard;
    if (row.allowed) guard.allowed = {"127.0.0.1"};
    Patience patience;
    patience.request = std::chrono::milliseconds(30);
    Deliverer deliverer({*store_, client, client, clock}, {receiver}, guard, patience);
    EXPECT_TRUE(deliverer.deliver_next());
    EXPECT_EQ(to_string(messages().back().state), row.state) << receiver.name << messages().back().reason;
    EXPECT_EQ(messages().back().reason.find("secret"), std::string::npos);
  }
}

TEST_F(DelivererTest, OnlyWhoWantsItAndCanPlaceItIsTold) {
  Target elsewhere = target(TargetKind::kSlack);
  elsewhere.spaces = {"bank"};
  Target quiet = target(TargetKind::kSlackWebhook);
  quiet.events = {Event::kResolved};
  Target desk = target(TargetKind::kServiceNow);
  desk.label = "sys_id";
  const std::vector<Target> targets{elsewhere, quiet, desk, target(TargetKind::kPagerDuty),
                                    target(TargetKind::kWebhook)};
  const auto told = [&] {
    std::string names;
    for (const auto& m : messages()) names += m.target + " ";
    return names;
  };
  announce(targets, Event::kStarted);
  EXPECT_EQ(told(), "webhook ") << "no alarm names a record of PagerDuty or ServiceNow";
  store::StoredAlarm alarm;
  alarm.alarm.id = "alm-1";
  alarm.alarm.space = "shop";
  alarm.alarm.dialect = "pagerduty";
  alarm.alarm.key = "PT4KHLK";
  alarm.alarm.labels = {{"sys_id", "0123456789abcdef0123456789abcdef"}};
  alarm.triage.incident = "inc-1";
  write([&](store::Session& s) { return s.add_alarm(alarm); });
  announce(targets, Event::kCause, "oom-kill");
  announce(targets, Event::kCause, "oom-kill");
  announce(targets, Event::kCause, "disk-full");
  EXPECT_EQ(told(), "webhook servicenow pagerduty webhook servicenow pagerduty webhook ")
      << "each cause once";
  announce(targets, Event::kResolved);
  announce(targets, Event::kResolved);
  EXPECT_EQ(messages().size(), 7U + 8U) << "each time that it was resolved";
  const auto notice = notice_of(messages()[1].body);
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->reference, "0123456789abcdef0123456789abcdef");
}

TEST_F(DelivererTest, AMailIsTriedAgainAndNotSentTwice) {
  Target mail = target(TargetKind::kEmail, "smtps://mail.example");
  mail.from = "watch@example.com";
  mail.to = {"on-call@example.com"};
  announce({mail}, Event::kStarted);
  announce({mail}, Event::kEnded);
  mail_.codes = {451, 250, 0};
  deliver({mail});
  EXPECT_EQ(states(), "waiting:1 waiting:0 ");
  clock_.advance(std::chrono::minutes(1));
  deliver({mail});
  EXPECT_EQ(states(), "sent:2 unknown:1 ");
  EXPECT_EQ(mail_.taken.size(), 3U);
}

TEST_F(DelivererTest, ThreadsDeliverAndEnd) {
  const std::vector<Target> targets{target(TargetKind::kWebhook)};
  announce(targets, Event::kStarted);
  std::promise<void> sent;
  http_.otherwise([&](const http::HttpRequest&) {
    sent.set_value();
    return http::HttpResponse{.status = 200};
  });
  Deliverer deliverer({*store_, http_, mail_, clock_}, targets, {}, {});
  {
    const DeliveryThreads threads(deliverer, 2, [](const base::LogRecord& record) {
      ADD_FAILURE() << base::log_line(record, {}, base::LogFormat::kText);
    });
    sent.get_future().wait();
  }
  EXPECT_EQ(states(), "sent:1 ") << "it ends when what runs has ended";
}

TEST(Delay, DoublesToABoundAndIsSpread) {
  const Patience patience;
  base::Duration before{};
  std::set<base::Duration> different;
  for (std::uint32_t attempt = 1; attempt < 20; ++attempt) {
    const auto delay = delay_after(patience, "m", attempt);
    EXPECT_EQ(delay, delay_after(patience, "m", attempt));
    EXPECT_GE(delay, patience.first / 2);
    EXPECT_LE(delay, patience.longest);
    if (attempt < 9) {
      EXPECT_GT(delay * 2, before);
    }
    before = delay;
  }
  for (int i = 0; i < 50; ++i) different.insert(delay_after(patience, fmt::to_string(i), 3));
  EXPECT_GT(different.size(), 45U);
}

}  // namespace
}  // namespace midwatch::notify
