#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/api/call.h"
#include "src/api/testing/api_fixture.h"
#include "src/base/json_access.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::api {
namespace {

using testing::ApiUnderTest;
using ::testing::HasSubstr;
using testing::header_of;
using testing::json_body;
using ::testing::Not;
using testing::Request;

using Headers = std::vector<std::pair<std::string, std::string>>;

std::unique_ptr<store::Store> empty_store() {
  return *store::sqlite::open_sqlite(":memory:");
}

const char* const kStart = R"({"space":"shop","start":{"latest":true}})";

/// What a report says that steering is bound to.
const char* const kReport = R"({"outcome":"root_cause","window":{"start":"2026-03-01T09:00:00Z",
  "end":"2026-03-01T10:00:00Z"},"names":{"arn:db":{"name":"orders-db","type":"RDS"}},
  "root_causes":[{"entity":"arn:db","mode":"storage-full","title":{"en":"The disk is full",
    "ja":"ディスクが満杯です"},"probability":0.72}],
  "hypotheses":[
    {"entity":"arn:db","mode":"storage-full","status":"supported","probability":0.7,
     "title":{"en":"The disk is full","ja":"ディスクが満杯です"}},
    {"entity":"arn:web","mode":"harmful-change","status":"open","probability":0.2,"change":"web:7",
     "title":{"en":"The release harms","ja":"リリースの影響です"}}],
  "ruled_out":[
    {"entity":"arn:cache","mode":"evictions","title":{"en":"The cache evicts","ja":"キャッシュの追い出しです"},
     "excluded":{"by":"olga","time":"2026-03-01T09:50:00Z"}},
    {"entity":"arn:queue","mode":"backlog","change":"queue:2","title":"The queue grows",
     "excluded":{"by":"ada","time":"2026-03-01T09:40:00Z"}},
    {"entity":"arn:queue","mode":"","change":"queue:2","title":"queue:2 deployed",
     "excluded":{"by":"ada","time":"2026-03-01T09:40:00Z"}},
    {"entity":"arn:dns","mode":"dns-failure","title":"DNS answers","observation":"obs-1"}],
  "timeline":[{"time":"2026-03-01T09:10:00Z","kind":"change","change":"web:7","what":"web:7 deployed"}]})";

