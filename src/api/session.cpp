#include "src/api/session.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/body.h"
#include "src/api/resources.h"
#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/identity/secret.h"
#include "src/identity/tokens.h"

namespace midwatch::api {
namespace {

constexpr std::string_view kCsrfHeader = "X-Midwatch-CSRF";
constexpr std::string_view kBearer = "Bearer ";
constexpr std::size_t kLongestUserName = 64;

/// Browsers take a name with __Host- only with Secure, from this very host and for all of it: no other host
/// of the domain, and nobody who speaks for it in clear, can plant one. On loopback there is no TLS, and not
/// every browser keeps a Secure cookie there: it has another name, which promises nothing. Source: RFC
/// 6265bis 4.1.3
std::string_view cookie_name(const ApiOptions& options) {
  return options.behind_proxy ? "__Host-midwatch" : "midwatch-loopback";
}

/// A cookie that no script reads and that other sites' requests do not carry; none at all where `secret` is
/// empty.
std::string cookie(const ApiOptions& options, std::string_view secret, std::chrono::seconds lasts) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", cookie_name(options), secret,
                     secret.empty() ? 0 : lasts.count(), options.behind_proxy ? "; Secure" : "");
}

/// The cookie of a sign-in that was begun at a provider. The provider's site sends the browser back, and so a
/// cookie for this site alone would not come along.
std::string begun_name(const ApiOptions& options) {
  return fmt::format("{}-begun", cookie_name(options));
}
std::string begun_cookie(const ApiOptions& options, std::string_view secret) {
  constexpr int kSeconds = 600;
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", begun_name(options), secret,
                     secret.empty() ? 0 : kSeconds, options.behind_proxy ? "; Secure" : "");
}

/// What the browser keeps under a name; empty where it keeps nothing.
std::string_view cookie_in(const http::ServerRequest& request, std::string_view name) {
  for (const auto pair : base::split(request.header("Cookie"), ';')) {
    const auto bare = base::trim(pair);
    const std::size_t equals = bare.find('=');
    if (equals != std::string_view::npos && bare.substr(0, equals) == name) return bare.substr(equals + 1);
  }
  return {};
}

/// What the browser keeps of a sign-in; empty where it has none.
std::string_view secret_of(const http::ServerRequest& request, const ApiOptions& options) {
  return cookie_in(request, cookie_name(options));
}

/// An address as a proxy writes it. Some write its port behind it, which is another for each connection.
std::string_view without_port(std::string_view address) {
  if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
  const std::size_t colon = address.find(':');
  return colon == address.rfind(':') ? address.substr(0, colon) : address;
}

/// For whom the proxy in front asks: the last address of all, since those before it anybody may have written.
/// Some proxies add a line of their own to the one that came.
std::string_view forwarded_for(const http::ServerRequest& request) {
  std::string_view told;
  for (const auto& [name, value] : request.headers)
    if (base::to_lower(name) == "x-forwarded-for") told = value;
  return without_port(base::trim(told.substr(told.rfind(',') + 1)));
}

identity::Visitor visitor_of(const ApiDependencies& api, const Call& call) {
  identity::Visitor visitor{call.request.peer, call.request_id};
  const auto told = api.options.behind_proxy ? forwarded_for(call.request) : std::string_view();
  if (!told.empty()) visitor.address = told;
  constexpr std::size_t kLongestAddress = 64;
  visitor.address.resize(std::min(visitor.address.size(), kLongestAddress));
  return visitor;
}

base::Result<base::Json> ways_in(const ApiDependencies& api) {
  base::Json ways = base::Json::array();
  if (api.sign_ins != nullptr) {
    MIDWATCH_TRY(const auto users,
                 reading(api.store, [](store::Session& session) { return session.users(); }));
    if (!users.empty()) ways.push_back("password");
  }
  if (api.provider != nullptr) ways.push_back("provider");
  ways.push_back("token");
  return ways;
}

base::Json session_json(base::Json ways, const Caller* caller) {
  base::Json session{{"ways", std::move(ways)}};
  if (caller == nullptr) return session;
  session["who"] = {{"name", caller->name}, {"role", to_string(caller->role)}};
  session["roles"] = base::Json::array();
  for (const auto& space : caller->spaces)
    session["roles"].push_back({{"space", space}, {"role", to_string(caller->role_in(space))}});
  if (caller->everywhere) session["everywhere"] = to_string(*caller->everywhere);
  if (caller->is_anybody) session["anybody"] = true;
  if (caller->has_password) session["has_password"] = true;
  if (caller->must_change_password) session["must_change_password"] = true;
  if (!caller->csrf.empty()) session["csrf"] = caller->csrf;
  return session;
}

Answer session_answer(const ApiDependencies& api, int status, const Caller* caller) {
  MIDWATCH_TRY(auto ways, ways_in(api));
  base::Json session = session_json(std::move(ways), caller);
  if (api.provider != nullptr) session["provider"] = api.options.provider_name;
  auto answer = json_answer(status, session);
  answer.set("Cache-Control", "no-store");
  return answer;
}

