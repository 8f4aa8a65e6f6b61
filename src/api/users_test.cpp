#include "src/identity/users.h"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/api/testing/api_fixture.h"
#include "src/api/testing/openapi_document.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::api {
namespace {

using base::Json;
using model::Grant;
using testing::ApiUnderTest;
using ::testing::ElementsAre;
using testing::header_of;
using testing::json_body;
using testing::Request;

std::unique_ptr<store::Store> empty_store() {
  auto opened = store::sqlite::open_sqlite(":memory:");
  EXPECT_TRUE(opened) << opened.error().describe();
  return *std::move(opened);
}

const testing::OpenApiDocument& document() {
  static const auto kDocument = testing::OpenApiDocument::read(MIDWATCH_SOURCE_DIR "/src/api/openapi.yaml");
  return *kDocument;
}

/// The server, and a user `root` who is admin of every space.
class UsersTest : public ::testing::Test {
 protected:
  UsersTest() { add("root", {{"*", Role::kAdmin}}); }

  void add(const std::string& name, const std::vector<Grant>& grants) {
    const auto hash = api.passwords.hash(ApiUnderTest::kPassword);
    const auto done = api.store->write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto user, identity::add_user(session, api.clock.now(), name, grants,
                                                       {*hash, identity::ChosenBy::kThemselves}));
      return session.add_sign_in(testing::sign_in_of(user.name, api.clock.now()));
    });
    ASSERT_TRUE(done) << done.error().describe();
  }
  /// What an operation answers somebody who is signed in; it must be as the document says.
  http::ServerResponse as(const std::string& who, const char* operation, const Request& request) {
    auto answer = api.send_signed_in(who, request);
    EXPECT_EQ(document().check(document().operation(operation), answer.status,
                               header_of(answer, "Content-Type"), answer.body),
              "")
        << operation << " " << answer.body;
    return answer;
  }
  int grant(const std::string& who, const std::string& user, const std::string& space, const char* role) {
    return as(who, "grantRole",
              {"PUT", "/api/v1/users/" + user + "/roles/" + space,
               std::string(R"({"role":")") + role + "\"}"})
        .status;
  }
  int withdraw(const std::string& who, const std::string& user, const std::string& space) {
    return as(who, "withdrawRole", {"DELETE", "/api/v1/users/" + user + "/roles/" + space}).status;
  }
  int disable(const std::string& who, const std::string& user, const char* disabled = "true") {
    return as(who, "changeUser",
              {"PATCH", "/api/v1/users/" + user, std::string(R"({"disabled":)") + disabled + "}"})
        .status;
  }
  int reset(const std::string& who, const std::string& user) {
    return as(who, "resetPassword", {"POST", "/api/v1/users/" + user + "/password"}).status;
  }
  /// The users that somebody sees, each as "name space=role …", with a ! where they are managed.
  std::vector<std::string> seen_by(const std::string& who) {
    std::vector<std::string> seen;
    const Json users = json_body(as(who, "listUsers", {"GET", "/api/v1/users"}));
    for (const Json& user : base::list_at(users, "items")) {
      std::string line = base::text_at(user, "name") + (user["managed"].get<bool>() ? "!" : "");
      for (const Json& role : user["roles"])
        line += " " + base::text_at(role, "space") + "=" + base::text_at(role, "role");
      seen.push_back(std::move(line));
    }
    return seen;
  }
  int sign_in(const std::string& user, const std::string& password) {
    const Json body{{"user", user}, {"password", password}};
    return api.send_as("nobody", {"POST", "/api/v1/session", body.dump()}).status;
  }

  ApiUnderTest api{empty_store()};
};

TEST_F(UsersTest, AreSeenWhereSomebodyIsAdmin) {
  EXPECT_THAT(seen_by("sam"),
              ElementsAre("bob-shop! shop=viewer", "rita shop=viewer", "root *=admin", "sam! shop=admin"));
  EXPECT_THAT(seen_by("rita"), ElementsAre("bob-other! other=viewer", "rita other=admin", "root *=admin"))
      << "of her own role where she is no admin this list says nothing";
  EXPECT_THAT(seen_by("root"),
              ElementsAre("bob-other! other=viewer", "bob-shop! shop=viewer", "rita! other=admin shop=viewer",
                          "root! *=admin", "sam! shop=admin"));
}

