#include "src/identity/sign_ins.h"

#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "src/base/try.h"
#include "src/identity/throttle.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::identity {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

/// The least that libsodium does: what is tested is what happens around it.
constexpr PasswordCost kCheap{1, 8192};
constexpr const char* kPassword = "correct horse battery";

template <class T>
ErrorCode code_of(const base::Result<T>& result) {
  EXPECT_FALSE(result) << "it worked, and should not";
  return result ? ErrorCode::kInternal : result.error().code;
}

std::unique_ptr<store::Store> empty_store() {
  auto opened = store::sqlite::open_sqlite(":memory:");
  EXPECT_TRUE(opened) << opened.error().describe();
  return *std::move(opened);
}

class SignInsTest : public testing::Test {
 protected:
  SignInsTest() {
    add("ada", {{"shop", model::Role::kAdmin}});
    add("bob", {{"*", model::Role::kViewer}});
  }

  void add(const std::string& name, std::vector<model::Grant> grants) {
    const auto hash = passwords.hash(kPassword);
    ASSERT_TRUE(hash);
    write([&](store::Session& session) {
      return session.add_user({name, *hash, std::move(grants), false, clock.now(), clock.now()});
    });
  }
  void write(const store::Work& work) {
    const auto done = store->write(work);
    EXPECT_TRUE(done) << done.error().describe();
  }
  void change(const std::string& name, const std::function<void(store::User&)>& how) {
    write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(store::User user, session.user(name));
      how(user);
      return session.update_user(user);
    });
  }
  base::Result<SignedIn> try_as(const std::string& user, const std::string& password,
                                const std::string& address = "192.0.2.7", std::string_view before = "") {
    return sign_ins.with_password(user, password, {address, "req-1"}, before);
  }
  SignedIn enter(const std::string& user, std::string_view before = "") {
    auto entered = try_as(user, kPassword, "192.0.2.7", before);
    EXPECT_TRUE(entered) << entered.error().describe();
    return entered ? *std::move(entered) : SignedIn();
  }
  /// Each line of the audit as "who action object".
  std::vector<std::string> audit() {
    std::vector<std::string> lines;
    write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto entries, session.audit_after(0, 999));
      for (const auto& entry : entries) lines.push_back(entry.who + " " + entry.action + " " + entry.object);
      return {};
    });
    return lines;
  }

  base::ManualClock clock{*base::parse_rfc3339("2026-03-01T10:00:00Z")};
  std::unique_ptr<store::Store> store = empty_store();
  Passwords passwords{kCheap};
  SignIns sign_ins{*store, clock, passwords, {}};
};

TEST_F(SignInsTest, KnowAgainWhoCameInUntilTheySignOut) {
  const SignedIn ada = enter("ada");
  EXPECT_EQ(ada.secret.size(), 64U);
  EXPECT_EQ(ada.until, clock.now() + 168h);
  const auto again = sign_ins.who(ada.secret, true);
  ASSERT_TRUE(again) << again.error().describe();
  EXPECT_EQ(again->name, "ada");
  EXPECT_EQ(again->grants, (std::vector<model::Grant>{{"shop", model::Role::kAdmin}}));
  EXPECT_EQ(again->csrf, ada.who.csrf);
  EXPECT_NE(again->csrf, ada.secret);
  for (const std::string& wrong : {std::string(), std::string(64, '0'), ada.secret + "0", ada.who.csrf})
    EXPECT_EQ(code_of(sign_ins.who(wrong, true)), ErrorCode::kUnauthenticated) << wrong;
  ASSERT_TRUE(sign_ins.end(ada.secret, {"192.0.2.7", "req-2"}));
  ASSERT_TRUE(sign_ins.end(ada.secret, {"192.0.2.7", "req-3"}));
  EXPECT_EQ(code_of(sign_ins.who(ada.secret, true)), ErrorCode::kUnauthenticated);
  EXPECT_EQ(audit(), (std::vector<std::string>{"ada signIn ada", "ada signOut ada"}));
}