std::string session_cookie(const ApiDependencies& api, const identity::SignedIn& signed_in) {
  const auto lasts = std::chrono::duration_cast<std::chrono::seconds>(signed_in.until - api.clock.now());
  return cookie(api.options, signed_in.secret, lasts);
}

http::ServerResponse redirect(std::string address) {
  http::ServerResponse answer;
  answer.status = 303;
  answer.set("Location", std::move(address));
  answer.set("Cache-Control", "no-store");
  return answer;
}

/// To the page, which says so in its reader's language; the whole reason is for the log.
Answer sent_back(const ApiDependencies& api, const Call& call, const base::Error& error) {
  const auto noted = api.sign_ins->note_refusal(visitor_of(api, call));
  if (!noted && noted.error().code != base::ErrorCode::kRateLimited) return noted.error();
  // Whoever comes again and again does not fill the log.
  if (noted && api.log)
    api.log(base::trouble("a sign-in by the provider failed", error, {{"request_id", call.request_id}}));
  std::string_view reason = "provider";
  if (error.code == base::ErrorCode::kUnauthenticated) reason = "failed";
  if (error.code == base::ErrorCode::kPermissionDenied && error.source == base::ErrorSource::kUser)
    reason = "no_role";
  auto answer = redirect(fmt::format("/?refused={}", reason));
  answer.set("Set-Cookie", begun_cookie(api.options, {}));
  return answer;
}

base::Error no_provider() {
  return base::user_error(base::ErrorCode::kNotFound, "no provider vouches for anybody to this server");
}

/// Errors: kConflict where the caller has no session of their own.
base::Result<> check_signed_in(const Caller& caller) {
  if (!caller.sign_in.empty()) return {};
  return base::user_error(base::ErrorCode::kConflict,
                          "nobody is signed in by this request: who comes with a token has no session");
}

}  // namespace

base::Error nobody_signs_in() {
  return base::user_error(base::ErrorCode::kNotFound, "nobody can sign in to this server");
}

Caller caller_of(const identity::Principal& principal, const std::vector<std::string>& spaces) {
  Caller caller;
  caller.name = principal.name;
  caller.csrf = principal.csrf;
  caller.sign_in = principal.sign_in;
  caller.has_password = principal.has_password;
  caller.must_change_password = principal.must_change;
  for (const auto& grant : principal.grants)
    if (grant.space == model::kEverySpace && (!caller.everywhere || *caller.everywhere < grant.role))
      caller.everywhere = grant.role;
  for (const auto& space : spaces) {
    std::optional<Role> role;
    for (const auto& grant : principal.grants) {
      const bool counts = grant.space == space || grant.space == model::kEverySpace;
      if (counts && (!role || *role < grant.role)) role = grant.role;
    }
    if (!role) continue;
    caller.spaces.push_back(space);
    caller.lower[space] = *role;
    caller.role = std::max(caller.role, *role);
  }
  std::erase_if(caller.lower, [&](const auto& entry) { return entry.second == caller.role; });
  return caller;
}

Authenticator with_accounts(const ApiDependencies& api) {
  if (api.sign_ins == nullptr) return api.authenticate;
  return [&sign_ins = *api.sign_ins, &store = api.store, &clock = api.clock, &watch = api.watch,
          others = api.authenticate,
          options = api.options](const http::ServerRequest& request) -> base::Result<Caller> {
    const std::string_view field = request.header("Authorization");
    const std::string_view secret = field.empty() ? secret_of(request, options) : std::string_view();
    base::Result<identity::Principal> known = base::user_error(base::ErrorCode::kUnauthenticated, "");
    if (!secret.empty()) {
      // A stream that stays open is no use: else a page that nobody looks at would never be signed out.
      known = sign_ins.who(secret, request.header("Accept") != "text/event-stream");
    } else if (field.starts_with(kBearer)) {
      known = identity::owner_of_token(store, field.substr(kBearer.size()), clock.now());
    }
    if (known) return caller_of(*known, watch.spaces());
    if (known.error().code != base::ErrorCode::kUnauthenticated) return std::move(known).error();
    return others(request);
  };
}

base::Result<> check_password_changed(std::string_view operation, const Caller& caller) {
  static constexpr std::array<std::string_view, 2> kOpen{"changePassword", "signOut"};
  if (!caller.must_change_password || std::find(kOpen.begin(), kOpen.end(), operation) != kOpen.end())
    return {};
  return base::user_error(base::ErrorCode::kPermissionDenied,
                          "change your password first (changePassword): somebody else chose it");
}

base::Result<> check_csrf(const http::ServerRequest& request, const Caller& caller) {
  if (caller.csrf.empty() || identity::same_secret(request.header(kCsrfHeader), caller.csrf)) return {};
  return base::user_error(
      base::ErrorCode::kPermissionDenied,
      fmt::format("a change needs the header {} with the csrf of GET /api/v1/session", kCsrfHeader));
}