TEST(Requests, SteerWhatHasEndedAndWhatRuns) {
  struct Case {
    const char* id;
    const char* body;
    const char* action;
    const char* says;    ///< in the answer, in English
    const char* target;  ///< of the directive in the journal; empty: none
    const char* status;  ///< of the investigation afterwards
  };
  const std::vector<Case> cases{
      {"inv-shop", R"({"text":"rule this out"})", "rule_out",
       "“The disk is full”. The investigation is taken",
       R"({"entity":"arn:db","mode":"storage-full","change":""})", "queued"},
      {"run-shop", R"({"text":"リリースの影響は原因ではない"})", "rule_out",
       "“The release harms”. It is taken up", R"({"entity":"arn:web","mode":"harmful-change","change":""})",
       "queued"},
      {"inv-shop", R"({"text":"ignore the deploy"})", "rule_out", "“web:7 deployed”",
       R"({"entity":"","mode":"","change":"web:7"})", "queued"},
      {"inv-shop", R"({"text":"it is not orders-db"})", "rule_out", "“orders-db”",
       R"({"entity":"arn:db","mode":"","change":""})", "queued"},
      {"inv-shop", R"({"text":"rule this out","hypothesis":{"entity":"arn:web","mode":"harmful-change"}})",
       "rule_out", "“The release harms”", R"({"entity":"arn:web","mode":"harmful-change","change":""})",
       "queued"},
      {"inv-shop", R"({"text":"rule this out","hypothesis":{"entity":"arn:no","mode":"x"}})", "rule_out",
       "so nothing changes", "", "done"},
      {"inv-shop", R"({"text":"rule out the cache"})", "rule_out", "called “cache”", "", "done"},
      {"inv-shop", R"({"text":"put it back"})", "put_back", "Put back",
       R"({"entity":"arn:cache","mode":"evictions","change":""})", "queued"},
      {"inv-shop", R"({"text":"キューの除外を取り消して"})", "put_back", "called “キュー”", "", "done"},
      {"run-shop", R"({"text":"put the queue grows back"})", "put_back", "Put back",
       R"({"entity":"arn:queue","mode":"backlog","change":""})", "queued"},
      {"inv-shop", R"({"text":"undo that exclusion","hypothesis":{"entity":"arn:queue","mode":"backlog"}})",
       "put_back", "“queue:2”", R"({"entity":"arn:queue","mode":"backlog","change":""})", "queued"},
      {"inv-shop", R"({"text":"put that deploy back"})", "put_back", "“queue:2”",
       R"({"entity":"","mode":"","change":"queue:2"})", "queued"},
      {"inv-shop", R"({"text":"put everything back"})", "put_back", "taken up again",
       R"({"entity":"arn:cache","mode":"evictions","change":""})", "queued"},
      {"inv-shop", R"({"text":"put DNS back"})", "put_back", "called “DNS”, so nothing changes", "", "done"},
      {"inv-shop", R"({"text":"put it back","hypothesis":{"entity":"arn:db","mode":"storage-full"}})",
       "put_back", "so nothing changes", "", "done"},
      {"inv-shop", R"({"text":"that deploy was planned"})", "planned_change", "“web:7 deployed”",
       R"({"entity":"","mode":"","change":"web:7"})", "queued"},
      {"inv-shop", R"({"text":"other causes?"})", "other_causes", "taken up again",
       R"({"entity":"arn:web","mode":"","change":""})", "queued"},
      {"inv-shop", R"({"text":"コードを読んで"})", "read_code", "taken up again",
       R"({"entity":"arn:db","mode":"","change":""})", "queued"},
      {"inv-shop", R"({"text":"look at 09:30-09:45"})", "window", "2026-03-01T09:30:00Z", "", "queued"},
      {"inv-shop", R"({"text":"stop"})", "stop", "nothing to stop", "", "done"},
      {"run-shop", R"({"text":"stop"})", "stop", "stops", "", "cancelled"},
      {"inv-shop", R"({"text":"continue"})", "continue", "is done", "", "done"},
      {"inv-shop", R"({"text":"it is slow <b>\u202e password=hunter2"})", "none", "not understood", "",
       "done"},
  };
  for (const Case& c : cases) {
    ApiUnderTest api(empty_store());
    const std::string at = std::string("/api/v1/investigations/") + c.id;
    ASSERT_TRUE(api.store->write([&](store::Session& session) {
      return session.put_document({c.id, "report", "application/json", kReport});
    }));
    const auto answer = api.send({"POST", at + "/messages", c.body});
    ASSERT_EQ(answer.status, 202) << c.body << answer.body;
    const base::Json steering = json_body(answer);
    EXPECT_EQ(steering["action"], c.action) << c.body;
    EXPECT_EQ(steering["understood"], std::string_view(c.action) != "none") << c.body;
    EXPECT_THAT(base::text_at(steering, "answer", "en"), HasSubstr(c.says)) << c.body;
    EXPECT_FALSE(base::text_at(steering, "answer", "ja").empty());
    EXPECT_EQ(json_body(api.send({"GET", at}))["status"], c.status) << c.body;
    // Whether it goes on or not, those who look at it hear of it.
    const auto changes = reading(*api.store, [](store::Session& session) { return session.changes(0, 500); });
    ASSERT_TRUE(changes);
    const auto told = std::count_if(changes->items.begin(), changes->items.end(), [&](const auto& change) {
      return change.kind == Change::Kind::kInvestigation && change.id == c.id;
    });
    EXPECT_GT(told, std::string_view(c.id) == "inv-shop" ? 1 : 0) << c.body;

    const base::Json journal = json_body(api.send({"GET", at + "/journal"}));
    const base::Json& entry = journal["items"].back();
    EXPECT_EQ(entry["kind"], "message");
    EXPECT_EQ(entry["data"]["by"], "olga");
    EXPECT_THAT(entry.dump(), Not(HasSubstr("hunter2")));
    EXPECT_THAT(entry.dump(), Not(HasSubstr("\u202e")));
    const base::Json& directive = base::at(entry, "data", "directive");
    EXPECT_EQ(directive.is_object(), std::string_view(c.status) == "queued" || *c.target != '\0') << c.body;
    if (!directive.is_object()) continue;
    EXPECT_EQ(entry["data"]["before"]["probability"], 0.72);
    if (*c.target != '\0') {
      EXPECT_EQ(directive["targets"][0].dump(), c.target) << c.body;
    }
  }
}

