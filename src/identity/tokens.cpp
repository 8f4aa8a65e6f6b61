#include "src/identity/tokens.h"

#include <optional>
#include <utility>

#include "src/base/digest.h"
#include "src/base/try.h"
#include "src/identity/clock_skew.h"
#include "src/identity/secret.h"
#include "src/identity/sign_ins.h"

namespace midwatch::identity {
namespace {

constexpr std::string_view kPrefix = "mw_";  // by which secret scanners know it
constexpr std::size_t kTokenBytes = 32;

}  // namespace

base::Result<NewToken> make_token() {
  MIDWATCH_TRY(const std::string random, random_hex(kTokenBytes));
  std::string token = std::string(kPrefix) + random;
  std::string digest = base::sha256_hex(token);
  return NewToken{std::move(token), std::move(digest)};
}

base::Result<CreatedToken> create_token(store::Session& session, base::IdGenerator& ids, const Author& author,
                                        const std::string& name, const std::vector<model::Grant>& grants,
                                        std::optional<base::Timestamp> until) {
  const auto refused = [](const char* message) {
    return base::user_error(base::ErrorCode::kInvalidArgument, message);
  };
  if (!is_user_name(name))
    return refused(
        "a token's name is of a-z, 0-9 and . _ - @, at most 64, and begins with a letter or a digit");
  if (grants.empty()) return refused("a token needs a role in at least one space");
  if (until && *until <= author.now) return refused("the token would have ended already");
  MIDWATCH_TRY(NewToken made, make_token());
  CreatedToken created;
  created.kept = {
      "tok-" + ids.next_uuid(), name, std::move(made.sha256), grants, author.name, author.now, until, {}};
  created.token = std::move(made.token);
  MIDWATCH_TRY_VOID(session.add_token(created.kept));
  return created;
}

base::Result<Principal> owner_of_token(store::Store& store, std::string_view token, base::Timestamp now) {
  std::optional<store::ApiToken> found;
  if (token.starts_with(kPrefix)) {
    MIDWATCH_TRY_VOID(store.read([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(found, session.token_of(base::sha256_hex(token)));
      return {};
    }));
  }
  const auto has_ended = [&] { return *found->until <= now || is_yet_to_come(found->created, now); };
  if (found && !found->revoked && (!found->until || !has_ended()))
    return Principal{"token/" + found->name, std::move(found->grants)};
  return base::user_error(base::ErrorCode::kUnauthenticated,
                          "the server knows no such token, or not any more");
}

}  // namespace midwatch::identity
