#include "src/identity/oidc_provider.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/base64.h"
#include "src/base/digest.h"
#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/http/url.h"
#include "src/identity/secret.h"

namespace midwatch::identity {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSecretBytes = 32;
/// Somebody waits in front of a browser.
constexpr base::Duration kPatience = 5s;
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
/// What a provider says of itself changes rarely. By steady time: what was read by a clock that is set back
/// afterwards would never be read again, and who signs in by a new key would be locked out.
constexpr base::Duration kEndpointsLast = 1h;
/// A token with a key that is not known fetches the keys again, but not each such token.
constexpr base::Duration kKeysLast = 1h;
constexpr base::Duration kKeysAgain = 1min;
/// At the provider at once, and waiting for it: no more threads than that hang where it does.
constexpr std::size_t kAtOnce = 2;
constexpr std::size_t kWaiting = 2;
constexpr std::size_t kLongestCode = 4096;
constexpr std::size_t kLongestName = 80;

/// One of the things that are made from the browser's secret. The code verifier is 64 characters, as RFC 7636
/// wants 43 to 128.
std::string made_from(std::string_view secret, std::string_view what) {
  return base::to_hex(base::hmac_sha256(secret, what));
}

base::Error refused(const char* what) {
  return base::external_error(base::ErrorCode::kUnauthenticated, what);
}

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string text;
  for (const auto& [name, value] : fields)
    text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, http::percent_encode(value));
  return text;
}

}  // namespace

OidcProvider::OidcProvider(OidcConfig config, http::HttpClient& http, const base::Clock& clock)
    : config_(std::move(config)),
      http_(http),
      clock_(clock),
      guard_{config_.allowed},
      turns_(kAtOnce, kWaiting) {}

base::Result<std::string> OidcProvider::fetch(http::HttpRequest request) const {
  request.timeout = kPatience;
  request.max_body_bytes = kMostBytes;
  request.guard = &guard_;
  request.headers.emplace_back("Accept", "application/json");
  MIDWATCH_TRY(auto answer, http_.send(runtime::RequestContext::unlimited(clock_), request));
  if (answer.status == 200) return std::move(answer.body);
  // A code that was redeemed before, is not the client's, or has another verifier (RFC 6749, 5.2).
  if (request.method == "POST" && answer.status / 100 == 4)
    return refused("the provider does not stand by this sign-in");
  return base::external_error(base::ErrorCode::kUnavailable,
                              fmt::format("the provider of sign-ins answered with status {}", answer.status));
}

base::Result<> OidcProvider::check_address(const std::string& address) const {
  const auto url = http::parse_url(address);
  if (url && (url->scheme == "https" || guard_.allows_by_name(url->host))) return {};
  return base::external_error(base::ErrorCode::kMalformed,
                              "the provider of sign-ins names an address that is not https");
}

base::Result<OidcProvider::Endpoints> OidcProvider::endpoints() {
  {
    const std::lock_guard lock(mutex_);
    if (endpoints_ && clock_.steady_now() - endpoints_->read < kEndpointsLast) return *endpoints_;
  }
  http::HttpRequest request;
  request.url =
      config_.issuer + (config_.issuer.ends_with('/') ? "" : "/") + ".well-known/openid-configuration";
  MIDWATCH_TRY(const std::string body, fetch(std::move(request)));
  const auto document = base::parse_json(body);
  if (!document || base::at(*document, "issuer") != config_.issuer)
    return base::external_error(
        base::ErrorCode::kMalformed,
        "the provider of sign-ins calls itself otherwise than 'issuer' of the configuration");
  Endpoints read;
  read.authorization = base::text_at(*document, "authorization_endpoint");
  read.token = base::text_at(*document, "token_endpoint");
  read.keys = base::text_at(*document, "jwks_uri");
  for (const std::string& address : {read.authorization, read.token, read.keys})
    MIDWATCH_TRY_VOID(check_address(address));
  // Without the list, basic is what every provider takes (Discovery 1.0, 3).
  const base::Json& ways = base::at(*document, "token_endpoint_auth_methods_supported");
  read.takes_basic =
      !ways.is_array() || std::find(ways.begin(), ways.end(), "client_secret_basic") != ways.end();
  read.read = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  endpoints_ = read;
  return read;
}

base::Result<ProviderKeys> OidcProvider::keys(const Endpoints& from, bool again) {
  {
    const std::lock_guard lock(mutex_);
    const base::Duration age = clock_.steady_now() - keys_read_;
    if (keys_ && age < (again ? kKeysAgain : kKeysLast)) return *keys_;
  }
  http::HttpRequest request;
  request.url = from.keys;
  MIDWATCH_TRY(const std::string body, fetch(std::move(request)));
  MIDWATCH_TRY(auto read, ProviderKeys::read(body));
  const std::lock_guard lock(mutex_);
  keys_ = read;
  keys_read_ = clock_.steady_now();
  return read;
}

