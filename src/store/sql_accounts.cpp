// Who may come in: users, sign-ins, tokens and attempts, as rows and in the session.
#include <utility>

#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/try.h"
#include "src/store/sql_query.h"
#include "src/store/sql_rows.h"
#include "src/store/sql_session.h"

namespace midwatch::store {
namespace {

std::string grants_text(const std::vector<model::Grant>& grants) {
  base::Json object = base::Json::object();
  for (const auto& grant : grants) object[grant.space] = model::to_string(grant.role);
  return base::dump_json(object);
}

std::vector<model::Grant> grants_of(RowReader& row) {
  std::vector<model::Grant> grants;
  const auto object = base::parse_json(row.text());
  if (!object || !object->is_object()) {
    row.note("grants that are no JSON object");
    return grants;
  }
  for (const auto& [space, word] : object->items()) {
    const auto role = word.is_string() ? model::role_of(word.get_ref<const std::string&>()) : std::nullopt;
    if (!role) row.note("a grant of no role");
    grants.push_back({space, role.value_or(model::Role::kViewer)});
  }
  return grants;
}

SqlValue sql_moment(const std::optional<base::Timestamp>& time) {
  if (!time) return {};
  return sql_time(*time);
}

}  // namespace

SqlRow Table<User>::values(const User& u) {
  return {u.name,
          u.password,
          grants_text(u.grants),
          std::int64_t{u.disabled},
          sql_time(u.created),
          sql_time(u.changed),
          std::int64_t{u.must_change}};
}

User Table<User>::read(RowReader& row) {
  User u;
  u.name = row.text();
  u.password = row.text();
  u.grants = grants_of(row);
  u.disabled = row.flag();
  u.created = row.time();
  u.changed = row.time();
  u.must_change = row.flag();
  return u;
}

SqlRow Table<SignIn>::values(const SignIn& s) {
  return {s.id, s.user, s.who, grants_text(s.grants), sql_time(s.began), sql_time(s.used), sql_time(s.until)};
}

SignIn Table<SignIn>::read(RowReader& row) {
  SignIn s;
  s.id = row.text();
  s.user = row.text();
  s.who = row.text();
  s.grants = grants_of(row);
  s.began = row.time();
  s.used = row.time();
  s.until = row.time();
  return s;
}

SqlRow Table<ApiToken>::values(const ApiToken& t) {
  return {t.id,
          t.name,
          t.sha256,
          grants_text(t.grants),
          t.made_by,
          sql_time(t.created),
          sql_moment(t.until),
          sql_moment(t.revoked)};
}

ApiToken Table<ApiToken>::read(RowReader& row) {
  ApiToken t;
  t.id = row.text();
  t.name = row.text();
  t.sha256 = row.text();
  t.grants = grants_of(row);
  t.made_by = row.text();
  t.created = row.time();
  t.until = row.optional_time();
  t.revoked = row.optional_time();
  return t;
}

SqlRow Table<Attempts>::values(const Attempts& a) {
  return {a.key, std::int64_t{a.count}, sql_time(a.last)};
}

Attempts Table<Attempts>::read(RowReader& row) {
  Attempts a;
  a.key = row.text();
  a.count = static_cast<std::uint32_t>(row.integer());
  a.last = row.time();
  return a;
}

base::Result<> SqlSession::add_user(const User& user) {
  return add_row(connection_, user, "user", user.name);
}

base::Result<User> SqlSession::user(const std::string& name) {
  return select_one<User>(connection_, name, "user");
}

base::Result<> SqlSession::update_user(const User& user) {
  return change_one(
      connection_,
      "UPDATE users SET password = $2, grants = $3, disabled = $4, changed = $5, must_change = $6 "
      "WHERE id = $1",
      {user.name, user.password, grants_text(user.grants), std::int64_t{user.disabled},
       sql_time(user.changed), std::int64_t{user.must_change}},
      "user", user.name);
}

base::Result<std::vector<User>> SqlSession::users() {
  return select_rows<User>(connection_, "ORDER BY id", {});
}

base::Result<> SqlSession::add_sign_in(const SignIn& sign_in) {
  return add_row(connection_, sign_in, "sign-in", sign_in.id);
}

base::Result<SignIn> SqlSession::sign_in(const std::string& id) {
  return select_one<SignIn>(connection_, id, "sign-in");
}

base::Result<> SqlSession::use_sign_in(const std::string& id, base::Timestamp used) {
  return change_one(connection_, "UPDATE sign_ins SET used = $2 WHERE id = $1", {id, sql_time(used)},
                    "sign-in", id);
}

base::Result<> SqlSession::end_sign_in(const std::string& id) {
  MIDWATCH_TRY_VOID(connection_.run("DELETE FROM sign_ins WHERE id = $1", {id}));
  return {};
}

base::Result<std::vector<SignIn>> SqlSession::sign_ins_of(const std::string& who) {
  return select_rows<SignIn>(connection_, "WHERE who = $1 ORDER BY began DESC, id DESC", {who});
}

base::Result<std::size_t> SqlSession::end_sign_ins(const std::string& user) {
  MIDWATCH_TRY(const auto written, connection_.run("DELETE FROM sign_ins WHERE account = $1", {user}));
  return written.changed;
}

base::Result<std::size_t> SqlSession::forget_sign_ins(base::Timestamp now) {
  MIDWATCH_TRY(const auto written,
               connection_.run("DELETE FROM sign_ins WHERE until <= $1", {sql_time(now)}));
  return written.changed;
}

base::Result<> SqlSession::add_token(const ApiToken& token) {
  return add_row(connection_, token, "token", token.id);
}

base::Result<ApiToken> SqlSession::token(const std::string& id) {
  return select_one<ApiToken>(connection_, id, "token");
}

base::Result<std::optional<ApiToken>> SqlSession::token_of(const std::string& sha256) {
  MIDWATCH_TRY(auto found, select_rows<ApiToken>(connection_, "WHERE sha256 = $1", {sha256}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

base::Result<> SqlSession::revoke_token(const std::string& id, base::Timestamp time) {
  return change_one(connection_, "UPDATE tokens SET revoked = $2 WHERE id = $1 AND revoked IS NULL",
                    {id, sql_time(time)}, "token", id);
}

base::Result<std::vector<ApiToken>> SqlSession::tokens() {
  return select_rows<ApiToken>(connection_, "ORDER BY created DESC, id DESC", {});
}

base::Result<bool> SqlSession::has_accounts() {
  for (const char* statement : {"SELECT id FROM users ORDER BY id LIMIT 1",
                                "SELECT id FROM tokens ORDER BY created DESC, id DESC LIMIT 1"}) {
    MIDWATCH_TRY(const auto found, connection_.run(statement, {}));
    if (!found.rows.empty()) return true;
  }
  return false;
}

base::Result<Attempts> SqlSession::attempts(const std::string& key) {
  MIDWATCH_TRY(auto found, select_rows<Attempts>(connection_, "WHERE id = $1", {key}));
  if (found.empty()) return Attempts{key, 0, {}};
  return std::move(found.front());
}

base::Result<> SqlSession::put_attempts(const Attempts& attempts) {
  if (attempts.count == 0) {
    MIDWATCH_TRY_VOID(connection_.run("DELETE FROM attempts WHERE id = $1", {attempts.key}));
    return {};
  }
  MIDWATCH_TRY_VOID(insert_row(
      connection_, attempts, "ON CONFLICT (id) DO UPDATE SET count = excluded.count, last = excluded.last"));
  return {};
}

base::Result<std::size_t> SqlSession::forget_attempts(base::Timestamp before) {
  MIDWATCH_TRY(const auto written,
               connection_.run("DELETE FROM attempts WHERE last < $1", {sql_time(before)}));
  return written.changed;
}

}  // namespace midwatch::store
