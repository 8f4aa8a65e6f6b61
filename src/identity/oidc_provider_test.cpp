#include "src/identity/oidc_provider.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/base64.h"
#include "src/base/digest.h"
#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/testing/jumping_clock.h"
#include "src/http/curl_client.h"
#include "src/identity/testing/fake_provider.h"

namespace midwatch::identity {
namespace {

using base::ErrorCode;
using base::Json;
using namespace std::chrono_literals;
using testing::ec_key;
using testing::FakeProvider;
using testing::rsa_key;
using testing::SigningKey;

class OidcTest : public ::testing::Test {
 protected:
  OidcConfig config() const {
    OidcConfig made;
    made.issuer = provider.issuer();
    made.client = "midwatch";
    made.secret = "s :/";
    made.callback = "https://watch.example.com/api/v1/session/callback";
    made.user_claim = "email";
    made.grants = {{"sre", {"shop", model::Role::kViewer}},
                   {"sre", {"shop", model::Role::kOperator}},
                   {"admins", {"*", model::Role::kAdmin}}};
    made.allowed = {"127.0.0.1"};
    return made;
  }

  /// A whole sign-in, up to what the browser brings back.
  SignInReturned come_back(OidcProvider& by) {
    const auto begun = by.begin();
    EXPECT_TRUE(begun) << begun.error().describe();
    if (!begun) return {};
    std::map<std::string, std::string> seen;
    const std::string code = provider.visit(begun->address, seen);
    EXPECT_EQ(seen["client_id"], "midwatch");
    EXPECT_EQ(seen["redirect_uri"], config().callback);
    EXPECT_EQ(begun->address.find(begun->secret), std::string::npos);
    return {begun->secret, seen["state"], code, ""};
  }
  base::Result<Principal> sign_in(OidcProvider& by) { return by.finish(come_back(by)); }

  ErrorCode refusal(OidcProvider& by) {
    const auto refused = sign_in(by);
    EXPECT_FALSE(refused) << "it let them in";
    return refused ? ErrorCode::kInternal : refused.error().code;
  }

