#include <gmock/gmock.h>

#include "src/base/try.h"
#include "src/store/contract/store_contract.h"

namespace midwatch::store::contract {
namespace {

using base::ErrorCode;
using model::Grant;
using model::Role;
using ::testing::ElementsAre;

void expect_works(const base::Result<>& done) {
  EXPECT_TRUE(done) << done.error().describe();
}

template <class T>
ErrorCode code_of(const base::Result<T>& result) {
  return result ? ErrorCode::kInternal : result.error().code;
}

const std::vector<Grant>& some_grants() {
  static const std::vector<Grant> kGrants{{"bank", Role::kViewer}, {"shop", Role::kAdmin}};
  return kGrants;
}

TEST_P(StoreContract, KeepsUsersUnderTheirNames) {
  expect_works(write([](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const bool none, session.has_accounts());
    EXPECT_FALSE(none);
    const User ada{"ada", "$argon2id$…", some_grants(), false, at(1), at(2)};
    MIDWATCH_TRY_VOID(session.add_user(ada));
    EXPECT_EQ(code_of(session.add_user(ada)), ErrorCode::kConflict);
    MIDWATCH_TRY_VOID(session.add_user({"Bob", "", {{"*", Role::kOperator}}, true, at(3), at(3)}));
    EXPECT_EQ(code_of(session.user("bob")), ErrorCode::kNotFound);
    EXPECT_EQ(code_of(session.update_user({"bob", "", {}, false, at(4), at(4)})), ErrorCode::kNotFound);
    EXPECT_FALSE(session.user("ada")->must_change);
    MIDWATCH_TRY_VOID(
        session.update_user({"ada", "other", {{"shop", Role::kViewer}}, true, at(9), at(4), true}));
    return {};
  }));
  expect_works(read([](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const bool some, session.has_accounts());
    EXPECT_TRUE(some);
    MIDWATCH_TRY(const auto ada, session.user("ada"));
    EXPECT_EQ(ada.password, "other");
    EXPECT_THAT(ada.grants, ElementsAre(Grant{"shop", Role::kViewer}));
    EXPECT_TRUE(ada.disabled);
    EXPECT_EQ(ada.created, at(1)) << "that stays";
    EXPECT_EQ(ada.changed, at(4));
    EXPECT_TRUE(ada.must_change);
    MIDWATCH_TRY(const auto all, session.users());
    EXPECT_EQ(all.size(), 2U);
    EXPECT_EQ(all.at(0).name, "Bob");
    EXPECT_THAT(all.at(0).grants, ElementsAre(Grant{"*", Role::kOperator}));
    return {};
  }));
}

TEST_P(StoreContract, EndsSignIns) {
  expect_works(write([](Session& session) -> base::Result<> {
    for (const auto& [id, user, until] :
         {std::tuple("a1", "ada", 10), {"a2", "ada", 20}, {"b", "bob", 20}, {"c", "", 20}})
      MIDWATCH_TRY_VOID(session.add_sign_in({id, user, "who", some_grants(), at(1), at(2), at(until)}));
    EXPECT_EQ(code_of(session.add_sign_in({"b", "eve", "", {}, {}, {}, {}})), ErrorCode::kConflict);
    MIDWATCH_TRY_VOID(session.use_sign_in("c", at(7)));
    EXPECT_EQ(code_of(session.use_sign_in("d", at(7))), ErrorCode::kNotFound);
    MIDWATCH_TRY(const auto c, session.sign_in("c"));
    EXPECT_EQ(c.user, "");
    EXPECT_EQ(c.who, "who");
    EXPECT_EQ(c.grants, some_grants());
    EXPECT_EQ(c.began, at(1));
    EXPECT_EQ(c.used, at(7));
    EXPECT_EQ(c.until, at(20));
    MIDWATCH_TRY_VOID(session.add_sign_in({"a3", "ada", "ada", {}, at(3), at(3), at(9)}));
    MIDWATCH_TRY_VOID(session.add_sign_in({"a4", "ada", "ada", {}, at(4), at(4), at(9)}));
    MIDWATCH_TRY(const auto of_ada, session.sign_ins_of("ada"));
    EXPECT_EQ(ids(of_ada), "a4 a3") << "by what they are called, and not by their account";
    MIDWATCH_TRY_VOID(session.end_sign_in("a3"));
    MIDWATCH_TRY_VOID(session.end_sign_in("a4"));
    MIDWATCH_TRY(const auto over, session.forget_sign_ins(at(10)));
    EXPECT_EQ(over, 1U);
    EXPECT_EQ(code_of(session.sign_in("a1")), ErrorCode::kNotFound);
    MIDWATCH_TRY(const auto ended, session.end_sign_ins("ada"));
    EXPECT_EQ(ended, 1U);
    MIDWATCH_TRY_VOID(session.end_sign_in("b"));
    MIDWATCH_TRY_VOID(session.end_sign_in("b"));
    EXPECT_EQ(code_of(session.sign_in("b")), ErrorCode::kNotFound);
    MIDWATCH_TRY_VOID(session.sign_in("c"));
    return {};
  }));
}

