#include "src/sandbox/wire/security_token.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;
using base::text_at;

/// Seconds that a session lasts when nobody says, and at most.
constexpr double kOrdinarySession = 3600;
constexpr double kLongestSession = 43'200;

/// The account in `arn:aws:iam::ACCOUNT:…`.
std::string account_of(std::string_view arn) {
  constexpr std::size_t kAccount = 4;
  const auto parts = base::split(arn, ':');
  return parts.size() > kAccount ? std::string(parts[kAccount]) : std::string();
}

}  // namespace

tl::expected<Json, AccountError> answer_sts(Account& account, const AccountCall& call, const Credentials& who,
                                            KeyRing& keys, base::Timestamp now) {
  if (call.operation == "GetCallerIdentity")
    return Json{{"UserId", who.user_id}, {"Account", account_of(who.arn)}, {"Arn", who.arn}};
  const std::string role = text_at(call.input, "RoleArn");
  const std::string session = text_at(call.input, "RoleSessionName");
  if (account_of(role).empty() || session.empty()) {
    return tl::unexpected(AccountError{"ValidationError", "RoleArn and RoleSessionName are required", 400});
  }
  // An account that knows nothing of sessions has nothing against them.
  if (auto allowed = account.answer(call); !allowed && allowed.error().code != "UnknownOperationException")
    return allowed;
  const double seconds = std::clamp(base::number_at(call.input, "DurationSeconds").value_or(kOrdinarySession),
                                    1.0, kLongestSession);
  const Credentials made = keys.issue(role, session, now + base::duration_from_seconds(seconds));
  return Json{{"Credentials",
               {{"AccessKeyId", made.access_key},
                {"SecretAccessKey", made.secret_key},
                {"SessionToken", made.session_token},
                {"Expiration", base::format_rfc3339(*made.expires)}}},
              {"AssumedRoleUser", {{"AssumedRoleId", made.user_id}, {"Arn", made.arn}}}};
}

}  // namespace midwatch::sandbox::wire
