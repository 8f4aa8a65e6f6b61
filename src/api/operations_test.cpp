#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "src/api/routes.h"
#include "src/api/testing/api_fixture.h"
#include "src/api/testing/openapi_document.h"
#include "src/base/json_access.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::api {
namespace {

using testing::ApiUnderTest;
using testing::OpenApiDocument;
using testing::Operation;
using testing::Request;

std::unique_ptr<store::Store> empty_store() {
  auto opened = store::sqlite::open_sqlite(":memory:");
  EXPECT_TRUE(opened) << opened.error().describe();
  return *std::move(opened);
}

const OpenApiDocument& document() {
  static const auto kDocument = OpenApiDocument::read(MIDWATCH_SOURCE_DIR "/src/api/openapi.yaml");
  return *kDocument;
}

/// A request to an operation, and the status that it gets.
struct Example {
  const char* operation;
  int status;
  Request request;
  int signed_in = 0;  ///< its status for who comes with a session, where that is another one
};

/// What everybody does with their own session, whatever their role; with a token there is none.
bool is_of_session(std::string_view operation) {
  static const std::set<std::string_view> kOwn{"signOut", "changePassword", "endSession", "endOtherSessions"};
  return kOwn.contains(operation);
}

std::vector<Example> examples() {
  const std::pair<std::string, std::string> any_version{"If-Match", "*"};
  const std::pair<std::string, std::string> secret{"X-Secret", "right"};
  return {
      {"getHealth", 200, {"GET", "/healthz"}},
      {"getReadiness", 200, {"GET", "/readyz"}},
      {"getMetrics", 200, {"GET", "/metrics"}},
      {"receiveAlarm", 202, {"POST", "/webhooks/pager", "{}", {secret}}},
      {"receiveAlarm", 401, {"POST", "/webhooks/pager", "{}"}},
      {"receiveAlarm", 400, {"POST", "/webhooks/pager", "{", {secret}}},
      {"receiveAlarm", 404, {"POST", "/webhooks/unknown", "{}", {secret}}},
      {"interact",
       200,
       {"POST",
        "/interactions/on-call",
        R"({"by":"slack/ada","space":"shop","key":"k1","investigation":"run-shop","says":"other causes?"})",
        {secret}}},
      {"interact", 401, {"POST", "/interactions/on-call", "{}"}},
      {"interact", 404, {"POST", "/interactions/nobody", "{}", {secret}}},
      {"interact", 400, {"POST", "/interactions/on-call", "{", {secret}}},
      {"getSession", 200, {"GET", "/api/v1/session"}},
      {"signIn", 201, {"POST", "/api/v1/session", R"({"user":"sam","password":"correct horse battery"})"}},
      {"signIn", 401, {"POST", "/api/v1/session", R"({"user":"sam","password":"wrong"})"}},
      {"signIn", 400, {"POST", "/api/v1/session", R"({"user":"sam"})"}},
      {"goToProvider", 404, {"GET", "/api/v1/session/provider"}},
      {"comeFromProvider", 404, {"GET", "/api/v1/session/callback?code=c&state=s"}},
      {"signOut", 409, {"DELETE", "/api/v1/session"}},
      {"changePassword",
       409,
       {"PUT", "/api/v1/session/password", R"({"present":"wrong","wanted":"several words make one"})"},
       403},
      {"changePassword",
       409,
       {"PUT", "/api/v1/session/password", R"({"present":"correct horse battery","wanted":"short"})"},
       400},
      {"listSessions", 409, {"GET", "/api/v1/sessions"}, 200},
      {"endOtherSessions", 409, {"DELETE", "/api/v1/sessions"}, 200},
      {"endSession", 409, {"DELETE", "/api/v1/sessions/none"}, 404},
      {"listUsers", 200, {"GET", "/api/v1/users"}},
      {"listUsers", 200, {"GET", "/api/v1/users?space=shop&disabled=false&from=2026-01-01T00:00:00Z"}},
      {"listUsers", 400, {"GET", "/api/v1/users?disabled=2"}},
      {"addUser", 201, {"POST", "/api/v1/users", R"({"name":"new-shop","role":"viewer","spaces":["shop"]})"}},
      {"addUser", 409, {"POST", "/api/v1/users", R"({"name":"bob-shop","role":"viewer","spaces":["shop"]})"}},
      {"addUser", 400, {"POST", "/api/v1/users", R"({"name":"Bob!","role":"viewer","spaces":["shop"]})"}},
      {"addUser", 400, {"POST", "/api/v1/users", R"({"name":"bob","role":"viewer","spaces":[]})"}},
      {"addUser", 404, {"POST", "/api/v1/users", R"({"name":"bob","role":"viewer","spaces":["*"]})"}},
      {"changeUser", 200, {"PATCH", "/api/v1/users/bob-shop", R"({"disabled":true})"}},
      {"changeUser", 400, {"PATCH", "/api/v1/users/bob-shop", R"({"disabled":"yes"})"}},
      {"changeUser", 404, {"PATCH", "/api/v1/users/none-shop", R"({"disabled":true})"}},
      {"resetPassword", 200, {"POST", "/api/v1/users/bob-shop/password"}},
      {"resetPassword", 404, {"POST", "/api/v1/users/none-shop/password"}},
      {"grantRole", 200, {"PUT", "/api/v1/users/bob-shop/roles/shop", R"({"role":"operator"})"}},
      {"grantRole", 400, {"PUT", "/api/v1/users/bob-shop/roles/shop", R"({"role":"root"})"}},
      {"grantRole", 404, {"PUT", "/api/v1/users/none-shop/roles/shop", R"({"role":"viewer"})"}},
      {"grantRole", 404, {"PUT", "/api/v1/users/bob-shop/roles/*", R"({"role":"viewer"})"}},
      {"withdrawRole", 200, {"DELETE", "/api/v1/users/bob-shop/roles/shop"}},
      {"withdrawRole", 404, {"DELETE", "/api/v1/users/bob-shop/roles/shop"}},
      {"listTokens", 200, {"GET", "/api/v1/tokens"}},
      {"listTokens", 200, {"GET", "/api/v1/tokens?space=shop&status=open&to=2027-01-01T00:00:00Z"}},
      {"listTokens", 400, {"GET", "/api/v1/tokens?status=lost"}},
      {"createToken",
       201,
       {"POST", "/api/v1/tokens",
        R"({"name":"ci","role":"operator","spaces":["shop"],"until":"2027-01-01T00:00:00Z"})"}},
      {"createToken",
       400,
       {"POST", "/api/v1/tokens",
        R"({"name":"ci","role":"viewer","spaces":["shop"],"until":"2001-01-01T00:00:00Z"})"}},
      {"createToken", 400, {"POST", "/api/v1/tokens", R"({"name":"ci","role":"root","spaces":["shop"]})"}},
      {"createToken", 404, {"POST", "/api/v1/tokens", R"({"name":"ci","role":"viewer","spaces":["*"]})"}},
      {"revokeToken", 200, {"DELETE", "/api/v1/tokens/tok-shop"}},
      {"revokeToken", 409, {"DELETE", "/api/v1/tokens/tok-shop"}},
      {"revokeToken", 404, {"DELETE", "/api/v1/tokens/tok-none"}},
      {"getServer", 200, {"GET", "/api/v1/server"}},
      {"listIncidents", 200, {"GET", "/api/v1/incidents"}},
      {"listIncidents",
       200,
       {"GET", "/api/v1/incidents?space=shop&status=open&entity=check&mode=storage-full"}},
      {"listIncidents", 200, {"GET", "/api/v1/incidents?words=slow&from=2026-01-01T00:00:00Z&limit=1"}},
      {"listIncidents", 400, {"GET", "/api/v1/incidents?status=broken"}},
      {"listIncidents", 400, {"GET", "/api/v1/incidents?from=yesterday"}},
      {"listIncidents", 400, {"GET", "/api/v1/incidents?limit=501"}},
      {"listIncidents", 400, {"GET", "/api/v1/incidents?cursor=%22%27;drop"}},
      {"startIncident", 201, {"POST", "/api/v1/incidents", R"({"space":"shop","start":{"latest":true}})"}},
      {"startIncident",
       201,
       {"POST", "/api/v1/incidents",
        R"({"space":"shop","title":"t","start":{"question":"why?","from":"2026-01-01T00:00:00Z","to":"2026-01-01T01:00:00Z"}})"}},
      {"startIncident", 400, {"POST", "/api/v1/incidents", R"({"space":"shop","start":{}})"}},
      {"getIncident", 200, {"GET", "/api/v1/incidents/inc-shop"}},
      {"getIncident", 404, {"GET", "/api/v1/incidents/inc-none"}},
      {"changeIncident",
       200,
       {"PATCH", "/api/v1/incidents/inc-shop", R"({"status":"resolved"})", {any_version}}},
      {"changeIncident", 428, {"PATCH", "/api/v1/incidents/inc-shop", R"({"status":"resolved"})"}},
      {"changeIncident",
       412,
       {"PATCH", "/api/v1/incidents/inc-shop", R"({"status":"open"})", {{"If-Match", "\"1000\""}}}},
      {"investigateAgain", 201, {"POST", "/api/v1/incidents/inc-shop/investigations"}},
      {"listAlarms", 200, {"GET", "/api/v1/alarms?decision=linked"}},
      {"listAlarms",
       200,
       {"GET",
        "/api/v1/alarms?space=shop&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&entity=check&mode="
        "storage-full&state=firing"}},
      {"listAlarms", 400, {"GET", "/api/v1/alarms?state=loud"}},
      {"listAlarms", 400, {"GET", "/api/v1/alarms?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"}},
      {"undoTriage", 200, {"POST", "/api/v1/alarms/linked-shop/undo"}},
      {"undoTriage", 409, {"POST", "/api/v1/alarms/alm-shop/undo"}},
      {"listInvestigations", 200, {"GET", "/api/v1/investigations"}},
      {"listInvestigations",
       200,
       {"GET",
        "/api/v1/investigations?space=shop&from=2026-01-01T00:00:00Z&entity=check&mode=storage-full&status="
        "done"}},
      {"listInvestigations", 400, {"GET", "/api/v1/investigations?status=lost"}},
      {"getInvestigation", 200, {"GET", "/api/v1/investigations/inv-shop"}},
      {"getReport", 200, {"GET", "/api/v1/investigations/inv-shop/report"}},
      {"getReport", 200, {"GET", "/api/v1/investigations/inv-shop/report?format=html&language=ja"}},
      {"getReport", 200, {"GET", "/api/v1/investigations/inv-shop/report?format=markdown"}},
      {"getReport", 200, {"GET", "/api/v1/investigations/inv-shop/report?format=text"}},
      {"getReport", 400, {"GET", "/api/v1/investigations/inv-shop/report?format=pdf"}},
      {"getReport", 404, {"GET", "/api/v1/investigations/run-shop/report"}},
      {"getRecording", 200, {"GET", "/api/v1/investigations/inv-shop/recording"}},
      {"listJournal", 200, {"GET", "/api/v1/investigations/inv-shop/journal?after=1&limit=10"}},
      {"listJournal",
       200,
       {"GET", "/api/v1/investigations/inv-shop/journal?from=2026-01-01T00:00:00Z&kind=finding"}},
      {"followInvestigation", 200, {"GET", "/api/v1/investigations/inv-shop/events"}},
      {"followInvestigation",
       204,
       {"GET", "/api/v1/investigations/inv-shop/events", "", {{"Last-Event-ID", "3"}}}},
      {"steer", 202, {"POST", "/api/v1/investigations/run-shop/messages", R"({"text":"other causes?"})"}},
      {"cancelInvestigation", 200, {"POST", "/api/v1/investigations/run-shop/cancel"}},
      {"cancelInvestigation", 409, {"POST", "/api/v1/investigations/inv-shop/cancel"}},
      {"giveFeedback",
       201,
       {"POST", "/api/v1/investigations/inv-shop/feedback",
        R"({"judgement":"partly","mitigation_helped":true,"actual":"the disk"})"}},
      {"giveFeedback", 409, {"POST", "/api/v1/investigations/run-shop/feedback", R"({"judgement":"right"})"}},
      {"listFeedback", 200, {"GET", "/api/v1/feedback"}},
      {"listFeedback",
       200,
       {"GET", "/api/v1/feedback?space=shop&to=2027-01-01T00:00:00Z&entity=x&mode=y&judgement=wrong"}},
      {"listFeedback", 400, {"GET", "/api/v1/feedback?judgement=maybe"}},
      {"followIncidents", 200, {"GET", "/api/v1/events"}},
      {"getTopology", 200, {"GET", "/api/v1/spaces/shop/topology"}},
      {"getTopology", 200, {"GET", "/api/v1/spaces/shop/topology?format=mermaid"}},
      {"getTopology", 502, {"GET", "/api/v1/spaces/shop/topology?entity=unreachable"}},
      {"listSources", 200, {"GET", "/api/v1/spaces/shop/sources?language=ja"}},
      {"listSources", 400, {"GET", "/api/v1/spaces/shop/sources?language=fr"}},
      {"getAccuracy", 200, {"GET", "/api/v1/accuracy"}},
      {"listKnowledge", 200, {"GET", "/api/v1/knowledge"}},
      {"getFailureMode", 200, {"GET", "/api/v1/knowledge/storage-full"}},
      {"getFailureMode", 404, {"GET", "/api/v1/knowledge/unknown"}},
      {"listDeliveries", 200, {"GET", "/api/v1/deliveries"}},
      {"listDeliveries",
       200,
       {"GET",
        "/api/v1/deliveries?space=shop&from=2026-01-01T00:00:00Z&entity=check&mode=storage-full&sender="
        "pager&made_alarms=true"}},
      {"listDeliveries", 400, {"GET", "/api/v1/deliveries?made_alarms=perhaps"}},
      {"listNotifications", 200, {"GET", "/api/v1/notifications"}},
      {"listNotifications",
       200,
       {"GET", "/api/v1/notifications?space=shop&incident=inc-shop&target=slack&state=sent"}},
      {"listNotifications",
       200,
       {"GET", "/api/v1/notifications?space=shop&from=2026-01-01T00:00:00Z&entity=check&mode=storage-full"}},
      {"listNotifications", 400, {"GET", "/api/v1/notifications?state=lost"}},
      {"resendNotification", 202, {"POST", "/api/v1/notifications/lost-shop/resend"}},
      {"resendNotification", 409, {"POST", "/api/v1/notifications/ntf-shop/resend"}},
      {"resendNotification", 404, {"POST", "/api/v1/notifications/unknown/resend"}},
      {"getSettings", 200, {"GET", "/api/v1/settings"}},
      {"testWebhook", 200, {"POST", "/api/v1/webhooks/pager/test"}},
      {"testWebhook", 409, {"POST", "/api/v1/webhooks/shop-sns/test"}},
      {"testWebhook", 404, {"POST", "/api/v1/webhooks/unknown/test"}},
      {"testTarget", 202, {"POST", "/api/v1/targets/slack/test"}},
      {"testTarget", 409, {"POST", "/api/v1/targets/shop-chat/test"}},
      {"testTarget", 404, {"POST", "/api/v1/targets/unknown/test"}},
      {"listAudit", 200, {"GET", "/api/v1/audit"}},
      {"listAudit",
       200,
       {"GET", "/api/v1/audit?space=shop&from=2026-01-01T00:00:00Z&who=ada&action=undoTriage&after=1"}},
      {"listAudit", 400, {"GET", "/api/v1/audit?to=soon"}},
      {"breakSomething", 201, {"POST", "/api/v1/sandbox", R"({"world":"full-disk","seed":3})"}},
      {"breakSomething", 404, {"POST", "/api/v1/sandbox", R"({"world":"unknown"})"}},
  };
}

TEST(Operations, AreThoseOfTheDocument) {
  std::map<std::string, const Route*> known;
  for (const auto& route : routes()) known[std::string(route.operation)] = &route;
  ASSERT_EQ(known.size(), document().operations().size());
  for (const auto& operation : document().operations()) {
    ASSERT_TRUE(known.contains(operation.id)) << operation.id;
    const Route& route = *known[operation.id];
    EXPECT_EQ(route.method, operation.method) << operation.id;
    EXPECT_EQ(route.pattern, operation.path) << operation.id;
    EXPECT_EQ(!route.needs.has_value(), operation.open) << operation.id;
    std::string query;
    for (const auto& name : operation.query) query += (query.empty() ? "" : " ") + name;
    EXPECT_EQ(route.query, query) << operation.id;
  }
}

TEST(Operations, AnswerAsTheDocumentSays) {
  ApiUnderTest api(empty_store());
  std::set<std::string> called;
  for (const auto& example : examples()) {
    const Operation& operation = document().operation(example.operation);
    called.insert(operation.id);
    const auto answer = api.send_as("ada", example.request);
    const std::string what = operation.id + " " + example.request.target + " " + answer.body;
    EXPECT_EQ(answer.status, example.status) << what;
    EXPECT_EQ(
        document().check(operation, answer.status, testing::header_of(answer, "Content-Type"), answer.body),
        "")
        << what;
  }
  for (const auto& operation : document().operations())
    EXPECT_TRUE(called.contains(operation.id)) << operation.id;
}

TEST(Operations, AnswerHeadAsTheyAnswerGet) {
  ApiUnderTest api(empty_store());
  for (const auto& example : examples()) {
    if (example.request.method != "GET") continue;
    Request head = example.request;
    head.method = "HEAD";
    const auto answer = api.send_as("ada", head);
    EXPECT_EQ(answer.status, example.status) << example.request.target;
    EXPECT_FALSE(answer.stream) << example.request.target;
  }
}

/// The same request about the things of the space `other`.
Request about_other(Request request) {
  for (std::string* text : {&request.target, &request.body}) {
    for (std::size_t at = text->find("shop"); at != std::string::npos; at = text->find("shop", at))
      text->replace(at, std::string_view("shop").size(), "other");
  }
  return request;
}

/// How an admin of the space `shop` comes.
enum class Way { kToken, kSession };

http::ServerResponse send_as_admin(const ApiUnderTest& api, Way way, const Request& request) {
  return way == Way::kToken ? api.send_as("ada", request) : api.send_signed_in("sam", request);
}

class Walls : public ::testing::TestWithParam<Way> {};

INSTANTIATE_TEST_SUITE_P(OfEachWay, Walls, ::testing::Values(Way::kToken, Way::kSession));

TEST_P(Walls, HideAndKeepWhatLiesInAnotherSpace) {
  ApiUnderTest api(empty_store());
  const Request theirs{"GET", "/api/v1/incidents/inc-other"};
  const std::string before = api.send_as("eve", theirs).body;
  for (const auto& example : examples()) {
    const Operation& operation = document().operation(example.operation);
    if (operation.open || operation.id == "signOut") continue;
    const Request asked = about_other(example.request);
    const auto answer = send_as_admin(api, GetParam(), asked);
    const bool names_it = asked.target != example.request.target || asked.body != example.request.body;
    if (names_it && example.status != 400 && example.status != 428) {
      EXPECT_EQ(answer.status, 404) << operation.id << " " << asked.target << " " << answer.body;
    }
    for (const char* id : {"inc-other", "inv-other", "run-other", "alm-other", "linked-other", "dlv-other",
                           "tok-other", "bob-other"}) {
      if (asked.target.find(id) == std::string::npos) {
        EXPECT_EQ(answer.body.find(id), std::string::npos) << operation.id << " " << answer.body;
      }
    }
  }
  EXPECT_EQ(api.send_as("eve", theirs).body, before);
}

TEST_P(Walls, LetInWhoBelongsThere) {
  ApiUnderTest api(empty_store());
  for (const auto& example : examples()) {
    if (document().operation(example.operation).open || example.operation == std::string_view("signOut"))
      continue;
    const int status =
        GetParam() == Way::kSession && example.signed_in != 0 ? example.signed_in : example.status;
    EXPECT_EQ(send_as_admin(api, GetParam(), example.request).status, status)
        << example.operation << " " << example.request.target;
  }
}

bool needs_admin(std::string_view operation) {
  const auto all = routes();
  return std::any_of(all.begin(), all.end(), [&](const Route& route) {
    return route.operation == operation && route.needs == Role::kAdmin;
  });
}

TEST(Spaces, EachHaveTheirOwnRole) {
  // rita reads the one space and is admin of the other.
  ApiUnderTest api(empty_store());
  // Of these the fake server has one thing, in one space.
  const std::set<std::string> elsewhere{"signOut", "breakSomething", "testWebhook", "testTarget"};
  for (const auto& example : examples()) {
    const Operation& operation = document().operation(example.operation);
    if (operation.open || elsewhere.contains(operation.id)) continue;
    const int status = example.signed_in != 0 ? example.signed_in : example.status;
    const std::string what = operation.id + " " + example.request.target + " " + example.request.body;
    const Request theirs = about_other(example.request);
    const bool names_it = theirs.target != example.request.target || theirs.body != example.request.body;
    EXPECT_EQ(api.send_signed_in("rita", theirs).status, status) << what;
    const auto seen = api.send_signed_in("rita", example.request);
    if (!names_it || (operation.method == "GET" && !needs_admin(operation.id))) {
      EXPECT_EQ(seen.status, status) << what << seen.body;
    } else if (example.status != 400 && example.status != 428) {
      // Tokens and what is set up are told of to those alone who may change them.
      EXPECT_TRUE(seen.status == 403 || seen.status == 404) << what << seen.body;
    } else {
      EXPECT_GE(seen.status, 400) << what << seen.body;
    }
  }
  const base::Json audit = testing::json_body(api.send_signed_in("rita", {"GET", "/api/v1/audit"}));
  for (const auto& line : base::list_at(audit, "items"))
    EXPECT_NE(base::text_at(line, "details", "space"), "shop") << "only an admin of a space reads its audit";
}

TEST(Spaces, ShowNothingToWhoHasNone) {
  ApiUnderTest api(empty_store());
  for (const auto& example : examples()) {
    const Operation& operation = document().operation(example.operation);
    if (operation.open) continue;
    const auto answer = api.send_as("nils", example.request);
    for (const char* id : {"inc-", "inv-", "run-", "alm-", "linked-", "dlv-", "tok-", "bob-"}) {
      if (example.request.target.find(id) == std::string::npos) {
        EXPECT_EQ(answer.body.find(id), std::string::npos) << operation.id << " " << answer.body;
      }
    }
  }
}

TEST(Roles, DecideWhatACallerMayDo) {
  ApiUnderTest api(empty_store());
  for (const auto& example : examples()) {
    const Operation& operation = document().operation(example.operation);
    if (operation.open) continue;
    const bool changes = operation.method != "GET";
    const bool admins = needs_admin(operation.id);
    if (is_of_session(operation.id)) continue;
    const auto seen = api.send_as("vera", example.request);
    EXPECT_EQ(seen.status == 403, changes || admins) << operation.id << " " << seen.body;
    EXPECT_EQ(api.send_as("mallory", example.request).status, 401) << operation.id;
    if (admins) {
      EXPECT_EQ(api.send_as("olga", example.request).status, 403);
    }
  }
}

TEST(Audit, HasALineForEachChange) {
  ApiUnderTest api(empty_store());
  std::set<std::string> changes;
  for (const auto& example : examples()) {
    const bool counts = example.request.method != "GET" && example.status < 300;
    const std::string_view operation = example.operation;
    if (operation == "signIn") continue;    // session_test has its lines
    if (operation == "interact") continue;  // its line is that of what was pressed, by somebody else
    if (counts && operation != "receiveAlarm") changes.insert(example.operation);
    api.send_as("ada", example.request);
  }
  std::set<std::string> audited;
  const base::Json audit = testing::json_body(api.send_as("ada", {"GET", "/api/v1/audit"}));
  for (const auto& line : base::list_at(audit, "items")) {
    EXPECT_EQ(base::text_at(line, "who"), "ada");
    EXPECT_EQ(base::text_at(line, "details", "space"), "shop");
    audited.insert(base::text_at(line, "action"));
  }
  EXPECT_EQ(audited, changes);
  EXPECT_TRUE(
      base::list_at(testing::json_body(api.send_as("eve", {"GET", "/api/v1/audit"})), "items").empty());
}

}  // namespace
}  // namespace midwatch::api
