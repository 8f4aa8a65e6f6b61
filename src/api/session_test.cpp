#include <map>
#include <string>

#include <gtest/gtest.h>

#include "src/api/testing/api_fixture.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/http/url.h"
#include "src/identity/testing/fake_provider.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::api {
namespace {

using testing::ApiUnderTest;
using testing::header_of;
using testing::json_body;
using testing::Request;

const std::string kRight = R"({"user":"sam","password":"correct horse battery"})";
const std::string kWrong = R"({"user":"sam","password":"wrong"})";
const std::string kResolve = R"({"status":"resolved"})";

std::unique_ptr<store::Store> empty_store() {
  auto opened = store::sqlite::open_sqlite(":memory:");
  EXPECT_TRUE(opened) << opened.error().describe();
  return *std::move(opened);
}

/// From a browser that has none of our cookies, or these.
http::ServerResponse send(const ApiUnderTest& api, Request request, const std::string& cookie = "") {
  request.headers.emplace_back("Host", "127.0.0.1:8080");
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  if (!cookie.empty()) request.headers.emplace_back("Cookie", cookie);
  return api.send_raw({request.method, request.target, request.headers, request.body, "192.0.2.7"});
}

http::ServerResponse sign_in(const ApiUnderTest& api, const std::string& body,
                             const std::string& cookie = "") {
  return send(api, {"POST", "/api/v1/session", body}, cookie);
}

/// What a browser sends back of a Set-Cookie.
std::string cookie_of(const http::ServerResponse& answer) {
  const std::string set = header_of(answer, "Set-Cookie");
  return set.substr(0, set.find(';'));
}

base::Json session(const ApiUnderTest& api, const std::string& cookie) {
  return json_body(send(api, {"GET", "/api/v1/session"}, cookie));
}

TEST(Sessions, BeginAndEnd) {
  const ApiUnderTest api(empty_store());
  const base::Json nobody = session(api, "");
  EXPECT_EQ(nobody, (base::Json{{"ways", {"password", "token"}}}));
  const auto entered = sign_in(api, kRight);
  ASSERT_EQ(entered.status, 201) << entered.body;
  EXPECT_EQ(header_of(entered, "Cache-Control"), "no-store");
  const std::string cookie = cookie_of(entered);
  const std::string attributes = header_of(entered, "Set-Cookie").substr(cookie.size());
  EXPECT_EQ(attributes, "; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict");
  EXPECT_TRUE(cookie.starts_with("midwatch-loopback=")) << cookie;
  const std::string secret = cookie.substr(cookie.find('=') + 1);
  EXPECT_EQ(secret.size(), 64U);
  EXPECT_EQ(entered.body.find(secret), std::string::npos) << "no script may read it";

  const base::Json who = session(api, cookie);
  EXPECT_EQ(who, json_body(entered));
  EXPECT_EQ(base::text_at(who, "who", "name"), "sam");
  EXPECT_EQ(who["roles"], (base::Json{{{"space", "shop"}, {"role", "admin"}}}));
  EXPECT_EQ(send(api, {"GET", "/api/v1/incidents"}, cookie).status, 200);
  EXPECT_EQ(send(api, {"GET", "/api/v1/incidents"}).status, 401);

  const auto left =
      send(api, {"DELETE", "/api/v1/session", "", {{"X-Midwatch-CSRF", base::text_at(who, "csrf")}}}, cookie);
  EXPECT_EQ(left.status, 204) << left.body;
  EXPECT_EQ(header_of(left, "Set-Cookie"),
            "midwatch-loopback=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
  EXPECT_EQ(send(api, {"GET", "/api/v1/incidents"}, cookie).status, 401);
  EXPECT_EQ(session(api, cookie), nobody);
}

TEST(Sessions, AreForTlsAloneBehindAProxy) {
  ApiOptions options;
  options.behind_proxy = true;
  const ApiUnderTest api(empty_store(), options);
  const auto entered = sign_in(api, kRight);
  const std::string set = header_of(entered, "Set-Cookie");
  EXPECT_TRUE(set.starts_with("__Host-midwatch=")) << set;
  EXPECT_TRUE(set.ends_with("; Secure")) << set;
  EXPECT_EQ(set.find("Domain"), std::string::npos);
  EXPECT_TRUE(session(api, cookie_of(entered)).contains("who"));
  const std::string planted = "midwatch-loopback=" + cookie_of(entered).substr(set.find('=') + 1);
  EXPECT_FALSE(session(api, planted).contains("who")) << "the name without a promise opens nothing there";
}

TEST(Sessions, HaveANewSecretEachTime) {
  const ApiUnderTest api(empty_store());
  const std::string planted = "midwatch-loopback=" + std::string(64, 'a');
  const std::string first = cookie_of(sign_in(api, kRight, planted));
  const std::string second = cookie_of(sign_in(api, kRight, first));
  EXPECT_NE(first, planted);
  EXPECT_NE(first, second);
  EXPECT_FALSE(session(api, first).contains("who"));
  EXPECT_TRUE(session(api, second).contains("who"));
}

TEST(Sessions, ChangeNothingWithoutTheTokenOfThePage) {
  const ApiUnderTest api(empty_store());
  const std::string cookie = cookie_of(sign_in(api, kRight));
  const std::string csrf = base::text_at(session(api, cookie), "csrf");
  const auto change = [&](std::vector<std::pair<std::string, std::string>> headers) {
    headers.emplace_back("If-Match", "*");
    return send(api, {"PATCH", "/api/v1/incidents/inc-shop", kResolve, headers}, cookie).status;
  };
  EXPECT_EQ(change({}), 403);
  EXPECT_EQ(change({{"X-Midwatch-CSRF", ""}}), 403);
  EXPECT_EQ(change({{"X-Midwatch-CSRF", csrf.substr(1)}}), 403);
  const std::string others = testing::session_headers("sam").at(1).second;
  EXPECT_EQ(change({{"X-Midwatch-CSRF", others}}), 403) << "that of another session of the same user";
  EXPECT_EQ(change({{"X-Midwatch-CSRF", csrf}, {"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(change({{"X-Midwatch-CSRF", csrf}, {"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(change({{"X-Midwatch-CSRF", csrf}}), 200);
  EXPECT_EQ(send(api, {"DELETE", "/api/v1/session"}, cookie).status, 403) << "nobody is signed out from afar";
}

TEST(Sessions, AreNotBegunByAnotherPage) {
  const ApiUnderTest api(empty_store());
  using Headers = std::vector<std::pair<std::string, std::string>>;
  for (const Headers& headers :
       {Headers{{"Origin", "https://evil.example"}}, Headers{{"Sec-Fetch-Site", "cross-site"}}})
    EXPECT_EQ(send(api, {"POST", "/api/v1/session", kRight, headers}).status, 403);
  http::ServerRequest form{
      "POST", "/api/v1/session", {{"Host", "127.0.0.1"}, {"Content-Type", "text/plain"}}, kRight};
  EXPECT_EQ(api.send_raw(form).status, 415) << "a form can send that without asking";
  http::ServerRequest rebound{
      "POST", "/api/v1/session", {{"Host", "evil.example"}, {"Content-Type", "application/json"}}, kRight};
  EXPECT_EQ(api.send_raw(rebound).status, 421);
}

TEST(Sessions, GiveWayToAToken) {
  const ApiUnderTest api(empty_store());
  const std::string cookie = cookie_of(sign_in(api, kRight));
  const Request asked{"GET", "/api/v1/session", "", {{"Authorization", "Bearer vera"}}};
  const auto answer = json_body(send(api, asked, cookie));
  EXPECT_EQ(base::text_at(answer, "who", "name"), "vera");
  EXPECT_FALSE(answer.contains("csrf"));
  const Request wrong{"GET", "/api/v1/incidents", "", {{"Authorization", "Bearer mallory"}}};
  EXPECT_EQ(send(api, wrong, cookie).status, 401) << "a wrong token is never made good by a cookie";
}

TEST(Sessions, TellWhoFailsTooOftenWhenToComeAgain) {
  ApiOptions options;
  options.behind_proxy = true;
  ApiUnderTest api(empty_store(), options);
  const auto from = [&](const std::string& user, const std::string& told) {
    const std::string body = R"({"user":")" + user + R"(","password":"wrong"})";
    return send(api, {"POST", "/api/v1/session", body, {{"X-Forwarded-For", told}}});
  };
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(from("user" + std::to_string(i), std::to_string(i) + ".0.0.1, 198.51.100.9").status, 401);
  const auto refused = from("another", "1.2.3.4, 198.51.100.9");
  EXPECT_EQ(refused.status, 429) << "what stands before the proxy's own word counts for nothing";
  EXPECT_EQ(header_of(refused, "Retry-After"), "30");
  EXPECT_EQ(from("another", "198.51.100.10").status, 401);
  EXPECT_EQ(from("another", "198.51.100.9:49152").status, 429)
      << "the port of a connection is no other address";
  EXPECT_EQ(from("another", "[2001:db8::1]:49152").status, 401);
  const Request two_lines{"POST",
                          "/api/v1/session",
                          kWrong,
                          {{"X-Forwarded-For", "1.2.3.4"}, {"x-forwarded-for", "198.51.100.9"}}};
  EXPECT_EQ(send(api, two_lines).status, 429) << "the proxy's word stands in a line of its own";
}

TEST(Sessions, LeaveLinesButNoSecretsInTheAudit) {
  ApiUnderTest api(empty_store());
  const std::string cookie = cookie_of(sign_in(api, kRight));
  sign_in(api, kWrong);
  sign_in(api, R"({"user":"my secret password","password":"x"})");
  const std::string csrf = base::text_at(session(api, cookie), "csrf");
  send(api, {"DELETE", "/api/v1/session", "", {{"X-Midwatch-CSRF", csrf}}}, cookie);
  const auto audit = api.send_as("ada", {"GET", "/api/v1/audit"});
  std::string lines;
  const base::Json body = json_body(audit);
  for (const auto& line : base::list_at(body, "items"))
    lines += base::text_at(line, "who") + " " + base::text_at(line, "action") + " " +
             base::text_at(line, "object") + " " + base::text_at(line, "details", "address") + "\n";
  EXPECT_EQ(lines,
            "sam signIn sam 192.0.2.7\n"
            "nobody signInFailed sam 192.0.2.7\n"
            "nobody signInFailed  192.0.2.7\n"
            "sam signOut sam 192.0.2.7\n");
  for (const std::string& secret : {cookie.substr(cookie.find('=') + 1), csrf,
                                    std::string("my secret password"), std::string(ApiUnderTest::kPassword)})
    EXPECT_EQ(audit.body.find(secret), std::string::npos);
}

TEST(Providers, SendPeopleBackSignedIn) {
  const base::ManualClock clock(*base::parse_rfc3339("2026-03-01T10:00:00Z"));
  identity::testing::FakeProvider fake(clock);
  identity::OidcConfig config;
  config.issuer = fake.issuer();
  config.client = "midwatch";
  config.secret = "s :/";
  config.callback = "http://127.0.0.1:8080/api/v1/session/callback";
  config.grants = {{"sre", {"shop", Role::kOperator}}};
  config.allowed = {"127.0.0.1"};
  ApiOptions options;
  options.provider_name = "Example";
  const ApiUnderTest api(empty_store(), options, &config);
  EXPECT_EQ(session(api, "")["provider"], "Example");
  EXPECT_EQ(session(api, "")["ways"], (base::Json{"password", "provider", "token"}));

  const auto sent = send(api, {"GET", "/api/v1/session/provider"});
  ASSERT_EQ(sent.status, 303) << sent.body;
  const std::string set = header_of(sent, "Set-Cookie");
  EXPECT_TRUE(set.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax")) << set;
  std::map<std::string, std::string> asked;
  const std::string code = fake.visit(header_of(sent, "Location"), asked);
  const std::string back =
      "/api/v1/session/callback?session_state=x&code=" + http::percent_encode(code) + "&state=";
  const auto stolen = send(api, {"GET", back + asked["state"]});
  EXPECT_EQ(header_of(stolen, "Location"), "/?refused=failed") << "without the cookie of who began it";
  const auto come = send(api, {"GET", back + asked["state"]}, cookie_of(sent));
  EXPECT_EQ(come.status, 303) << come.body;
  EXPECT_EQ(header_of(come, "Location"), "/");
  std::string cookie;
  for (const auto& [name, value] : come.headers)
    if (name == "Set-Cookie" && value.starts_with("midwatch-loopback="))
      cookie = value.substr(0, value.find(';'));
  const auto who = session(api, cookie);
  EXPECT_EQ(who["who"], (base::Json{{"name", "oidc/u-1"}, {"role", "operator"}}));
  EXPECT_EQ(who["roles"], (base::Json{{{"space", "shop"}, {"role", "operator"}}}));
  const auto again = send(api, {"GET", back + asked["state"]}, cookie_of(sent));
  EXPECT_EQ(header_of(again, "Location"), "/?refused=failed") << "a code counts once";

  fake.claims = [](base::Json& claims) { claims["groups"] = {"staff"}; };
  const auto other = send(api, {"GET", "/api/v1/session/provider"});
  const std::string other_code = fake.visit(header_of(other, "Location"), asked);
  const auto refused = send(api,
                            {"GET", "/api/v1/session/callback?code=" + http::percent_encode(other_code) +
                                        "&state=" + asked["state"]},
                            cookie_of(other));
  EXPECT_EQ(header_of(refused, "Location"), "/?refused=no_role");
  const auto denied = send(
      api, {"GET", "/api/v1/session/callback?error=access_denied&state=" + asked["state"]}, cookie_of(other));
  EXPECT_EQ(header_of(denied, "Location"), "/?refused=failed");
}

TEST(Tokens, AreShownOnceAndOpenWhatTheySay) {
  ApiUnderTest api(empty_store());
  const Request make{"POST",
                     "/api/v1/tokens",
                     R"({"name":"ci","role":"viewer","spaces":["shop"],"until":"2026-03-02T10:00:00Z"})",
                     {{"Idempotency-Key", "k"}}};
  const auto made = json_body(api.send_as("ada", make));
  const std::string token = base::text_at(made, "token");
  const std::string id = base::text_at(made, "id");
  ASSERT_EQ(token.size(), 67U) << made.dump();
  auto again = json_body(api.send_as("ada", make));
  EXPECT_EQ(base::text_at(again, "id"), id);
  EXPECT_FALSE(again.contains("token")) << "an answer that is kept has no secret";
  EXPECT_EQ(api.send_as("ada", {"GET", "/api/v1/tokens"}).body.find(token), std::string::npos);

  EXPECT_EQ(api.send_as(token, {"GET", "/api/v1/incidents/inc-shop"}).status, 200);
  EXPECT_EQ(api.send_as(token, {"GET", "/api/v1/incidents/inc-other"}).status, 404);
  EXPECT_EQ(api.send_as(token, {"POST", "/api/v1/investigations/run-shop/cancel"}).status, 403);
  const auto who = json_body(api.send_as(token, {"GET", "/api/v1/session"}));
  EXPECT_EQ(base::text_at(who, "who", "name"), "token/ci");
  for (const std::string& wrong : {token.substr(0, 66), token + "0", std::string("mw_")})
    EXPECT_EQ(api.send_as(wrong, {"GET", "/api/v1/incidents"}).status, 401);

  const auto other =
      base::text_at(json_body(api.send_as("ada", {make.method, make.target, make.body})), "token");
  EXPECT_EQ(api.send_as("ada", {"DELETE", "/api/v1/tokens/" + id}).status, 200);
  EXPECT_EQ(api.send_as(token, {"GET", "/api/v1/incidents"}).status, 401) << "revoked";
  EXPECT_EQ(api.send_as(other, {"GET", "/api/v1/incidents"}).status, 200);
  api.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(api.send_as(other, {"GET", "/api/v1/incidents"}).status, 401) << "its time is over";
}

TEST(Tokens, GiveNoMoreThanTheirMakerHas) {
  ApiUnderTest api(empty_store());
  const auto make = [&](const std::string& user, const std::string& spaces) {
    return api.send_signed_in(
        user, {"POST", "/api/v1/tokens", R"({"name":"x","role":"viewer","spaces":)" + spaces + "}"});
  };
  EXPECT_EQ(make("sam", R"(["shop"])").status, 201);
  EXPECT_EQ(make("sam", R"(["shop","other"])").status, 404);
  EXPECT_EQ(make("rita", R"(["other"])").status, 201);
  EXPECT_EQ(make("rita", R"(["other","shop"])").status, 403) << "there she only reads";
  for (const char* spaces : {"[]", R"("shop")", "[1]"}) EXPECT_EQ(make("sam", spaces).status, 400) << spaces;
}

TEST(Sessions, EndOpenStreamsWithThem) {
  ApiOptions options;
  options.heartbeat = std::chrono::milliseconds(1);
  ApiUnderTest api(empty_store(), options);
  const std::string cookie = cookie_of(sign_in(api, kRight));
  struct Sink final : http::BodySink {
    explicit Sink(ApiUnderTest& of) : api(of) {}
    bool write(std::string_view piece) override {
      if (piece.starts_with("retry")) {
        const auto disabled = api.store->write([&](store::Session& session) -> base::Result<> {
          MIDWATCH_TRY(store::User sam, session.user("sam"));
          sam.disabled = true;
          return session.update_user(sam);
        });
        EXPECT_TRUE(disabled);
      }
      ++pieces;
      return pieces < 5;
    }
    ApiUnderTest& api;
    int pieces = 0;
  };
  auto stream = send(api, {"GET", "/api/v1/events"}, cookie);
  ASSERT_TRUE(stream.stream);
  Sink sink(api);
  stream.stream(sink);
  EXPECT_EQ(sink.pieces, 1) << "the greeting was all";
}

}  // namespace
}  // namespace midwatch::api
