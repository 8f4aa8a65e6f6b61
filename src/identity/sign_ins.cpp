#include "src/identity/sign_ins.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/try.h"
#include "src/identity/audit_line.h"
#include "src/identity/secret.h"
#include "src/identity/throttle.h"
#include "src/identity/users.h"

namespace midwatch::identity {
namespace {

/// 256 bits: nobody guesses one. Source: OWASP ASVS 3.2.2 (64 at least)
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretDigits = 2 * kSecretBytes;
/// A use is written down so often at most: reading must not cost a write each time.
constexpr std::chrono::minutes kUseNoted{1};
constexpr std::size_t kLongestName = 64;
constexpr std::string_view kSignIn = "signIn";
constexpr std::string_view kSignInFailed = "signInFailed";
/// What a provider said of somebody's groups may have changed by then.
constexpr std::chrono::hours kWordHolds{12};

base::Error not_let_in() {
  return base::user_error(base::ErrorCode::kUnauthenticated,
                          "the name or the password is wrong, or this user may not sign in");
}

base::Error signed_out() {
  return base::user_error(base::ErrorCode::kUnauthenticated, "you are not signed in, or not any more");
}

std::string id_of(std::string_view secret) {
  return base::sha256_hex(secret);
}

/// Made from the secret, so that it is nowhere else and ends with it.
/// Source: OWASP CSRF Prevention Cheat Sheet, tokens bound to the session by HMAC
std::string csrf_of(std::string_view secret) {
  return base::to_hex(base::hmac_sha256(secret, "midwatch csrf"));
}

store::AuditEntry line(std::string_view action, std::string_view who, std::string_view object,
                       const Visitor& visitor, base::Timestamp now) {
  return audit_line({std::string(who), now}, action, object,
                    {{"address", visitor.address}, {"request_id", visitor.request_id}});
}

/// The user where there is one; no error where there is not.
base::Result<std::optional<store::User>> user_of(store::Session& session, const std::string& name) {
  auto found = session.user(name);
  if (found) return std::optional(*std::move(found));
  if (found.error().code == base::ErrorCode::kNotFound) return std::nullopt;
  return std::move(found).error();
}

}  // namespace

bool is_user_name(std::string_view name) {
  constexpr std::string_view kFirst = "abcdefghijklmnopqrstuvwxyz0123456789";
  return !name.empty() && name.size() <= kLongestName &&
         kFirst.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-@") == std::string_view::npos;
}

base::Result<SignIns::Tried> SignIns::begin(const std::string& user, const Visitor& visitor) {
  Tried tried;
  MIDWATCH_TRY_VOID(store_.write([&](store::Session& session) -> base::Result<> {
    const base::Timestamp now = clock_.now();
    MIDWATCH_TRY(tried.of_user, begin_try(session, key_of_user(user), kTriesOfAUser, now));
    MIDWATCH_TRY(tried.of_address,
                 begin_try(session, key_of_address(visitor.address), kTriesOfAnAddress, now));
    // A name that cannot be one is looked up as well: the work is the same. By the very name that is counted,
    // so that no two that are counted apart are one user.
    MIDWATCH_TRY(tried.user, user_of(session, user));
    return {};
  }));
  return tried;
}

base::Result<> SignIns::refuse(const Tried& tried, std::string_view action, const Visitor& visitor) {
  return store_.write([&](store::Session& session) -> base::Result<> {
    const base::Timestamp now = clock_.now();
    // Not what was typed where no user has that name: it may be a password.
    const std::string name = tried.user ? tried.user->name : std::string();
    MIDWATCH_TRY_VOID(session.audit(line(action, "nobody", name, visitor, now)));
    if (tried.of_user >= kTriesOfAUser) {
      MIDWATCH_TRY_VOID(session.audit(line("lockOut", "midwatch", name, visitor, now)));
    }
    if (tried.of_address >= kTriesOfAnAddress) {
      MIDWATCH_TRY_VOID(session.audit(line("lockOut", "midwatch", visitor.address, visitor, now)));
    }
    return {};
  });
}

base::Result<SignedIn> SignIns::with_password(const std::string& user, const std::string& password,
                                              const Visitor& visitor, std::string_view before) {
  MIDWATCH_TRY(const auto turn, passwords_.turn());
  MIDWATCH_TRY(Tried tried, begin(user, visitor));
  const bool may = tried.user && !tried.user->disabled;
  const bool fits = passwords_.fits(may ? tried.user->password : std::string(), password);
  if (!fits) {
    MIDWATCH_TRY_VOID(refuse(tried, kSignInFailed, visitor));
    return not_let_in();
  }
  std::string renewed;
  if (passwords_.is_outdated(tried.user->password)) {
    MIDWATCH_TRY(renewed, passwords_.hash(password));
  }
  store::SignIn sign_in;
  sign_in.user = tried.user->name;
  sign_in.who = tried.user->name;
  bool must_change = false;
  const auto also = [&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(store::User latest, session.user(user));
    const bool is_latest = latest.password == tried.user->password;
    // Somebody gave the user another password meanwhile. A hash that was only renewed is of the same one.
    if (!is_latest && latest.changed != tried.user->changed) return not_let_in();
    must_change = latest.must_change;
    MIDWATCH_TRY_VOID(session.put_attempts({key_of_user(user), 0, {}}));
    MIDWATCH_TRY_VOID(take_back_try(session, key_of_address(visitor.address)));
    if (renewed.empty() || !is_latest) return {};
    latest.password = renewed;
    return session.update_user(latest);
  };
  auto admitted = admit(kSignIn, std::move(sign_in), limits_.longest, {tried.user->name, tried.user->grants},
                        visitor, before, also);
  if (!admitted && admitted.error().code == base::ErrorCode::kUnauthenticated)
    MIDWATCH_TRY_VOID(refuse(tried, kSignInFailed, visitor));
  if (admitted) admitted->who.must_change = must_change;
  return admitted;
}

base::Result<SignedIn> SignIns::change_password(std::string_view secret, const std::string& present,
                                                const std::string& wanted, const Visitor& visitor) {
  MIDWATCH_TRY(const Principal who, this->who(secret, true));
  if (!who.has_password)
    return base::user_error(base::ErrorCode::kConflict,
                            "a provider vouches for you: no password of yours is kept here");
  MIDWATCH_TRY_VOID(check_new_password(who.name, wanted));
  if (wanted == present)
    return base::user_error(base::ErrorCode::kInvalidArgument, "the new password is the present one");
  MIDWATCH_TRY(const auto turn, passwords_.turn());
  MIDWATCH_TRY(const Tried tried, begin(who.name, visitor));
  if (!passwords_.fits(tried.user ? tried.user->password : std::string(), present)) {
    MIDWATCH_TRY_VOID(refuse(tried, "changePasswordFailed", visitor));
    return base::user_error(base::ErrorCode::kPermissionDenied, "that is not your present password");
  }
  MIDWATCH_TRY(const std::string hash, passwords_.hash(wanted));
  store::SignIn sign_in;
  sign_in.user = who.name;
  sign_in.who = who.name;
  const auto also = [&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(const store::User latest, session.user(who.name));
    // Somebody gave the user another password meanwhile, or disabled them: this sign-in is over.
    if (latest.disabled || latest.password != tried.user->password) return signed_out();
    MIDWATCH_TRY_VOID(set_password(session, clock_.now(), who.name, {hash, ChosenBy::kThemselves}));
    return take_back_try(session, key_of_address(visitor.address));
  };
  return admit("changePassword", std::move(sign_in), limits_.longest, {who.name, who.grants}, visitor, secret,
               also);
}

base::Result<SignedIn> SignIns::vouched(const Principal& who, const Visitor& visitor,
                                        std::string_view before) {
  store::SignIn sign_in;
  sign_in.who = who.name;
  sign_in.grants = who.grants;
  return admit(kSignIn, std::move(sign_in), std::min<base::Duration>(limits_.longest, kWordHolds), who,
               visitor, before, [](store::Session&) -> base::Result<> { return {}; });
}

base::Result<> SignIns::note_refusal(const Visitor& visitor) {
  return store_.write([&](store::Session& session) -> base::Result<> {
    const base::Timestamp now = clock_.now();
    const auto counted = begin_try(session, key_of_address(visitor.address), kTriesOfAnAddress, now);
    if (!counted) return counted.error();
    return session.audit(line(kSignInFailed, "nobody", "provider", visitor, now));
  });
}

base::Result<SignedIn> SignIns::admit(std::string_view action, store::SignIn sign_in, base::Duration lasts,
                                      Principal who, const Visitor& visitor, std::string_view before,
                                      const store::Work& also) {
  SignedIn admitted;
  MIDWATCH_TRY(admitted.secret, random_hex(kSecretBytes));
  const base::Timestamp now = clock_.now();
  sign_in.id = id_of(admitted.secret);
  sign_in.began = now;
  sign_in.used = now;
  sign_in.until = now + lasts;
  const auto enter = [&](store::Session& session) -> base::Result<> {
    if (!before.empty()) {
      MIDWATCH_TRY_VOID(session.end_sign_in(id_of(before)));
    }
    MIDWATCH_TRY_VOID(also(session));
    MIDWATCH_TRY_VOID(session.add_sign_in(sign_in));
    return session.audit(line(action, sign_in.who, sign_in.who, visitor, now));
  };
  MIDWATCH_TRY_VOID(store_.write(enter));
  admitted.who = std::move(who);
  admitted.who.csrf = csrf_of(admitted.secret);
  admitted.who.sign_in = sign_in.id;
  admitted.who.has_password = !sign_in.user.empty();
  admitted.until = sign_in.until;
  return admitted;
}

base::Result<Principal> SignIns::who(std::string_view secret, bool uses) {
  if (secret.size() != kSecretDigits) return signed_out();
  const base::Timestamp now = clock_.now();
  const std::string id = id_of(secret);
  store::SignIn found;
  bool known = false;
  bool must_change = false;
  MIDWATCH_TRY_VOID(store_.read([&](store::Session& session) -> base::Result<> {
    auto read = session.sign_in(id);
    if (!read && read.error().code != base::ErrorCode::kNotFound) return std::move(read).error();
    if (!read || has_ended(*read, now)) return {};
    found = *std::move(read);
    known = true;
    if (found.user.empty()) return {};
    MIDWATCH_TRY(const auto user, user_of(session, found.user));
    known = user && !user->disabled;
    if (!known) return {};
    found.grants = user->grants;
    must_change = user->must_change;
    return {};
  }));
  if (!known) return signed_out();
  if (uses && now - found.used >= kUseNoted) {
    const auto noted = store_.write([&](store::Session& session) { return session.use_sign_in(id, now); });
    if (!noted && noted.error().code == base::ErrorCode::kNotFound) return signed_out();
    MIDWATCH_TRY_VOID(noted);
  }
  return Principal{std::move(found.who), std::move(found.grants), csrf_of(secret), id, !found.user.empty(),
                   must_change};
}

base::Result<std::vector<store::SignIn>> SignIns::all_of(const std::string& who) {
  std::vector<store::SignIn> found;
  MIDWATCH_TRY_VOID(store_.read([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(found, session.sign_ins_of(who));
    return {};
  }));
  std::erase_if(found, [&, now = clock_.now()](const auto& sign_in) { return has_ended(sign_in, now); });
  return found;
}

base::Result<std::size_t> SignIns::end_those(const std::string& who,
                                             const std::function<bool(const store::SignIn&)>& fits,
                                             const Visitor& visitor) {
  std::size_t ended = 0;
  const auto end = [&](store::Session& session) -> base::Result<> {
    ended = 0;
    const base::Timestamp now = clock_.now();
    MIDWATCH_TRY(const auto found, session.sign_ins_of(who));
    for (const auto& sign_in : found) {
      if (has_ended(sign_in, now) || !fits(sign_in)) continue;
      MIDWATCH_TRY_VOID(session.end_sign_in(sign_in.id));
      ++ended;
    }
    if (ended == 0) return {};
    return session.audit(line("endSessions", who, who, visitor, now));
  };
  MIDWATCH_TRY_VOID(store_.write(end));
  return ended;
}

base::Result<> SignIns::end(std::string_view secret, const Visitor& visitor) {
  return store_.write([&](store::Session& session) -> base::Result<> {
    const auto found = session.sign_in(id_of(secret));
    if (!found && found.error().code == base::ErrorCode::kNotFound) return {};
    if (!found) return found.error();
    MIDWATCH_TRY_VOID(session.end_sign_in(found->id));
    return session.audit(line("signOut", found->who, found->who, visitor, clock_.now()));
  });
}

}  // namespace midwatch::identity