TEST(Requests, SteerOnlyInBounds) {
  ApiUnderTest api(empty_store());
  const std::string at = "/api/v1/investigations/run-shop/messages";
  EXPECT_EQ(api.send_as("vera", {"POST", at, R"({"text":"stop"})"}).status, 403);
  EXPECT_EQ(api.send_as("eve", {"POST", at, R"({"text":"stop"})"}).status, 404);
  EXPECT_EQ(api.send({"POST", at, R"({"text":"rule this out","hypothesis":{"entity":"x"}})"}).status, 400);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(api.send({"POST", at, R"({"text":"other causes?"})"}).status, 202);
  EXPECT_EQ(api.send({"POST", at, R"({"text":"other causes?"})"}).status, 409);
  EXPECT_EQ(api.send({"POST", at, R"({"text":"a note"})"}).status, 202);
}

TEST(Requests, SayWhatIsWrongWithThem) {
  ApiUnderTest api(empty_store());
  struct Case {
    Request request;
    int status;
    const char* says;
  };
  const std::string incidents = "/api/v1/incidents";
  const std::string feedback = "/api/v1/investigations/inv-shop/feedback";
  const std::vector<Case> cases{
      {{"POST", incidents, R"({"space":"shop","start":{"latest":true},"urgent":1})"},
       400,
       "urgent of the body is unknown"},
      {{"POST", incidents, R"({"space":"shop","start":{"latest":true,"pod":"x"}})"},
       400,
       "start.pod of the body is unknown"},
      {{"POST", incidents, R"({"space":"shop"})"}, 400, "start of the body is missing"},
      {{"POST", incidents, R"({"space":1,"start":{"latest":true}})"}, 400, "space of the body must be text"},
      {{"POST", incidents, R"({"space":"shop","start":[]})"}, 400, "start of the body must be an object"},
      {{"POST", incidents, R"({"space":"shop","start":{"latest":true,"alarm":"a"}})"}, 400, "exactly one of"},
      {{"POST", incidents, R"({"space":"shop","start":{"latest":true,"from":"2026-01-01T00:00:00Z"}})"},
       400,
       "together"},
      {{"POST", incidents, R"({"space":"shop","start":{"alarm":"a\u0007"}})"}, 400, "control characters"},
      {{"POST", incidents, "[]"}, 400, "must be a JSON object"},
      {{"POST", incidents, "{\"space\":"}, 400, "line 1"},
      {{"POST", incidents, kStart, {{"Content-Type", "text/plain"}}}, 415, "application/json"},
      {{"POST", incidents, kStart, {{"Idempotency-Key", std::string(201, 'k')}}}, 400, "Idempotency-Key"},
      {{"POST", incidents, std::string(70'000, ' ')}, 400, "too long"},
      {{"POST", feedback, R"({"judgement":"maybe"})"}, 400, "one of: right wrong partly"},
      {{"POST", feedback, R"({"judgement":"right","mitigation_helped":"yes"})"},
       400,
       "must be true or false"},
      {{"POST", "/api/v1/sandbox", R"({"world":"full-disk","seed":-1})"}, 400, "must be a whole number"},
      {{"POST", "/api/v1/sandbox", R"({"world":"full-disk","seed":0})"}, 400, "from 1"},
      {{"GET", incidents + "?colour=red"}, 400, "colour is unknown; known are: space from"},
      {{"GET", incidents + "?limit=1&limit=2"}, 400, "limit is there twice"},
      {{"GET", incidents + "?words=%zz"}, 400, "two hex digits"},
      {{"GET", incidents + "?words=%ff"}, 400, "not UTF-8"},
      {{"GET", "/api/v1/incidents/%00"}, 400, "control character"},
      {{"GET", "/api/v1/investigations/inv-shop/events", "", {{"Last-Event-ID", "x"}}}, 400, "Last-Event-ID"},
      {{"GET", "/" + std::string(9000, 'a')}, 414, "too long"},
      {{"GET", "/api/v1/nothing"}, 404, "/api/v1/nothing"},
      {{"GET", "/api/v1/incidents/"}, 404, "there is nothing"},
      {{"DELETE", "/api/v1/incidents/inc-shop"}, 405, "GET, HEAD, PATCH, OPTIONS"},
      {{"GET", incidents, "", {{"Host", "evil.example"}}}, 421, "evil.example"},
      {{"GET", "/", "", {{"Host", "127.evil.example:80"}}}, 421, "127.evil.example"},
      {{"POST", incidents, kStart, {{"Sec-Fetch-Site", "cross-site"}}}, 403, "another origin"},
      {{"POST", incidents, kStart, {{"Sec-Fetch-Site", "same-site"}}}, 403, "another origin"},
      {{"POST", incidents, kStart, {{"Origin", "https://evil.example"}}}, 403, "another origin"},
      {{"POST", incidents, kStart, {{"Origin", "null"}}}, 403, "another origin"},
      {{"POST", incidents, kStart, {{"Origin", "http://127.0.0.1:9999"}}}, 403, "another origin"},
  };
  for (const auto& test : cases) {
    const auto answer = api.send(test.request);
    EXPECT_EQ(answer.status, test.status) << test.request.target << " " << answer.body;
    EXPECT_EQ(header_of(answer, "Content-Type"), "application/problem+json") << test.request.target;
    EXPECT_THAT(answer.body, HasSubstr(test.says)) << test.request.target;
  }
}

TEST(Requests, AreTakenFromWhereTheServerIs) {
  ApiOptions options;
  options.host_names = {"watch.example.com"};
  ApiUnderTest api(empty_store(), options);
  for (const char* host : {"localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "watch.example.com",
                           "WATCH.example.com:443"}) {
    EXPECT_EQ(api.send({"GET", "/api/v1/server", "", {{"Host", host}}}).status, 200) << host;
  }
  const Headers own{
      {"Origin", "http://localhost:8080"}, {"Host", "localhost:8080"}, {"Sec-Fetch-Site", "same-origin"}};
  EXPECT_EQ(api.send({"POST", "/api/v1/incidents", kStart, own}).status, 201);
}

TEST(Requests, OfSendersComeUnderAnyName) {
  ApiUnderTest api(empty_store());
  const Headers sender{{"Host", "tunnel.example.com"}, {"X-Secret", "right"}};
  EXPECT_EQ(api.send({"POST", "/webhooks/pager", "{}", sender}).status, 202);
}

TEST(Requests, AreKnownByAnId) {
  ApiUnderTest api(empty_store());
  const auto named = api.send({"GET", "/api/v1/none", "", {{"X-Request-Id", "trace-7"}}});
  EXPECT_EQ(header_of(named, "X-Request-Id"), "trace-7");
  EXPECT_EQ(base::text_at(json_body(named), "request_id"), "trace-7");
  const auto odd = api.send({"GET", "/healthz", "", {{"X-Request-Id", "a b"}}});
  EXPECT_THAT(header_of(odd, "X-Request-Id"), HasSubstr("req-"));
}

TEST(Requests, OfManyMethodsAreToldWhichThereAre) {
  ApiUnderTest api(empty_store());
  const auto answer = api.send({"OPTIONS", "/api/v1/incidents"});
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(header_of(answer, "Allow"), "GET, HEAD, POST, OPTIONS");
}

TEST(Answers, KeepBrowsersFromDoingMore) {
  ApiUnderTest api(empty_store());
  for (const char* target :
       {"/", "/api/v1/server", "/api/v1/none", "/healthz", "/api/v1/investigations/inv-shop/events"}) {
    const auto answer = api.send({"GET", target});
    EXPECT_THAT(header_of(answer, "Content-Security-Policy"),
                HasSubstr("default-src 'none'; script-src 'self'"));
    EXPECT_THAT(header_of(answer, "Content-Security-Policy"), Not(HasSubstr("unsafe")));
    EXPECT_EQ(header_of(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(answer, "Referrer-Policy"), "no-referrer");
  }
}

TEST(Answers, AllowAReportItsOwnStyleAlone) {
  ApiUnderTest api(empty_store());
  const auto answer = api.send({"GET", "/api/v1/investigations/inv-shop/report?format=html"});
  const std::string policy = header_of(answer, "Content-Security-Policy");
  // printf 'b{color:red}' | openssl dgst -sha256 -binary | base64
  EXPECT_THAT(policy, HasSubstr("'sha256-ypIZpeWh67Lh3q46jpjGW7VCAJpmEqcFe8Dl5B2rXQU='"));
  EXPECT_THAT(policy, HasSubstr("'unsafe-hashes' 'sha256-utzSfCnLR1T19s6JseL5isSFFX7T11ZMQkrM9kq7t6c='"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe-inline")));
  EXPECT_THAT(policy, Not(HasSubstr("script-src 'self'")));
}

TEST(Answers, AreNotSentTwiceToWhoHasThem) {
  ApiUnderTest api(empty_store());
  for (const char* target : {"/", "/api/v1/incidents", "/api/v1/incidents/inc-shop", "/api/v1/knowledge"}) {
    const std::string tag = header_of(api.send({"GET", target}), "ETag");
    ASSERT_FALSE(tag.empty()) << target;
    const auto again = api.send({"GET", target, "", {{"If-None-Match", "\"x\", W/" + tag}}});
    EXPECT_EQ(again.status, 304) << target;
    EXPECT_TRUE(again.body.empty());
    EXPECT_EQ(api.send({"GET", target, "", {{"If-None-Match", "\"x\""}}}).status, 200);
  }
}

TEST(Pages, AreGivenToAnybody) {
  ApiUnderTest api(empty_store());
  const auto page = api.send_as("mallory", {"GET", "/"});
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<!doctype html>");
  EXPECT_THAT(header_of(api.send({"GET", "/assets/app-1.js"}), "Cache-Control"), HasSubstr("immutable"));
  EXPECT_EQ(api.send({"POST", "/"}).status, 404);
}

TEST(Pages, AreCompressedForWhoTakesIt) {
  ApiUnderTest api(empty_store());
  EXPECT_EQ(api.send({"GET", "/assets/app-1.js"}).body, "run()");
  const auto packed = api.send({"GET", "/assets/app-1.js", "", {{"Accept-Encoding", "gzip, br"}}});
  EXPECT_EQ(packed.body, "packed");
  EXPECT_EQ(header_of(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(header_of(packed, "Vary"), "Accept-Encoding");
}

TEST(Incidents, ChangeOnlyWhereNobodyElseChangedThem) {
  ApiUnderTest api(empty_store());
  const std::string target = "/api/v1/incidents/inc-shop";
  const std::string tag = header_of(api.send({"GET", target}), "ETag");
  const auto resolved = api.send({"PATCH", target, R"({"status":"resolved"})", {{"If-Match", tag}}});
  EXPECT_EQ(resolved.status, 200);
  EXPECT_EQ(base::text_at(json_body(resolved), "status"), "resolved");
  EXPECT_FALSE(base::text_at(json_body(resolved), "resolved").empty());
  EXPECT_EQ(api.send({"PATCH", target, R"({"status":"open"})", {{"If-Match", tag}}}).status, 412);
  const std::string next = header_of(resolved, "ETag");
  const auto opened = api.send({"PATCH", target, R"({"status":"open"})", {{"If-Match", next}}});
  EXPECT_EQ(opened.status, 200);
  EXPECT_EQ(base::text_at(json_body(opened), "resolved"), "");
}

TEST(Incidents, AreHeldAndLetGoWithoutBeingResolved) {
  ApiUnderTest api(empty_store());
  const std::string target = "/api/v1/incidents/inc-shop";
  const std::string before = base::text_at(json_body(api.send({"GET", target})), "status");
  for (const char* held : {"true", "false"}) {
    const auto changed =
        api.send({"PATCH", target, fmt::format(R"({{"held":{}}})", held), {{"If-Match", "*"}}});
    EXPECT_EQ(changed.status, 200) << changed.body;
    const base::Json read = json_body(api.send({"GET", target}));
    EXPECT_EQ(base::text_at(read, "held"), held);
    EXPECT_EQ(base::text_at(read, "status"), before);
  }
  EXPECT_EQ(api.send({"PATCH", target, "{}", {{"If-Match", "*"}}}).status, 400);
}

TEST(Incidents, AreStartedOnceForOneKey) {
  ApiUnderTest api(empty_store());
  const Headers key{{"Idempotency-Key", "k-1"}};
  const auto first = api.send({"POST", "/api/v1/incidents", kStart, key});
  const auto second = api.send({"POST", "/api/v1/incidents", kStart, key});
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(api.watch.queued(), 1);
  const auto other =
      api.send({"POST", "/api/v1/incidents", R"({"space":"shop","start":{"alarm":"a"}})", key});
  EXPECT_EQ(other.status, 409);
  // The key of another caller is another key.
  const auto hers = api.send_as("ada", {"POST", "/api/v1/incidents", kStart, key});
  EXPECT_NE(hers.body, first.body);
}

TEST(Sandbox, BreaksSomethingOnceForOneKey) {
  ApiUnderTest api(empty_store());
  const Headers key{{"Idempotency-Key", "k-1"}};
  const Request request{"POST", "/api/v1/sandbox", R"({"world":"full-disk"})", key};
  const auto first = api.send(request);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(api.send(request).body, first.body);
  EXPECT_EQ(api.watch.broken(), std::vector<std::string>{base::text_at(json_body(first), "id")});
  EXPECT_EQ(base::text_at(json_body(first), "title"), "disk-used");
  EXPECT_EQ(base::text_at(json_body(first), "investigation", "status"), "queued");
  EXPECT_EQ(api.watch.queued(), 1);
  EXPECT_EQ(api.send({"POST", "/api/v1/sandbox", R"({"world":"full-disk","seed":2})", key}).status, 409);
  EXPECT_EQ(api.watch.broken().size(), 1U);
}

TEST(Incidents, AreQueuedForAWorker) {
  ApiUnderTest api(empty_store());
  const auto seen = api.feed.last();
  const base::Json started = json_body(api.send({"POST", "/api/v1/incidents", kStart}));
  EXPECT_EQ(base::text_at(started, "investigation", "status"), "queued");
  EXPECT_EQ(base::text_at(started, "investigation", "start", "latest"), "true");
  EXPECT_EQ(api.watch.queued(), 1);
  const auto news = api.feed.wait(seen, std::chrono::milliseconds(0));
  ASSERT_EQ(news.changes.size(), 1U);
  EXPECT_EQ(news.changes[0].id, base::text_at(started, "id"));
}

TEST(Incidents, WaitWhereTooManyRun) {
  ApiOptions options;
  options.active_per_space = 2;  // one runs in the beginning
  ApiUnderTest api(empty_store(), options);
  EXPECT_EQ(api.send({"POST", "/api/v1/incidents", kStart}).status, 201);
  const auto refused = api.send({"POST", "/api/v1/incidents", kStart});
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(header_of(refused, "Retry-After").empty());
}

TEST(Incidents, ArePagedByCursor) {
  ApiUnderTest api(empty_store());
  for (int i = 0; i < 4; ++i) {
    api.clock.advance(std::chrono::minutes(1));
    ASSERT_EQ(api.send({"POST", "/api/v1/incidents", kStart}).status, 201);
  }
  std::vector<std::string> ids;
  std::string cursor;
  do {
    const std::string target = "/api/v1/incidents?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor);
    const base::Json page = json_body(api.send({"GET", target}));
    const base::Json& items = base::list_at(page, "items");
    ASSERT_LE(items.size(), 2U);
    for (const auto& item : items) ids.push_back(base::text_at(item, "id"));
    cursor = base::text_at(page, "next");
  } while (!cursor.empty() && ids.size() < 10);
  ASSERT_EQ(ids.size(), 5U);
  EXPECT_EQ(ids.back(), "inc-shop");
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 5U);
}

TEST(Alarms, BecomeIncidentsOfTheirOwnWhereAPersonSaysSo) {
  ApiUnderTest api(empty_store());
  const base::Json made = json_body(api.send({"POST", "/api/v1/alarms/linked-shop/undo"}));
  EXPECT_EQ(base::text_at(made, "alarms"), "1");
  EXPECT_EQ(base::text_at(made, "alarm"), "slow checkout");
  EXPECT_EQ(base::text_at(made, "investigation", "start", "alarm"), "slow checkout");
  const base::Json left = json_body(api.send({"GET", "/api/v1/incidents/inc-shop"}));
  EXPECT_EQ(base::text_at(left, "alarms"), "1");
  EXPECT_EQ(base::list_at(left, "alarm_list").size(), 1U);
  const base::Json own = json_body(api.send({"GET", "/api/v1/incidents/" + base::text_at(made, "id")}));
  ASSERT_EQ(base::list_at(own, "alarm_list").size(), 1U);
  EXPECT_EQ(base::text_at(base::list_at(own, "alarm_list")[0], "triage", "by_person"), "true");
  EXPECT_EQ(api.send({"POST", "/api/v1/alarms/linked-shop/undo"}).status, 409);
}

TEST(Investigations, StopWhenTheyAreCancelled) {
  ApiUnderTest api(empty_store());
  const auto cancelled = json_body(api.send({"POST", "/api/v1/investigations/run-shop/cancel"}));
  EXPECT_EQ(base::text_at(cancelled, "status"), "cancelled");
  EXPECT_EQ(api.watch.changed(), std::vector<std::string>{"run-shop"});
  const base::Json journal = json_body(api.send({"GET", "/api/v1/investigations/run-shop/journal"}));
  ASSERT_EQ(base::list_at(journal, "items").size(), 1U);
  EXPECT_EQ(base::text_at(base::list_at(journal, "items")[0], "data", "status"), "cancelled");
}

TEST(Investigations, KeepWhatPeopleSay) {
  ApiUnderTest api(empty_store());
  const auto answer = api.send(
      {"POST", "/api/v1/investigations/run-shop/messages", R"({"text":"password=hunter22 is wrong\u0007"})"});
  EXPECT_EQ(answer.status, 202);
  const base::Json journal = json_body(api.send({"GET", "/api/v1/investigations/run-shop/journal"}));
  const base::Json& first = base::list_at(journal, "items").at(0);
  EXPECT_EQ(base::text_at(first, "kind"), "message");
  EXPECT_EQ(base::text_at(first, "data", "by"), "olga");
  EXPECT_THAT(base::text_at(first, "data", "text"), Not(HasSubstr("hunter22")));
  EXPECT_EQ(api.watch.changed(), std::vector<std::string>{"run-shop"});
}

TEST(Presses, SteerAndJudgeOnceEachWithinTheirSpaces) {
  ApiUnderTest api(empty_store());
  const auto press = [&](const base::Json& body) {
    const auto answer = api.send({"POST", "/interactions/on-call", body.dump(), {{"X-Secret", "right"}}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(base::text_at(json_body(answer), "text"), api.watch.answered);
    return api.watch.answered;
  };
  const auto entries = [&](const std::string& id) {
    return json_body(api.send({"GET", "/api/v1/investigations/" + id + "/journal"}))["items"];
  };
  base::Json steer{{"by", "slack/ada"},
                   {"space", "shop"},
                   {"key", "k1"},
                   {"investigation", "run-shop"},
                   {"says", "other causes?"}};
  EXPECT_THAT(press(steer), HasSubstr("It is taken up at the next step."));
  ASSERT_EQ(entries("run-shop").size(), 1U);
  EXPECT_EQ(base::text_at(entries("run-shop")[0], "data", "by"), "slack/ada");
  EXPECT_THAT(press(steer), HasSubstr("next step")) << "sent again, it is answered as before";
  EXPECT_EQ(entries("run-shop").size(), 1U);

  base::Json judge{{"by", "slack/ada"},
                   {"space", "shop"},
                   {"key", "k2"},
                   {"investigation", "inv-shop"},
                   {"judgement", "wrong"}};
  EXPECT_EQ(press(judge), "Noted, thank you.");
  EXPECT_EQ(press(judge), "Noted, thank you.");
  EXPECT_EQ(base::text_at(json_body(api.send({"GET", "/api/v1/accuracy"})), "wrong"), "1");
  for (const auto& [member, value] : {std::pair("space", "other"), {"investigation", "inv-none"}}) {
    base::Json beyond = judge;
    beyond["key"] = member;
    beyond[member] = value;
    EXPECT_THAT(press(beyond), HasSubstr("there is no such investigation"));
  }
  const auto audit = reading(*api.store, [](store::Session& session) { return session.audit_after(0, 500); });
  ASSERT_TRUE(audit);
  EXPECT_EQ(
      std::count_if(audit->begin(), audit->end(), [](const auto& one) { return one.who == "slack/ada"; }), 2);
}

TEST(Reports, AreGivenInOneLanguageOrBoth) {
  ApiUnderTest api(empty_store());
  const std::string target = "/api/v1/investigations/inv-shop/report";
  EXPECT_EQ(base::text_at(json_body(api.send({"GET", target})), "headline", "ja"), "満杯");
  EXPECT_EQ(base::text_at(json_body(api.send({"GET", target + "?language=ja"})), "headline"), "満杯");
  EXPECT_THAT(api.send({"GET", target + "?format=html&language=ja"}).body, HasSubstr(">ja<"));
  EXPECT_EQ(api.send({"GET", target + "?format=markdown"}).body, "# en");
}

TEST(Accuracy, CountsTheLastWordOfEachInvestigation) {
  ApiUnderTest api(empty_store());
  const std::string target = "/api/v1/investigations/inv-shop/feedback";
  api.send({"POST", target, R"({"judgement":"wrong"})"});
  api.clock.advance(std::chrono::minutes(1));
  api.send({"POST", target, R"({"judgement":"right"})"});
  const base::Json accuracy = json_body(api.send({"GET", "/api/v1/accuracy"}));
  EXPECT_EQ(base::text_at(accuracy, "answers"), "1");
  EXPECT_EQ(base::text_at(accuracy, "judged"), "1");
  EXPECT_EQ(base::text_at(accuracy, "right"), "1");
  EXPECT_EQ(base::text_at(accuracy, "wrong"), "0");
  EXPECT_EQ(base::text_at(base::list_at(accuracy, "modes").at(0), "mode"), "storage-full");
  EXPECT_EQ(base::text_at(base::list_at(accuracy, "calibration").at(4), "right"), "1");
}

TEST(Requests, TellWhatWasSetUpInOnesOwnSpaces) {
  ApiUnderTest api(empty_store());
  const base::Json settings = json_body(api.send_as("vera", {"GET", "/api/v1/settings"}));
  ASSERT_EQ(settings["spaces"].size(), 1U);
  EXPECT_EQ(settings["spaces"][0]["name"], "shop");
  ASSERT_EQ(settings["webhooks"].size(), 2U);
  EXPECT_EQ(settings["webhooks"][0]["last"]["id"], "dlv-shop");
  EXPECT_FALSE(settings["webhooks"][1].contains("last"));
  ASSERT_EQ(settings["targets"].size(), 2U);
  EXPECT_EQ(settings["targets"][1]["last"]["id"], "ntf-shop") << "of the target for all spaces, this space's";
  EXPECT_EQ(json_body(api.send_as("nils", {"GET", "/api/v1/settings"}))["targets"].size(), 0U);
}

}  // namespace
}  // namespace midwatch::api