base::Result<SignInBegun> OidcProvider::begin() {
  MIDWATCH_TRY(const auto turn, turns_.take());
  MIDWATCH_TRY(const Endpoints to, endpoints());
  SignInBegun begun;
  MIDWATCH_TRY(begun.secret, random_hex(kSecretBytes));
  const std::string challenge = base::to_base64url(base::sha256(made_from(begun.secret, "verifier")));
  begun.address = to.authorization + (to.authorization.find('?') == std::string::npos ? "?" : "&") +
                  form({{"response_type", "code"},
                        {"client_id", config_.client},
                        {"redirect_uri", config_.callback},
                        {"scope", config_.scopes},
                        {"state", made_from(begun.secret, "state")},
                        {"nonce", made_from(begun.secret, "nonce")},
                        {"code_challenge", challenge},
                        {"code_challenge_method", "S256"}});
  return begun;
}

base::Result<std::string> OidcProvider::redeem(const Endpoints& at, const SignInReturned& returned) const {
  std::vector<std::pair<std::string, std::string>> fields{
      {"grant_type", "authorization_code"},
      {"code", returned.code},
      {"redirect_uri", config_.callback},
      {"code_verifier", made_from(returned.secret, "verifier")}};
  http::HttpRequest request;
  request.method = "POST";
  request.url = at.token;
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  if (!config_.secret.empty() && at.takes_basic) {
    // Both are form-encoded first (RFC 6749, 2.3.1).
    const std::string pair =
        http::percent_encode(config_.client) + ":" + http::percent_encode(config_.secret);
    request.headers.emplace_back("Authorization", "Basic " + base::to_base64(pair));
  } else {
    fields.emplace_back("client_id", config_.client);
    if (!config_.secret.empty()) fields.emplace_back("client_secret", config_.secret);
  }
  request.body = form(fields);
  MIDWATCH_TRY(const std::string body, fetch(std::move(request)));
  const auto answer = base::parse_json(body);
  std::string token = answer ? base::text_at(*answer, "id_token") : std::string();
  if (token.empty()) return refused("the provider gave no ID token");
  return token;
}

base::Result<base::Json> OidcProvider::claims_of(const Endpoints& from, const std::string& token) {
  MIDWATCH_TRY(const auto known, keys(from, false));
  auto claims = known.claims_of(token);
  if (claims || claims.error().code != base::ErrorCode::kNotFound) return claims;
  // The provider may have changed its keys.
  MIDWATCH_TRY(const auto fresh, keys(from, true));
  return fresh.claims_of(token);
}

base::Result<Principal> OidcProvider::finish(const SignInReturned& returned) {
  if (returned.secret.size() != 2 * kSecretBytes ||
      !same_secret(returned.state, made_from(returned.secret, "state")))
    return refused("this sign-in was not begun by this browser (state)");
  if (!returned.issuer.empty() && returned.issuer != config_.issuer)
    return refused("the answer is of another provider (iss)");
  if (returned.code.empty() || returned.code.size() > kLongestCode)
    return refused("the provider gave no code");
  MIDWATCH_TRY(const auto turn, turns_.take());
  MIDWATCH_TRY(const Endpoints at, endpoints());
  MIDWATCH_TRY(const std::string token, redeem(at, returned));
  MIDWATCH_TRY(const base::Json claims, claims_of(at, token));
  MIDWATCH_TRY_VOID(check_claims(
      claims, {config_.issuer, config_.client, made_from(returned.secret, "nonce"), clock_.now()}));
  return principal_of(claims);
}

base::Result<Principal> OidcProvider::principal_of(const base::Json& claims) const {
  const base::Json& named = base::at(claims, config_.user_claim);
  if (!named.is_string() || named.get_ref<const std::string&>().empty())
    return refused("the ID token lacks the claim by which people are called here");
  Principal who;
  who.name = "oidc/" + base::printable(named.get_ref<const std::string&>(), kLongestName);
  const base::Json& groups = base::at(claims, config_.groups_claim);
  const auto is_in = [&](const std::string& group) {
    return groups.is_array() ? std::find(groups.begin(), groups.end(), base::Json(group)) != groups.end()
                             : groups == group;
  };
  for (const auto& [group, grant] : config_.grants) {
    if (!is_in(group)) continue;
    const auto same = std::find_if(who.grants.begin(), who.grants.end(),
                                   [&](const auto& had) { return had.space == grant.space; });
    if (same == who.grants.end())
      who.grants.push_back(grant);
    else
      same->role = std::max(same->role, grant.role);
  }
  if (!who.grants.empty()) return who;
  return base::user_error(base::ErrorCode::kPermissionDenied,
                          "the provider knows you, and none of your groups has a role here; ask an admin");
}

}  // namespace midwatch::identity
