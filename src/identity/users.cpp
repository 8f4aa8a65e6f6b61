#include "src/identity/users.h"

#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/identity/audit_line.h"
#include "src/identity/sign_ins.h"
#include "src/identity/throttle.h"

namespace midwatch::identity {
namespace {

constexpr std::size_t kShownBytes = 60;

base::Result<> check_name(const std::string& name) {
  if (is_user_name(name)) return {};
  return base::user_error(
      base::ErrorCode::kInvalidArgument,
      fmt::format(
          "a user's name is of a-z, 0-9 and . _ - @, at most 64, and begins with a letter or a digit: {}",
          base::printable(name, kShownBytes)));
}

base::Result<> change_user(store::Store& store, const Author& author, std::string_view action,
                           const std::string& name,
                           const std::function<base::Result<>(store::Session&, store::User&)>& how) {
  return store.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(store::User user, session.user(name));
    user.changed = author.now;
    MIDWATCH_TRY_VOID(how(session, user));
    MIDWATCH_TRY_VOID(session.update_user(user));
    return session.audit(audit_line(author, action, name, grants_json(user.grants)));
  });
}

}  // namespace

base::Result<> add_user(store::Store& store, const Passwords& passwords, const Author& author,
                        const std::string& name, const std::vector<model::Grant>& grants,
                        const std::string& password) {
  MIDWATCH_TRY_VOID(check_name(name));
  MIDWATCH_TRY_VOID(check_new_password(name, password));
  MIDWATCH_TRY(const std::string hash, passwords.hash(password));
  return store.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_user({name, hash, grants, false, author.now, author.now}));
    return session.audit(audit_line(author, "addUser", name, grants_json(grants)));
  });
}

base::Result<> set_password(store::Store& store, const Passwords& passwords, const Author& author,
                            const std::string& name, const std::string& password) {
  MIDWATCH_TRY_VOID(check_new_password(name, password));
  MIDWATCH_TRY(const std::string hash, passwords.hash(password));
  return change_user(store, author, "setPassword", name,
                     [&](store::Session& session, store::User& user) -> base::Result<> {
                       user.password = hash;
                       MIDWATCH_TRY_VOID(session.put_attempts({key_of_user(name), 0, {}}));
                       MIDWATCH_TRY_VOID(session.end_sign_ins(name));
                       return {};
                     });
}

base::Result<> set_disabled(store::Store& store, const Author& author, const std::string& name,
                            bool disabled) {
  return change_user(store, author, disabled ? "disableUser" : "enableUser", name,
                     [&](store::Session& session, store::User& user) -> base::Result<> {
                       user.disabled = disabled;
                       MIDWATCH_TRY_VOID(session.end_sign_ins(name));
                       return {};
                     });
}

base::Result<> set_grants(store::Store& store, const Author& author, const std::string& name,
                          const std::vector<model::Grant>& grants) {
  return change_user(store, author, "grantUser", name,
                     [&](store::Session&, store::User& user) -> base::Result<> {
                       user.grants = grants;
                       return {};
                     });
}

base::Result<std::vector<store::User>> list_users(store::Store& store) {
  std::vector<store::User> users;
  MIDWATCH_TRY_VOID(store.read([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(users, session.users());
    return {};
  }));
  return users;
}

}  // namespace midwatch::identity
