#include "src/identity/users.h"

#include <functional>
#include <set>

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

base::Result<store::User> change_user(store::Session& session, base::Timestamp now, const std::string& name,
                                      const std::function<void(store::User&)>& how) {
  MIDWATCH_TRY(store::User user, session.user(name));
  how(user);
  user.changed = now;
  MIDWATCH_TRY_VOID(session.update_user(user));
  return user;
}

/// A change as a transaction of its own, with its line of the audit.
base::Result<> audited(store::Store& store, const Author& author, std::string_view action,
                       const std::function<base::Result<store::User>(store::Session&)>& change) {
  return store.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(const store::User user, change(session));
    return session.audit(audit_line(author, action, user.name, grants_json(user.grants)));
  });
}

/// The spaces that have an admin who may sign in.
std::set<std::string> administered(const std::vector<store::User>& users) {
  std::set<std::string> spaces;
  for (const auto& user : users) {
    if (user.disabled) continue;
    for (const auto& grant : user.grants)
      if (grant.role == model::Role::kAdmin) spaces.insert(grant.space);
  }
  return spaces;
}

}  // namespace

base::Result<store::User> add_user(store::Session& session, base::Timestamp now, const std::string& name,
                                   const std::vector<model::Grant>& grants, const NewPassword& password) {
  MIDWATCH_TRY_VOID(check_name(name));
  store::User user{name, password.hash, grants, false, now, now, password.by == ChosenBy::kSomebodyElse};
  MIDWATCH_TRY_VOID(session.add_user(user));
  return user;
}

base::Result<store::User> set_password(store::Session& session, base::Timestamp now, const std::string& name,
                                       const NewPassword& password) {
  MIDWATCH_TRY_VOID(session.put_attempts({key_of_user(name), 0, {}}));
  MIDWATCH_TRY_VOID(session.end_sign_ins(name));
  return change_user(session, now, name, [&](store::User& user) {
    user.password = password.hash;
    user.must_change = password.by == ChosenBy::kSomebodyElse;
  });
}

base::Result<store::User> set_disabled(store::Session& session, base::Timestamp now, const std::string& name,
                                       bool disabled) {
  MIDWATCH_TRY_VOID(session.end_sign_ins(name));
  return change_user(session, now, name, [&](store::User& user) { user.disabled = disabled; });
}

base::Result<store::User> set_grants(store::Session& session, base::Timestamp now, const std::string& name,
                                     const std::vector<model::Grant>& grants) {
  return change_user(session, now, name, [&](store::User& user) { user.grants = grants; });
}

base::Result<> add_user(store::Store& store, const Passwords& passwords, const Author& author,
                        const std::string& name, const std::vector<model::Grant>& grants,
                        const std::string& password, ChosenBy by) {
  MIDWATCH_TRY_VOID(check_name(name));
  MIDWATCH_TRY_VOID(check_new_password(name, password));
  MIDWATCH_TRY(std::string hash, passwords.hash(password));
  const NewPassword made{std::move(hash), by};
  return audited(store, author, "addUser",
                 [&](store::Session& session) { return add_user(session, author.now, name, grants, made); });
}

base::Result<> set_password(store::Store& store, const Passwords& passwords, const Author& author,
                            const std::string& name, const std::string& password, ChosenBy by) {
  MIDWATCH_TRY_VOID(check_new_password(name, password));
  MIDWATCH_TRY(std::string hash, passwords.hash(password));
  const NewPassword made{std::move(hash), by};
  return audited(store, author, "setPassword",
                 [&](store::Session& session) { return set_password(session, author.now, name, made); });
}

base::Result<> set_disabled(store::Store& store, const Author& author, const std::string& name,
                            bool disabled) {
  return audited(store, author, disabled ? "disableUser" : "enableUser",
                 [&](store::Session& session) { return set_disabled(session, author.now, name, disabled); });
}

base::Result<> set_grants(store::Store& store, const Author& author, const std::string& name,
                          const std::vector<model::Grant>& grants) {
  return audited(store, author, "grantUser",
                 [&](store::Session& session) { return set_grants(session, author.now, name, grants); });
}

base::Result<std::vector<store::User>> list_users(store::Store& store) {
  std::vector<store::User> users;
  MIDWATCH_TRY_VOID(store.read([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(users, session.users());
    return {};
  }));
  return users;
}

base::Result<> check_admins_left(const std::vector<store::User>& before,
                                 const std::vector<store::User>& after) {
  const auto left = administered(after);
  const std::string everywhere(model::kEverySpace);
  for (const auto& space : administered(before)) {
    if (left.contains(space) || left.contains(everywhere)) continue;
    return base::user_error(
        base::ErrorCode::kConflict,
        fmt::format("{} would be left without an admin who can sign in; give somebody else the role first",
                    space == everywhere ? std::string("every space (*)") : "the space " + space));
  }
  return {};
}

}  // namespace midwatch::identity