TEST_F(UsersTest, ChangeAPasswordThatSomebodyElseChoseBeforeAnythingElse) {
  const Json given = json_body(as("sam", "resetPassword", {"POST", "/api/v1/users/bob-shop/password"}));
  const std::string password = base::text_at(given, "password");
  EXPECT_EQ(given["must_change_password"], true);
  const Json body{{"user", "bob-shop"}, {"password", password}};
  const auto entered = api.send_as("nobody", {"POST", "/api/v1/session", body.dump()});
  ASSERT_EQ(entered.status, 201) << entered.body;
  EXPECT_EQ(json_body(entered)["must_change_password"], true);
  std::string cookie = header_of(entered, "Set-Cookie");
  const auto send = [&](Request request, const Json& session) {
    request.headers.emplace_back("Cookie", cookie.substr(0, cookie.find(';')));
    request.headers.emplace_back("X-Midwatch-CSRF", base::text_at(session, "csrf"));
    return api.send_plain(request);
  };
  const Json session = json_body(send({"GET", "/api/v1/session"}, Json::object()));
  EXPECT_EQ(session["must_change_password"], true) << "the page asks that";
  for (const auto& operation : document().operations()) {
    if (operation.open || operation.id == "changePassword" || operation.id == "signOut") continue;
    const auto refused = send({operation.method, operation.path}, session);
    EXPECT_EQ(refused.status, 403) << operation.id << refused.body;
    EXPECT_THAT(refused.body, ::testing::HasSubstr("change your password first")) << operation.id;
  }
  const Json wanted{{"present", password}, {"wanted", "several words make one"}};
  const auto changed = send({"PUT", "/api/v1/session/password", wanted.dump()}, session);
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_FALSE(json_body(changed).contains("must_change_password"));
  cookie = header_of(changed, "Set-Cookie");
  EXPECT_EQ(send({"GET", "/api/v1/incidents"}, json_body(changed)).status, 200);
  const Json users = json_body(as("sam", "listUsers", {"GET", "/api/v1/users"}));
  EXPECT_EQ(users["items"][0]["name"], "bob-shop");
  EXPECT_EQ(users["items"][0]["must_change_password"], false);
}

TEST_F(UsersTest, ComeInWithAPasswordThatIsShownOnce) {
  const Request asked{"POST",
                      "/api/v1/users",
                      R"({"name":"ada","role":"operator","spaces":["shop","shop"]})",
                      {{"Idempotency-Key", "k"}}};
  const Json added = json_body(as("sam", "addUser", asked));
  const std::string password = base::text_at(added, "password");
  EXPECT_THAT(password, ::testing::MatchesRegex("([0-9a-z]{5}-){3}[0-9a-z]{5}"));
  EXPECT_EQ(added["roles"], (Json{{{"space", "shop"}, {"role", "operator"}}}));
  const Json again = json_body(as("sam", "addUser", asked));
  EXPECT_EQ(base::text_at(again, "name"), "ada");
  EXPECT_FALSE(again.contains("password")) << "an answer that is kept has no secret";
  EXPECT_EQ(as("sam", "listUsers", {"GET", "/api/v1/users"}).body.find(password), std::string::npos);
  EXPECT_EQ(added["must_change_password"], true);
  EXPECT_EQ(sign_in("ada", password), 201);
  const auto audit = api.send_as("ada", {"GET", "/api/v1/audit"});
  EXPECT_EQ(audit.body.find(password), std::string::npos);
  EXPECT_NE(audit.body.find("addUser"), std::string::npos);
}

TEST_F(UsersTest, GetAndLoseRolesInTheSpacesOfWhoGives) {
  EXPECT_EQ(grant("sam", "bob-other", "shop", "operator"), 200) << "known by name, whatever else they are";
  EXPECT_THAT(seen_by("sam"), ::testing::Contains("bob-other shop=operator"));
  EXPECT_THAT(seen_by("rita"), ::testing::Contains("bob-other other=viewer"));
  EXPECT_EQ(grant("sam", "bob-other", "other", "viewer"), 404);
  EXPECT_EQ(withdraw("sam", "bob-other", "other"), 404);
  EXPECT_EQ(grant("rita", "bob-other", "shop", "viewer"), 403) << "there she only reads";
  EXPECT_EQ(grant("sam", "bob-other", "shop", "viewer"), 200) << "in place of the one before";
  EXPECT_EQ(withdraw("sam", "bob-other", "shop"), 200);
  EXPECT_THAT(seen_by("root"), ::testing::Contains("bob-other! other=viewer"));
}

