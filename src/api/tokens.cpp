#include "src/identity/tokens.h"

#include <nlohmann/json.hpp>

#include "src/api/body.h"
#include "src/api/change.h"
#include "src/api/grants.h"
#include "src/api/json_of.h"
#include "src/api/resources.h"
#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

constexpr std::size_t kLongestName = 64;

enum class TokenStatus { kOpen, kEnded, kRevoked };

std::optional<TokenStatus> token_status_of(std::string_view word) {
  if (word == "open") return TokenStatus::kOpen;
  if (word == "ended") return TokenStatus::kEnded;
  if (word == "revoked") return TokenStatus::kRevoked;
  return std::nullopt;
}

TokenStatus status_of(const store::ApiToken& token, base::Timestamp now) {
  if (token.revoked) return TokenStatus::kRevoked;
  return token.until && *token.until <= now ? TokenStatus::kEnded : TokenStatus::kOpen;
}

}  // namespace

Answer list_tokens(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY(const auto wanted, listed_grants(call));
  MIDWATCH_TRY(const auto status, word_parameter(call, "status", &token_status_of));
  MIDWATCH_TRY(const auto tokens,
               reading(api.store, [](store::Session& session) { return session.tokens(); }));
  base::Json items = base::Json::array();
  const base::Timestamp now = api.clock.now();
  for (const auto& token : tokens) {
    if (!wanted.fits(token.grants, token.created) || (status && *status != status_of(token, now))) continue;
    if (may_in_all(call.caller, token.grants)) items.push_back(json_of(token));
  }
  return json_answer(200, {{"items", std::move(items)}});
}

Answer create_token(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"name", MemberKind::kText, true, kLongestName},
                                        {"role", MemberKind::kText, true, 20, "viewer operator admin"},
                                        {"spaces", MemberKind::kTexts, true},
                                        {"until", MemberKind::kTime}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  MIDWATCH_TRY(const auto grants, wanted_grants(call.caller, body));
  MIDWATCH_TRY_VOID(check_first(call.caller, grants));
  const auto until = base::parse_rfc3339(base::text_at(body, "until"));
  return answer_change(
      api, call, "createToken",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        const identity::Author author{call.caller.name, api.clock.now()};
        MIDWATCH_TRY(const auto created, identity::create_token(session, api.ids, author,
                                                                base::text_at(body, "name"), grants, until));
        return ChangeAnswer{201,
                            json_of(created.kept),
                            created.kept.id,
                            space_of(created.kept.grants),
                            {{"token", created.token}}};
      },
      [](const ChangeAnswer&) {});
}

Answer revoke_token(const ApiDependencies& api, const Call& call) {
  return answer_change(
      api, call, "revokeToken",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        const std::string id = call.part("id");
        auto token = session.token(id);
        if (!token && token.error().code != base::ErrorCode::kNotFound) return std::move(token).error();
        if (!token || !may_in_all(call.caller, token->grants))
          return base::user_error(base::ErrorCode::kNotFound, "there is no such token");
        if (token->revoked) return base::user_error(base::ErrorCode::kConflict, "it was revoked before");
        token->revoked = api.clock.now();
        MIDWATCH_TRY_VOID(session.revoke_token(id, *token->revoked));
        return ChangeAnswer{200, json_of(*token), id, space_of(token->grants), {}};
      },
      [](const ChangeAnswer&) {});
}

}  // namespace midwatch::api
