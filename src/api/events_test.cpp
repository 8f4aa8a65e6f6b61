#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/api/testing/api_fixture.h"
#include "src/base/try.h"
#include "src/http/server/testing/raw_client.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::api {
namespace {

using namespace std::chrono_literals;
using http::testing::RawClient;
using testing::ApiUnderTest;
using ::testing::HasSubstr;
using ::testing::Not;

/// The API behind a server on loopback.
class Served {
 public:
  explicit Served(ApiOptions options = {})
      : api_(*store::sqlite::open_sqlite(":memory:"), std::move(options)) {
    http::ServerOptions server;
    server.grace = 300ms;
    server_ = *http::Server::start(server, api_.handler());
  }
  ~Served() { api_.feed.close(); }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  ApiUnderTest& api() { return api_; }

  std::unique_ptr<RawClient> open(const std::string& target, const std::string& headers = "") const {
    auto client = std::make_unique<RawClient>(server_->port());
    client->send("GET " + target +
                 " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer olga\r\nConnection: close\r\n" +
                 headers + "\r\n");
    return client;
  }

  /// Appends a step to the running investigation, and ends it where that is asked for.
  void step(const std::string& kind, bool last = false) {
    const auto done = api_.store->write([&](store::Session& session) -> base::Result<> {
      model::JournalEntry entry;
      entry.investigation = "run-shop";
      entry.time = api_.clock.now();
      entry.kind = kind;
      entry.what = {"one\ntwo", "一"};
      if (auto appended = session.append(entry); !appended) return std::move(appended).error();
      if (!last) return {};
      MIDWATCH_TRY(auto investigation, session.investigation("run-shop"));
      investigation.status = model::InvestigationStatus::kDone;
      return session.update_investigation(investigation);
    });
    ASSERT_TRUE(done);
    api_.feed.publish({Change::Kind::kJournal, "run-shop", "shop"});
  }

 private:
  ApiUnderTest api_;
  std::unique_ptr<http::Server> server_;
};

const std::string kRunning = "/api/v1/investigations/run-shop/events";

TEST(InvestigationEvents, TellEachStepAsItComesAndEndAfterTheLast) {
  Served served;
  const auto client = served.open(kRunning);
  EXPECT_THAT(client->read_until("event: investigation"), HasSubstr("text/event-stream"));
  EXPECT_THAT(client->read_until("}\n\n"), HasSubstr("\"status\":\"queued\""));
  served.step("planning");
  const std::string first = client->read_until("}\n\n");
  EXPECT_THAT(first, HasSubstr("id: 1\nevent: journal\ndata: {\"sequence\":1"));
  EXPECT_THAT(first, HasSubstr("one\\ntwo"));
  served.step("finding", true);
  const std::string rest = client->read_all();
  EXPECT_THAT(rest, HasSubstr("id: 2\nevent: journal"));
  EXPECT_THAT(rest, HasSubstr("\"status\":\"done\""));
  EXPECT_THAT(rest, HasSubstr("event: report\ndata: {}"));
}

TEST(InvestigationEvents, GoOnAfterTheLastThatCame) {
  Served served;
  served.step("planning");
  served.step("asking");
  served.step("status", true);
  const std::string all = served.open(kRunning, "Last-Event-ID: 1\r\n")->read_all();
  EXPECT_THAT(all, Not(HasSubstr("id: 1\n")));
  EXPECT_THAT(all, HasSubstr("id: 2\n"));
  EXPECT_THAT(all, HasSubstr("id: 3\n"));
  EXPECT_THAT(served.open(kRunning, "Last-Event-ID: 3\r\n")->read_all(), HasSubstr("HTTP/1.1 204"));
}

TEST(InvestigationEvents, SayThatTheyLiveAndFindWhatNoNewsToldOf) {
  ApiOptions options;
  options.heartbeat = 20ms;
  Served served(options);
  const auto client = served.open(kRunning);
  client->read_until(": alive");
  // As another process does it: without news.
  const auto done = served.api().store->write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(auto investigation, session.investigation("run-shop"));
    investigation.status = model::InvestigationStatus::kFailed;
    return session.update_investigation(investigation);
  });
  ASSERT_TRUE(done);
  EXPECT_THAT(client->read_all(), HasSubstr("\"status\":\"failed\""));
}

TEST(InvestigationEvents, ReachOthersWhileOneReadsNothing) {
  Served served;
  const auto slow = served.open(kRunning);
  const auto quick = served.open(kRunning);
  quick->read_until("event: investigation");
  for (int i = 0; i < 300; ++i) served.step("asking");
  served.step("status", true);
  EXPECT_THAT(quick->read_all(), HasSubstr("id: 301\n"));
  EXPECT_THAT(slow->read_all(), HasSubstr("id: 301\n"));
}

TEST(InvestigationEvents, EndWhenTheServerStops) {
  Served served;
  const auto client = served.open(kRunning);
  client->read_until("event: investigation");
  served.api().feed.close();
  EXPECT_THAT(client->read_all(), Not(HasSubstr("alive")));
}

TEST(SpaceEvents, TellWhatChangedInOnesOwnSpaces) {
  Served served;
  const auto client = served.open("/api/v1/events");
  client->read_until("retry: 2000");
  served.api().feed.publish({Change::Kind::kIncident, "inc-other", "other"});
  // News of another space under the id of one's own: the store decides.
  served.api().feed.publish({Change::Kind::kIncident, "inc-other", "shop"});
  served.api().feed.publish({Change::Kind::kInvestigation, "run-shop", "shop"});
  served.api().feed.publish({Change::Kind::kIncident, "inc-shop", "shop"});
  std::string told = client->read_until("event: incident");
  told += client->read_until("\n\n");
  EXPECT_THAT(told, HasSubstr("event: investigation\ndata: {\"id\":\"run-shop\""));
  EXPECT_THAT(told, HasSubstr("data: {\"id\":\"inc-shop\""));
  EXPECT_THAT(told, Not(HasSubstr("inc-other")));
}

}  // namespace
}  // namespace midwatch::api