TEST_F(UsersTest, AreEverywhereOnlyByWhoIs) {
  EXPECT_EQ(grant("sam", "sam", "*", "admin"), 404);
  EXPECT_EQ(withdraw("sam", "root", "*"), 404);
  EXPECT_EQ(grant("rita", "rita", "*", "viewer"), 404);
  EXPECT_EQ(grant("root", "sam", "*", "viewer"), 200);
  EXPECT_EQ(grant("sam", "bob-shop", "*", "viewer"), 404) << "who reads everywhere gives nothing everywhere";
  const Request token{"POST", "/api/v1/tokens", R"({"name":"all","role":"admin","spaces":["*"]})"};
  EXPECT_EQ(as("sam", "createToken", token).status, 404);
  EXPECT_EQ(as("root", "createToken", token).status, 201);
}

TEST_F(UsersTest, AreInTheHandsOfWhoMayGiveAllThatTheyMay) {
  EXPECT_EQ(reset("sam", "rita"), 403) << "who resets her password comes by what she may elsewhere";
  EXPECT_EQ(disable("sam", "rita"), 403);
  EXPECT_EQ(reset("sam", "root"), 403);
  EXPECT_EQ(reset("sam", "bob-other"), 404);
  EXPECT_EQ(reset("sam", "sam"), 409) << "one's own is changed with the present one";
  EXPECT_EQ(reset("root", "rita"), 200);
  EXPECT_EQ(withdraw("sam", "bob-shop", "shop"), 200);
  EXPECT_EQ(reset("sam", "bob-shop"), 404) << "whoever gives the next role must not meet a planted password";
  EXPECT_EQ(reset("root", "bob-shop"), 200);
}

TEST_F(UsersTest, AreOutAtOnceWhenTheirPasswordIsReset) {
  EXPECT_EQ(api.send_signed_in("bob-shop", {"GET", "/api/v1/incidents"}).status, 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("bob-shop", "wrong"), 401);
  EXPECT_EQ(sign_in("bob-shop", ApiUnderTest::kPassword), 429);
  const Json given = json_body(as("sam", "resetPassword", {"POST", "/api/v1/users/bob-shop/password"}));
  EXPECT_EQ(api.send_signed_in("bob-shop", {"GET", "/api/v1/incidents"}).status, 401);
  EXPECT_EQ(sign_in("bob-shop", ApiUnderTest::kPassword), 401);
  EXPECT_EQ(sign_in("bob-shop", base::text_at(given, "password")), 201);
}

TEST_F(UsersTest, AreOutWhileTheyAreDisabled) {
  EXPECT_EQ(disable("sam", "bob-shop"), 200);
  EXPECT_EQ(api.send_signed_in("bob-shop", {"GET", "/api/v1/incidents"}).status, 401);
  EXPECT_EQ(sign_in("bob-shop", ApiUnderTest::kPassword), 401);
  EXPECT_EQ(disable("sam", "bob-shop", "false"), 200);
  const auto audit = api.send_as("ada", {"GET", "/api/v1/audit"});
  EXPECT_NE(audit.body.find(R"("disabled":true})"), std::string::npos) << audit.body;
  EXPECT_EQ(sign_in("bob-shop", ApiUnderTest::kPassword), 201);
}

TEST_F(UsersTest, KeepAnAdminWhatever) {
  EXPECT_EQ(withdraw("root", "root", "*"), 409);
  EXPECT_EQ(grant("root", "root", "*", "operator"), 409);
  EXPECT_EQ(disable("root", "root"), 409);
  EXPECT_EQ(withdraw("sam", "sam", "shop"), 200) << "root is still there";
  EXPECT_EQ(grant("root", "sam", "*", "admin"), 200);
  EXPECT_EQ(disable("root", "root"), 200);
  EXPECT_EQ(disable("sam", "sam"), 409);
}

TEST_F(UsersTest, KeepAnAdminOfASpaceToo) {
  // Without root, sam is the only one in shop.
  const auto done = api.store->write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(identity::set_disabled(session, api.clock.now(), "root", true));
    return {};
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(withdraw("sam", "sam", "shop"), 409);
  EXPECT_EQ(grant("sam", "sam", "shop", "viewer"), 409);
  EXPECT_EQ(disable("sam", "sam"), 409);
  EXPECT_EQ(grant("sam", "bob-shop", "shop", "admin"), 200);
  EXPECT_EQ(withdraw("sam", "sam", "shop"), 200);
}