TEST_P(StoreContract, KeepsTokensThatWereRevoked) {
  expect_works(write([](Session& session) -> base::Result<> {
    const ApiToken first{"tok-1", "ci", "abc", some_grants(), "ada", at(1), at(9), std::nullopt};
    MIDWATCH_TRY_VOID(session.add_token(first));
    EXPECT_EQ(code_of(session.add_token(first)), ErrorCode::kConflict);
    MIDWATCH_TRY_VOID(session.add_token({"tok-2", "ci", "def", {}, "ada", at(2), {}, {}}));
    MIDWATCH_TRY(const bool some, session.has_accounts());
    EXPECT_TRUE(some);
    MIDWATCH_TRY(const auto none, session.token_of("xyz"));
    EXPECT_FALSE(none);
    MIDWATCH_TRY(const auto found, session.token_of("abc"));
    if (!found) return base::internal_error("not found by its hash");
    EXPECT_EQ(found->id, "tok-1");
    EXPECT_EQ(found->grants, some_grants());
    EXPECT_EQ(found->made_by, "ada");
    EXPECT_EQ(found->until, at(9));
    EXPECT_FALSE(found->revoked);
    MIDWATCH_TRY_VOID(session.revoke_token("tok-1", at(5)));
    EXPECT_EQ(code_of(session.revoke_token("tok-1", at(6))), ErrorCode::kNotFound);
    MIDWATCH_TRY(const auto revoked, session.token("tok-1"));
    EXPECT_EQ(revoked.revoked, at(5));
    MIDWATCH_TRY(const auto all, session.tokens());
    EXPECT_EQ(ids(all), "tok-2 tok-1");
    return {};
  }));
}

TEST_P(StoreContract, CountsAttempts) {
  expect_works(write([](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto none, session.attempts("k"));
    EXPECT_EQ(none.count, 0U);
    MIDWATCH_TRY_VOID(session.put_attempts({"k", 1, at(1)}));
    MIDWATCH_TRY_VOID(session.put_attempts({"k", 2, at(5)}));
    MIDWATCH_TRY_VOID(session.put_attempts({"l", 1, at(9)}));
    MIDWATCH_TRY(const auto two, session.attempts("k"));
    EXPECT_EQ(two.count, 2U);
    EXPECT_EQ(two.last, at(5));
    MIDWATCH_TRY(const auto old, session.forget_attempts(at(6)));
    EXPECT_EQ(old, 1U);
    MIDWATCH_TRY_VOID(session.put_attempts({"l", 0, at(9)}));
    MIDWATCH_TRY(const auto gone, session.forget_attempts(at(99)));
    EXPECT_EQ(gone, 0U) << "that of count 0 went at once";
    return {};
  }));
}

}  // namespace
}  // namespace midwatch::store::contract