TEST_F(SignInsTest, TakeTheSecretAwayThatTheBrowserHad) {
  const SignedIn first = enter("ada");
  const SignedIn second = enter("bob", first.secret);
  EXPECT_NE(first.secret, second.secret);
  EXPECT_EQ(code_of(sign_ins.who(first.secret, true)), ErrorCode::kUnauthenticated);
  EXPECT_EQ(sign_ins.who(second.secret, true)->name, "bob");
}

TEST_F(SignInsTest, EndAfterTheirTime) {
  const SignedIn left = enter("ada");
  const SignedIn used = enter("ada");
  const SignedIn watched = enter("ada");
  for (int hour = 0; hour < 167; ++hour) {
    EXPECT_EQ(sign_ins.who(left.secret, false).has_value(), hour < 12) << hour;
    EXPECT_EQ(sign_ins.who(watched.secret, false).has_value(), hour < 12)
        << "only watching is no use " << hour;
    EXPECT_TRUE(sign_ins.who(used.secret, true)) << hour;
    clock.advance(1h);
  }
  EXPECT_TRUE(sign_ins.who(used.secret, true));
  clock.advance(1h);
  EXPECT_EQ(code_of(sign_ins.who(used.secret, true)), ErrorCode::kUnauthenticated) << "a week is over";
}

TEST_F(SignInsTest, FollowWhatTheUserMayNow) {
  const SignedIn ada = enter("ada");
  change("ada", [](store::User& user) { user.grants = {{"bank", model::Role::kViewer}}; });
  EXPECT_EQ(sign_ins.who(ada.secret, true)->grants.at(0).space, "bank");
  change("ada", [](store::User& user) { user.disabled = true; });
  EXPECT_EQ(code_of(sign_ins.who(ada.secret, true)), ErrorCode::kUnauthenticated);
}