TEST_F(UsersTest, ChangeTheirOwnPasswordWithTheOneTheyHave) {
  const auto change = [&](const std::string& present, const std::string& wanted) {
    const Json body{{"present", present}, {"wanted", wanted}};
    return as("sam", "changePassword", {"PUT", "/api/v1/session/password", body.dump()});
  };
  ASSERT_EQ(sign_in("sam", ApiUnderTest::kPassword), 201);
  const std::string wanted = "a much better one";
  EXPECT_EQ(change("wrong", wanted).status, 403);
  EXPECT_EQ(change(ApiUnderTest::kPassword, "of sam, the admin").status, 400);
  EXPECT_EQ(change(ApiUnderTest::kPassword, ApiUnderTest::kPassword).status, 400);
  const Json before = json_body(as("sam", "listSessions", {"GET", "/api/v1/sessions"}));
  EXPECT_EQ(before["items"].size(), 2U);

  const auto changed = change(ApiUnderTest::kPassword, wanted);
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(header_of(changed, "Cache-Control"), "no-store");
  EXPECT_EQ(api.send_signed_in("sam", {"GET", "/api/v1/incidents"}).status, 401) << "the cookie of before";
  EXPECT_EQ(sign_in("sam", ApiUnderTest::kPassword), 401);
  EXPECT_EQ(sign_in("sam", wanted), 201);
  const std::string set = header_of(changed, "Set-Cookie");
  Request asked{
      "GET", "/api/v1/sessions", "", {{"Host", "127.0.0.1"}, {"Cookie", set.substr(0, set.find(';'))}}};
  const auto after = api.send_raw({asked.method, asked.target, asked.headers, "", "127.0.0.1"});
  EXPECT_EQ(json_body(after)["items"].size(), 2U) << "the one that goes on, and the one since";
  EXPECT_EQ(json_body(api.send_raw({"GET", "/api/v1/session", asked.headers, "", "127.0.0.1"})),
            json_body(changed));

  const auto audit = api.send_as("ada", {"GET", "/api/v1/audit"});
  EXPECT_NE(audit.body.find("changePasswordFailed"), std::string::npos);
  EXPECT_EQ(audit.body.find(wanted), std::string::npos);
}

TEST_F(UsersTest, WaitWhenTheyGuessTheirPresentPassword) {
  const Request guess{"PUT", "/api/v1/session/password",
                      R"({"present":"wrong","wanted":"a much better one"})"};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(as("sam", "changePassword", guess).status, 403);
  const auto refused = as("sam", "changePassword", guess);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header_of(refused, "Retry-After"), "30");
}

TEST_F(UsersTest, SeeAndEndTheirOwnSessionsAlone) {
  ASSERT_EQ(sign_in("sam", ApiUnderTest::kPassword), 201);
  ASSERT_EQ(sign_in("sam", ApiUnderTest::kPassword), 201);
  ASSERT_EQ(sign_in("rita", ApiUnderTest::kPassword), 201);
  const auto ids = [&](const std::string& who, bool is_this) {
    std::vector<std::string> found;
    const Json sessions = json_body(as(who, "listSessions", {"GET", "/api/v1/sessions"}));
    for (const Json& item : base::list_at(sessions, "items"))
      if (item["is_this"].get<bool>() == is_this) found.push_back(base::text_at(item, "id"));
    return found;
  };
  EXPECT_EQ(ids("sam", true).size(), 1U);
  ASSERT_EQ(ids("sam", false).size(), 2U);
  const auto end = [&](const std::string& who, const std::string& id) {
    return as(who, "endSession", {"DELETE", "/api/v1/sessions/" + id}).status;
  };
  EXPECT_EQ(end("sam", ids("rita", false).at(0)), 404);
  EXPECT_EQ(end("sam", ids("sam", false).at(0)), 200);
  EXPECT_EQ(json_body(as("sam", "endOtherSessions", {"DELETE", "/api/v1/sessions"})), (Json{{"ended", 1}}));
  EXPECT_EQ(json_body(as("sam", "endOtherSessions", {"DELETE", "/api/v1/sessions"})), (Json{{"ended", 0}}));
  EXPECT_EQ(ids("rita", false).size(), 1U);
  EXPECT_EQ(ids("sam", true).size(), 1U);
  api.clock.advance(std::chrono::hours(12));
  EXPECT_EQ(api.send_signed_in("sam", {"GET", "/api/v1/sessions"}).status, 401);
}

TEST_F(UsersTest, HaveCsrfAndOriginCheckedLikeAllElse) {
  const Request change{
      "DELETE", "/api/v1/sessions", "", {{"Cookie", testing::session_headers("sam")[0].second}}};
  http::ServerRequest sent{change.method, change.target, change.headers, "", "127.0.0.1"};
  sent.headers.emplace_back("Host", "127.0.0.1");
  EXPECT_EQ(api.send_raw(sent).status, 403) << "without the token of the page";
  Request foreign{"POST", "/api/v1/users/bob-shop/password", "", {{"Origin", "https://evil.example"}}};
  EXPECT_EQ(api.send_signed_in("sam", foreign).status, 403);
}

}  // namespace
}  // namespace midwatch::api