Answer sign_in(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"user", MemberKind::kText, true, kLongestUserName},
                                        {"password", MemberKind::kText, true, identity::kLongestPassword}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  if (api.sign_ins == nullptr) return nobody_signs_in();
  MIDWATCH_TRY(const auto signed_in,
               api.sign_ins->with_password(base::text_at(body, "user"), base::text_at(body, "password"),
                                           visitor_of(api, call), secret_of(call.request, api.options)));
  const Caller caller = caller_of(signed_in.who, api.watch.spaces());
  MIDWATCH_TRY(auto answer, session_answer(api, 201, &caller));
  answer.set("Set-Cookie", session_cookie(api, signed_in));
  return answer;
}

Answer change_password(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"present", MemberKind::kText, true, identity::kLongestPassword},
                                        {"wanted", MemberKind::kText, true, identity::kLongestPassword}};
  MIDWATCH_TRY_VOID(check_signed_in(call.caller));
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  MIDWATCH_TRY(const auto signed_in, api.sign_ins->change_password(
                                         secret_of(call.request, api.options), base::text_at(body, "present"),
                                         base::text_at(body, "wanted"), visitor_of(api, call)));
  const Caller caller = caller_of(signed_in.who, api.watch.spaces());
  MIDWATCH_TRY(auto answer, session_answer(api, 200, &caller));
  answer.set("Set-Cookie", session_cookie(api, signed_in));
  return answer;
}

Answer list_sessions(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY_VOID(check_signed_in(call.caller));
  MIDWATCH_TRY(const auto found, api.sign_ins->all_of(call.caller.name));
  base::Json items = base::Json::array();
  for (const auto& sign_in : found)
    items.push_back({{"id", sign_in.id},
                     {"began", base::format_rfc3339(sign_in.began)},
                     {"used", base::format_rfc3339(sign_in.used)},
                     {"until", base::format_rfc3339(sign_in.until)},
                     {"is_this", sign_in.id == call.caller.sign_in}});
  return json_answer(200, {{"items", std::move(items)}});
}

Answer end_session(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY_VOID(check_signed_in(call.caller));
  const std::string id = call.part("id");
  MIDWATCH_TRY(const std::size_t ended,
               api.sign_ins->end_those(
                   call.caller.name, [&](const store::SignIn& sign_in) { return sign_in.id == id; },
                   visitor_of(api, call)));
  if (ended == 0)
    return base::user_error(base::ErrorCode::kNotFound, "you have no such session, or not any more");
  return json_answer(200, {{"ended", ended}});
}

Answer end_other_sessions(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY_VOID(check_signed_in(call.caller));
  MIDWATCH_TRY(
      const std::size_t ended,
      api.sign_ins->end_those(
          call.caller.name, [&](const store::SignIn& sign_in) { return sign_in.id != call.caller.sign_in; },
          visitor_of(api, call)));
  return json_answer(200, {{"ended", ended}});
}

Answer get_session(const ApiDependencies& api, const Call& call) {
  const auto caller = api.authenticate(call.request);
  if (!caller && caller.error().code != base::ErrorCode::kUnauthenticated) return caller.error();
  return session_answer(api, 200, caller ? &*caller : nullptr);
}

Answer go_to_provider(const ApiDependencies& api, const Call& call) {
  if (api.provider == nullptr || api.sign_ins == nullptr) return no_provider();
  const auto begun = api.provider->begin();
  if (!begun) return sent_back(api, call, begun.error());
  auto answer = redirect(begun->address);
  answer.set("Set-Cookie", begun_cookie(api.options, begun->secret));
  return answer;
}

Answer come_from_provider(const ApiDependencies& api, const Call& call) {
  if (api.provider == nullptr || api.sign_ins == nullptr) return no_provider();
  const auto who =
      api.provider->finish({std::string(cookie_in(call.request, begun_name(api.options))),
                            call.parameter("state"), call.parameter("code"), call.parameter("iss")});
  if (!who) return sent_back(api, call, who.error());
  MIDWATCH_TRY(const auto signed_in,
               api.sign_ins->vouched(*who, visitor_of(api, call), secret_of(call.request, api.options)));
  auto answer = redirect("/");
  answer.set("Set-Cookie", begun_cookie(api.options, {}));
  answer.set("Set-Cookie", session_cookie(api, signed_in));
  return answer;
}

Answer sign_out(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY_VOID(check_signed_in(call.caller));
  MIDWATCH_TRY_VOID(api.sign_ins->end(secret_of(call.request, api.options), visitor_of(api, call)));
  http::ServerResponse answer;
  answer.status = 204;
  answer.set("Set-Cookie", cookie(api.options, {}, {}));
  return answer;
}

}  // namespace midwatch::api