  base::ManualClock time{*base::parse_rfc3339("2026-03-01T10:00:00Z")};
  base::testing::JumpingClock clock{time};
  FakeProvider provider{clock};
  http::CurlClient http;
  OidcProvider oidc{config(), http, clock};
};

TEST_F(OidcTest, LetsInForWhomTheProviderVouches) {
  for (const SigningKey* key : {&rsa_key(), &ec_key()}) {
    provider.sign = [key](const Json& claims) { return key->sign(claims); };
    const auto who = sign_in(oidc);
    ASSERT_TRUE(who) << who.error().describe();
    EXPECT_EQ(who->name, "oidc/ada@example.com");
    EXPECT_EQ(who->grants, (std::vector<model::Grant>{{"shop", model::Role::kOperator}}));
  }
  EXPECT_EQ(provider.documents_fetched, 1);
  EXPECT_EQ(provider.keys_fetched, 1);
}

TEST_F(OidcTest, SaysItsSecretAsTheProviderWants) {
  provider.document = [](Json& document) {
    document["token_endpoint_auth_methods_supported"] = {"client_secret_post"};
  };
  EXPECT_TRUE(sign_in(oidc));
  OidcConfig wrong = config();
  wrong.secret = "other";
  OidcProvider other(wrong, http, clock);
  EXPECT_EQ(refusal(other), ErrorCode::kUnauthenticated);
}

TEST_F(OidcTest, RefusesClaimsThatAreNotMeantForThis) {
  using Change = std::function<void(Json&)>;
  const auto seconds = [&](base::Duration from_now) {
    return std::chrono::duration_cast<std::chrono::seconds>((clock.now() + from_now).time_since_epoch())
        .count();
  };
  const std::vector<std::pair<const char*, Change>> wrong{
      {"another issuer", [](Json& c) { c["iss"] = "https://evil.example"; }},
      {"no issuer", [](Json& c) { c.erase("iss"); }},
      {"another audience", [](Json& c) { c["aud"] = "other"; }},
      {"other audiences",
       [](Json& c) {
         c["aud"] = {"other", "third"};
       }},
      {"no audience", [](Json& c) { c.erase("aud"); }},
      {"an audience that is no text",
       [](Json& c) {
         c["aud"] = {{"midwatch", true}};
       }},
      {"two audiences without azp",
       [](Json& c) {
         c["aud"] = {"midwatch", "other"};
       }},
      {"another authorized party", [](Json& c) { c["azp"] = "other"; }},
      {"another nonce", [](Json& c) { c["nonce"] = std::string(64, 'a'); }},
      {"no nonce", [](Json& c) { c.erase("nonce"); }},
      {"ended", [&](Json& c) { c["exp"] = seconds(-61s); }},
      {"without an end", [](Json& c) { c.erase("exp"); }},
      {"an end that is text", [](Json& c) { c["exp"] = "9999999999"; }},
      {"an end beyond all time", [](Json& c) { c["exp"] = 1e300; }},
      {"given in the future", [&](Json& c) { c["iat"] = seconds(2min); }},
      {"given long ago", [&](Json& c) { c["iat"] = seconds(-11min); }},
      {"without iat", [](Json& c) { c.erase("iat"); }},
      {"not yet", [&](Json& c) { c["nbf"] = seconds(2min); }},
      {"nobody", [](Json& c) { c["sub"] = ""; }},
      {"without a name", [](Json& c) { c.erase("email"); }},
      {"a name that is no text", [](Json& c) { c["email"] = {"ada"}; }},
  };
  for (const auto& [what, change] : wrong) {
    SCOPED_TRACE(what);
    provider.claims = change;
    EXPECT_EQ(refusal(oidc), ErrorCode::kUnauthenticated);
  }
  const std::vector<std::pair<const char*, Change>> right{
      {"a list of one audience", [](Json& c) { c["aud"] = {"midwatch"}; }},
      {"two audiences, and azp",
       [](Json& c) {
         c["aud"] = {"midwatch", "other"}, c["azp"] = "midwatch";
       }},
      {"within the leeway", [&](Json& c) { c["exp"] = seconds(-59s), c["iat"] = seconds(59s); }},
      {"one group as text", [](Json& c) { c["groups"] = "sre"; }},
  };
  for (const auto& [what, change] : right) {
    SCOPED_TRACE(what);
    provider.claims = change;
    EXPECT_TRUE(sign_in(oidc));
  }
}

TEST_F(OidcTest, RefusesWhoHasNoRoleHere) {
  for (const Json& groups : {Json(), Json("staff"), Json{"SRE"}, Json{{"sre", true}}, Json{7}}) {
    provider.claims = [&](Json& claims) { claims["groups"] = groups; };
    EXPECT_EQ(refusal(oidc), ErrorCode::kPermissionDenied) << groups.dump();
  }
}

TEST_F(OidcTest, RefusesTokensThatNoKeyOfTheProviderSigned) {
  const SigningKey strangers("RS256", "rsa-1");
  const std::string public_key = base::text_at(rsa_key().jwk(), "n");
  const auto unsigned_token = [](const Json& claims, const char* way) {
    return base::to_base64url(Json{{"alg", way}}.dump()) + "." + base::to_base64url(claims.dump()) + ".";
  };
  using Sign = std::function<std::string(const Json&)>;
  const std::vector<std::pair<const char*, Sign>> attacks{
      {"a stranger's key under our id", [&](const Json& c) { return strangers.sign(c); }},
      {"no signature", [&](const Json& c) { return unsigned_token(c, "none"); }},
      {"no signature, written otherwise", [&](const Json& c) { return unsigned_token(c, "NONE"); }},
      {"an empty signature", [&](const Json& c) { return unsigned_token(c, "RS256"); }},
      {"the public key as the secret of an HMAC",
       [&](const Json& c) {
         const std::string text = base::to_base64url(Json{{"alg", "HS256"}, {"kid", "rsa-1"}}.dump()) + "." +
                                  base::to_base64url(c.dump());
         return text + "." + base::to_base64url(base::hmac_sha256(public_key, text));
       }},
      {"the way of another key",
       [](const Json& c) {
         return rsa_key().sign(c, {{"alg", "ES256"}, {"kid", "ec-1"}});
       }},
      {"a way that does not fit the key",
       [](const Json& c) {
         return rsa_key().sign(c, {{"alg", "ES256"}});
       }},
      {"a key of its own",
       [&](const Json& c) {
         return strangers.sign(c, {{"kid", "x"}, {"jwk", strangers.jwk()}});
       }},
      {"an extension that must be understood",
       [](const Json& c) {
         return rsa_key().sign(c, {{"crit", {"b64"}}});
       }},
      {"claims that were changed",
       [](const Json& c) {
         Json changed = c;
         changed["groups"] = {"admins"};
         const std::string token = rsa_key().sign(c);
         const auto parts = base::split(token, '.');
         return std::string(parts[0]) + "." + base::to_base64url(changed.dump()) + "." +
                std::string(parts[2]);
       }},
      {"zeros for ES256",
       [](const Json& c) {
         const std::string token = ec_key().sign(c);
         return token.substr(0, token.rfind('.') + 1) + base::to_base64url(std::string(64, '\0'));
       }},
      {"a signature that is too short",
       [](const Json& c) {
         const std::string token = ec_key().sign(c);
         return token.substr(0, token.size() - 2);
       }},
      {"padding", [](const Json& c) { return rsa_key().sign(c) + "="; }},
      {"four parts", [](const Json& c) { return rsa_key().sign(c) + ".x"; }},
      {"nothing", [](const Json&) { return std::string(); }},
      {"noise", [](const Json&) { return std::string("..."); }},
      {"no JSON", [](const Json&) { return std::string("YQ.YQ.YQ"); }},
      {"too much", [](const Json& c) { return rsa_key().sign(c) + std::string(100'000, 'A'); }},
  };
  for (const auto& [what, sign] : attacks) {
    SCOPED_TRACE(what);
    provider.sign = sign;
    EXPECT_NE(refusal(oidc), ErrorCode::kInternal);
  }
}

TEST_F(OidcTest, TakesNoKeyThatIsTooWeakOrForSomethingElse) {
  Json encrypts = rsa_key().jwk();
  encrypts["use"] = "enc";
  Json other_way = rsa_key().jwk();
  other_way["alg"] = "RS512";
  Json off_curve = ec_key().jwk();
  off_curve["y"] = off_curve["x"];
  const Json symmetric{{"kty", "oct"}, {"kid", "rsa-1"}, {"k", "c2VjcmV0"}};
  const Json small{
      {"kty", "RSA"}, {"kid", "rsa-1"}, {"n", base::to_base64url(std::string(128, '\xc1'))}, {"e", "AQAB"}};
  for (const Json& jwk : {encrypts, other_way, off_curve, symmetric, small, Json(), Json{{"kty", 1}}}) {
    const auto read = ProviderKeys::read(Json{{"keys", {jwk}}}.dump());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->size(), 0U) << jwk.dump();
  }
  for (const char* text : {"", "[]", "{}", R"({"keys":{}})"}) EXPECT_FALSE(ProviderKeys::read(text)) << text;
}

TEST_F(OidcTest, FetchesTheKeysAgainWhereOneIsNew) {
  EXPECT_TRUE(sign_in(oidc));
  const SigningKey next("ES256", "ec-2");
  provider.keys = {&next};
  provider.sign = [&](const Json& claims) { return next.sign(claims); };
  time.advance(1min);
  EXPECT_TRUE(sign_in(oidc));
  EXPECT_EQ(provider.keys_fetched, 2);
  provider.sign = [&](const Json& claims) { return next.sign(claims, {{"kid", "unknown"}}); };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(refusal(oidc), ErrorCode::kNotFound);
  EXPECT_EQ(provider.keys_fetched, 2) << "strange ids do not make it ask each time";
}

TEST_F(OidcTest, AClockThatIsSetBackKeepsNoOldKeys) {
  clock.set_ahead(8760h);
  EXPECT_TRUE(sign_in(oidc));
  clock.set_ahead(0h);
  const SigningKey next("ES256", "ec-2");
  provider.keys = {&next};
  provider.sign = [&](const Json& claims) { return next.sign(claims); };
  time.advance(1min);
  EXPECT_TRUE(sign_in(oidc)) << "else nobody could sign in for a year";
  EXPECT_EQ(provider.documents_fetched, 1);
  time.advance(1h);
  EXPECT_TRUE(sign_in(oidc));
  EXPECT_EQ(provider.documents_fetched, 2);
}

TEST_F(OidcTest, BindsTheAnswerToTheBrowserThatAsked) {
  const SignInReturned good = come_back(oidc);
  const SignInReturned other = come_back(oidc);
  const std::vector<std::pair<const char*, SignInReturned>> wrong{
      {"no cookie", {"", good.state, good.code, ""}},
      {"another browser's cookie", {other.secret, good.state, good.code, ""}},
      {"a cookie that was made up", {std::string(64, 'a'), good.state, good.code, ""}},
      {"another state", {good.secret, other.state, good.code, ""}},
      {"no state", {good.secret, "", good.code, ""}},
      {"another issuer", {good.secret, good.state, good.code, "https://evil.example"}},
      {"no code", {good.secret, good.state, "", ""}},
      {"a code of somebody else (PKCE)", {good.secret, good.state, other.code, ""}},
      {"a code that nobody gave", {good.secret, good.state, "code/x&client_id=evil", ""}},
  };
  for (const auto& [what, returned] : wrong) {
    const auto refused = oidc.finish(returned);
    ASSERT_FALSE(refused) << what;
    EXPECT_EQ(refused.error().code, ErrorCode::kUnauthenticated) << what;
  }
  SignInReturned named = good;
  named.issuer = provider.issuer();
  EXPECT_TRUE(oidc.finish(named));
  EXPECT_EQ(oidc.finish(named).error().code, ErrorCode::kUnauthenticated) << "a code counts once";
}

TEST_F(OidcTest, GoesNowhereThatIsNotAllowed) {
  OidcConfig guarded = config();
  guarded.allowed.clear();
  OidcProvider strict(guarded, http, clock);
  EXPECT_FALSE(strict.begin()) << "loopback has to be allowed by name";
  const std::vector<std::pair<const char*, const char*>> documents{
      {"issuer", "https://evil.example"},
      {"token_endpoint", "http://evil.example/token"},
      {"jwks_uri", "file:///etc/passwd"},
      {"authorization_endpoint", "javascript:alert(1)"},
  };
  for (const auto& [name, value] : documents) {
    provider.document = [&](Json& document) { document[name] = value; };
    OidcProvider fresh(config(), http, clock);
    const auto begun = fresh.begin();
    ASSERT_FALSE(begun) << name;
    EXPECT_EQ(begun.error().code, ErrorCode::kMalformed) << name;
  }
}

}  // namespace
}  // namespace midwatch::identity