TEST_F(SignInsTest, SayTheSameWhateverIsWrong) {
  change("bob", [](store::User& user) { user.disabled = true; });
  add("carl", {});
  change("carl", [](store::User& user) { user.password.clear(); });
  const std::string huge(2'000, 'x');
  std::set<std::string> said;
  for (const auto& [user, password] :
       std::vector<std::pair<std::string, std::string>>{{"ada", "wrong"},
                                                        {"ada", ""},
                                                        {"bob", kPassword},
                                                        {"carl", ""},
                                                        {"nobody", kPassword},
                                                        {"ADA", kPassword},
                                                        {"", ""},
                                                        {huge, huge},
                                                        {std::string("a\0b", 3), "x"}}) {
    const auto refused = try_as(user, password);
    EXPECT_EQ(code_of(refused), ErrorCode::kUnauthenticated) << user;
    said.insert(refused.error().describe());
  }
  EXPECT_EQ(said.size(), 1U);
  const auto lines = audit();
  EXPECT_EQ(lines.at(0), "nobody signInFailed ada");
  EXPECT_EQ(lines.at(4), "nobody signInFailed ") << "a name that nobody has may be a password";
}

TEST_F(SignInsTest, MakeWaitWhoFailsTooOften) {
  for (const std::string user : {"ada", "nobody"}) {
    for (int failed = 1; failed <= 5; ++failed)
      EXPECT_EQ(code_of(try_as(user, "wrong", "192.0.2.1")), ErrorCode::kUnauthenticated) << failed;
    for (const char* password : {"wrong", kPassword}) {
      const auto refused = try_as(user, password, "198.51.100.9");
      EXPECT_EQ(code_of(refused), ErrorCode::kRateLimited) << "from anywhere, also with the right one";
      EXPECT_EQ(refused.error().retry_after, 30s) << "waiting tries do not prolong it";
    }
  }
  EXPECT_EQ(audit().at(5), "midwatch lockOut ada");
  EXPECT_EQ(audit().at(11), "midwatch lockOut ");
  clock.advance(30s);
  EXPECT_EQ(code_of(try_as("ada", "wrong")), ErrorCode::kUnauthenticated);
  EXPECT_EQ(try_as("ada", kPassword).error().retry_after, 60s);
  clock.advance(60s);
  enter("ada");
  EXPECT_EQ(code_of(try_as("ada", "wrong")), ErrorCode::kUnauthenticated) << "success forgives";
}

TEST_F(SignInsTest, MakeWaitAnAddressThatTriesManyNames) {
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(code_of(try_as("user" + std::to_string(i), "wrong")), ErrorCode::kUnauthenticated);
  EXPECT_EQ(code_of(try_as("ada", kPassword)), ErrorCode::kRateLimited);
  EXPECT_TRUE(try_as("ada", kPassword, "198.51.100.9"));
  clock.advance(30s);
  enter("ada");
  EXPECT_EQ(code_of(try_as("user", "wrong")), ErrorCode::kRateLimited)
      << "whoever has one account gets no more tries at others from it";
}

TEST_F(SignInsTest, RenewAHashThatWasCheaper) {
  Passwords dearer({2, 16384});
  SignIns later(*store, clock, dearer, {});
  ASSERT_TRUE(later.with_password("ada", kPassword, {}, ""));
  change("ada", [&](store::User& user) { EXPECT_FALSE(dearer.is_outdated(user.password)); });
  EXPECT_TRUE(later.with_password("ada", kPassword, {}, ""));
}

/// Lets something happen while a password is checked: after its try was counted, and before it lets in.
class ChangedMeanwhile final : public store::Store {
 public:
  ChangedMeanwhile(store::Store& store, std::function<void()> meanwhile)
      : store_(store), meanwhile_(std::move(meanwhile)) {}
  base::Result<> read(const store::Work& work) override { return store_.read(work); }
  base::Result<> write(const store::Work& work) override {
    if (++writes_ == 2) meanwhile_();
    return store_.write(work);
  }
  std::string describe() const override { return store_.describe(); }

 private:
  store::Store& store_;
  std::function<void()> meanwhile_;
  int writes_ = 0;
};

TEST_F(SignInsTest, FailWithAPasswordThatIsReplacedMeanwhile) {
  const std::string other = "another good one";
  const auto sign_in = [&](const std::string& password, const std::function<void(store::User&)>& how) {
    ChangedMeanwhile meanwhile(*store, [&] { change("ada", how); });
    return SignIns(meanwhile, clock, passwords, {}).with_password("ada", password, {"192.0.2.7", "req"}, "");
  };
  const auto refused = sign_in(kPassword, [&](store::User& user) {
    user.password = *passwords.hash(other);
    user.changed = clock.now() + 1ms;
  });
  EXPECT_EQ(code_of(refused), ErrorCode::kUnauthenticated);
  EXPECT_EQ(audit(), std::vector<std::string>{"nobody signInFailed ada"});
  const auto renewed = sign_in(other, [&](store::User& user) { user.password = *passwords.hash(other); });
  EXPECT_TRUE(renewed) << "another sign-in renewed the hash";
}

TEST_F(SignInsTest, CountOnlyTheWholeName) {
  const std::string longest(64, 'a');
  add(longest, {});
  EXPECT_EQ(code_of(try_as(longest + "b", kPassword)), ErrorCode::kUnauthenticated)
      << "else its tries would be counted apart from the user's";
}

TEST_F(SignInsTest, NoteRefusalsOfAProviderUntilTheyAreNoNews) {
  int noted = 0;
  for (int i = 0; i < 30; ++i)
    if (sign_ins.note_refusal({"192.0.2.7", "req-1"})) ++noted;
  EXPECT_EQ(noted, 20);
  EXPECT_EQ(audit(), std::vector<std::string>(20, "nobody signInFailed provider"));
}

TEST_F(SignInsTest, OfAProviderCarryTheirOwnGrants) {
  const auto vouched =
      sign_ins.vouched({"oidc/eve", {{"shop", model::Role::kOperator}}}, {"192.0.2.7", "req-1"}, "");
  ASSERT_TRUE(vouched);
  const auto again = sign_ins.who(vouched->secret, true);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->name, "oidc/eve");
  EXPECT_EQ(again->grants, vouched->who.grants);
}

TEST(Throttle, WaitsLongerEachTimeButNeverForLong) {
  const std::vector<std::pair<std::uint32_t, base::Duration>> rows{
      {0, 0s}, {4, 0s}, {5, 30s}, {6, 60s}, {7, 120s}, {9, 480s}, {10, 900s}, {4'000'000'000, 900s}};
  for (const auto& [failed, wait] : rows) EXPECT_EQ(wait_after(failed, 5), wait) << failed;
}

TEST(Throttle, CountsANetworkAsOne) {
  EXPECT_EQ(key_of_address("2001:db8:1:2::1"), key_of_address("2001:db8:1:2:ffff::9"));
  EXPECT_NE(key_of_address("2001:db8:1:2::1"), key_of_address("2001:db8:1:3::1"));
  EXPECT_NE(key_of_address("192.0.2.1"), key_of_address("192.0.2.2"));
  EXPECT_NE(key_of_address("::ffff:192.0.2.1"), key_of_address("::ffff:192.0.2.2"));
}

TEST(Passwords, AreRefusedWhereTooManyAreChecked) {
  Passwords passwords(kCheap, 1, 0);
  {
    const auto turn = passwords.turn();
    ASSERT_TRUE(turn);
    const auto refused = passwords.turn();
    EXPECT_EQ(code_of(refused), ErrorCode::kUnavailable);
    EXPECT_TRUE(refused.error().retry_after);
  }
  EXPECT_TRUE(passwords.turn()) << "it was given back";
}

TEST(Passwords, FitOnlyTheirOwnHash) {
  const Passwords passwords(kCheap);
  const auto one = passwords.hash(kPassword);
  const auto two = passwords.hash(kPassword);
  ASSERT_TRUE(one && two);
  EXPECT_NE(*one, *two) << "each has its own salt";
  EXPECT_TRUE(one->starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << *one;
  EXPECT_TRUE(passwords.fits(*one, kPassword));
  for (const std::string hash : {"", "x", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"})
    for (const std::string password : {"", kPassword}) EXPECT_FALSE(passwords.fits(hash, password)) << hash;
  EXPECT_FALSE(passwords.fits(*one, std::string(kPassword) + " "));
}

TEST(Passwords, OfNobodyTakeTheSameWork) {
  // What stands for nobody's hash is a whole one of today's cost: else a name that is not there would be
  // answered sooner than one that is.
  const Passwords passwords(kCheap);
  EXPECT_FALSE(passwords.is_outdated(passwords.nobodys()));
}

TEST(Passwords, NewOnesMustBeHardToGuess) {
  const std::vector<std::pair<std::string, bool>> rows{{"correct horse battery", true},
                                                       {"パスワードを長く", true},
                                                       {"short", false},
                                                       {std::string(1024, 'a') + "b", false},
                                                       {"aaaaaaaaaaaaaaaa", false},
                                                       {"my name is Ada, and you?", false},
                                                       {"two\nlines of words", false},
                                                       {"\xff\xfe is no UTF-8 at all", false}};
  for (const auto& [password, good] : rows)
    EXPECT_EQ(check_new_password("ada", password).has_value(), good) << password;
}

TEST(UserNames, ArePlain) {
  for (const std::string name : {"ada", "a.b-c_d@example.com", "7"}) EXPECT_TRUE(is_user_name(name)) << name;
  for (const std::string& name : {std::string(), std::string("Ada"), std::string("-x"), std::string("a b"),
                                  std::string("a/b"), std::string(65, 'a')})
    EXPECT_FALSE(is_user_name(name)) << name;
}

}  // namespace
}  // namespace midwatch::identity
