// Sessions, tries and tokens while the clock is set: nobody is let in for longer than meant, nobody is locked
// out for longer than an ordinary wait.
#include <gtest/gtest.h>

#include "src/base/testing/jumping_clock.h"
#include "src/base/try.h"
#include "src/identity/sign_ins.h"
#include "src/identity/throttle.h"
#include "src/identity/tokens.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::identity {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

constexpr const char* kPassword = "correct horse battery";
constexpr base::Duration kYear = 8760h;
constexpr base::Duration kWeek = 168h;

class SetClocks : public ::testing::Test {
 protected:
  SetClocks() {
    const auto added = store->write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const std::string hash, passwords.hash(kPassword));
      return session.add_user(
          {"ada", hash, {{"shop", model::Role::kAdmin}}, false, clock.now(), clock.now()});
    });
    EXPECT_TRUE(added) << added.error().describe();
  }

  base::Result<SignedIn> try_with(const std::string& password) {
    return sign_ins.with_password("ada", password, {"192.0.2.7", "req-1"}, "");
  }
  std::string enter() {
    const auto entered = try_with(kPassword);
    EXPECT_TRUE(entered) << entered.error().describe();
    return entered ? entered->secret : std::string();
  }
  std::string vouch() {
    const auto vouched =
        sign_ins.vouched({"oidc/eve", {{"shop", model::Role::kViewer}}}, {"192.0.2.8", "req-1"}, "");
    return vouched ? vouched->secret : std::string();
  }
  bool is_in(const std::string& secret) { return sign_ins.who(secret, true).has_value(); }

  /// For how long a session is let in that is used every hour, up to `most`.
  base::Duration lasts(const std::string& secret, base::Duration most) {
    base::Duration lasted{};
    while (lasted < most && is_in(secret)) {
      time.advance(1h);
      lasted += 1h;
    }
    return lasted;
  }

  base::ManualClock time{*base::parse_rfc3339("2026-03-01T10:00:00Z")};
  base::testing::JumpingClock clock{time};
  std::unique_ptr<store::Store> store = *store::sqlite::open_sqlite(":memory:");
  Passwords passwords{PasswordCost{1, 8192}};
  SignIns sign_ins{*store, clock, passwords, {}};
};

TEST_F(SetClocks, AheadAndBackLetNobodyInForLonger) {
  const std::string before = enter();
  clock.set_ahead(kYear);
  EXPECT_FALSE(is_in(before)) << "by this clock its week is over";
  const std::string ahead = enter();
  const std::string vouched = vouch();
  EXPECT_TRUE(is_in(ahead) && is_in(vouched)) << "nobody is locked out meanwhile";
  clock.set_ahead(0h);
  EXPECT_FALSE(is_in(ahead)) << "else it would last a year and a week";
  EXPECT_FALSE(is_in(vouched));
  EXPECT_LE(lasts(before, 2 * kWeek), kWeek) << "what began before lasts as it was meant to";
  EXPECT_TRUE(is_in(enter()));
}

TEST_F(SetClocks, BackAndAheadLetNobodyInForLonger) {
  const std::string before = enter();
  const std::string vouched = vouch();
  clock.set_ahead(-kYear);
  EXPECT_FALSE(is_in(before)) << "else it would last a year and a week";
  EXPECT_FALSE(is_in(vouched));
  const std::string back = enter();
  EXPECT_EQ(lasts(back, 2 * kWeek), kWeek);
  const std::string again = enter();
  clock.set_ahead(0h);
  EXPECT_FALSE(is_in(again)) << "by this clock its week is over";
  EXPECT_TRUE(is_in(enter()));
}

TEST_F(SetClocks, AUseThatIsYetToComeProlongsNothing) {
  const std::string session = enter();
  clock.set_ahead(11h);
  EXPECT_TRUE(is_in(session));
  clock.set_ahead(0h);
  EXPECT_FALSE(is_in(session)) << "unused, it would last eleven hours longer than it may";
  clock.set_ahead(1min);
  const std::string other = enter();
  clock.set_ahead(0h);
  EXPECT_TRUE(is_in(other)) << "two processes need not agree to the minute";
}

TEST_F(SetClocks, AreLockedOutForNoLongerThanAnOrdinaryWait) {
  clock.set_ahead(kYear);
  for (std::uint32_t i = 0; i < kTriesOfAUser; ++i) EXPECT_FALSE(try_with("wrong"));
  const auto waits = try_with(kPassword);
  ASSERT_FALSE(waits);
  EXPECT_EQ(waits.error().code, ErrorCode::kRateLimited);
  clock.set_ahead(0h);
  const auto wrong = try_with("wrong");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::kUnauthenticated) << "not: wait for a year";
  const auto next = try_with(kPassword);
  ASSERT_FALSE(next) << "the tries that failed still count";
  EXPECT_EQ(next.error().code, ErrorCode::kRateLimited);
  ASSERT_TRUE(next.error().retry_after);
  EXPECT_LE(*next.error().retry_after, 15min);
  time.advance(15min);
  EXPECT_TRUE(is_in(enter()));
}

TEST_F(SetClocks, GiveNoFurtherTriesBySmallSteps) {
  for (std::uint32_t i = 0; i < kTriesOfAUser; ++i) EXPECT_FALSE(try_with("wrong"));
  for (const base::Duration step : {-1min, -2min, -4min}) {
    clock.set_ahead(step);
    const auto refused = try_with("wrong");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kRateLimited) << "a clock that is adjusted a little";
  }
}

TEST_F(SetClocks, OpenNoTokenForLonger) {
  base::SequentialIdGenerator ids;
  const auto make = [&](std::optional<base::Timestamp> until) {
    std::string token;
    EXPECT_TRUE(store->write([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto created, create_token(session, ids, {"ada", clock.now()}, "ci",
                                                    {{"shop", model::Role::kViewer}}, until));
      token = created.token;
      return {};
    }));
    return token;
  };
  const auto opens = [&](const std::string& token) {
    return owner_of_token(*store, token, clock.now()).has_value();
  };
  const std::string of_a_day = make(clock.now() + 24h);
  const std::string for_ever = make(std::nullopt);
  EXPECT_TRUE(opens(of_a_day) && opens(for_ever));
  clock.set_ahead(kYear);
  EXPECT_FALSE(opens(of_a_day));
  EXPECT_TRUE(opens(for_ever)) << "programs go on";
  const std::string ahead = make(clock.now() + 24h);
  EXPECT_TRUE(opens(ahead));
  clock.set_ahead(0h);
  EXPECT_TRUE(opens(of_a_day)) << "nobody is locked out whose time is not over";
  EXPECT_FALSE(opens(ahead)) << "else it would open for a year and a day";
  clock.set_ahead(-kYear);
  EXPECT_FALSE(opens(of_a_day)) << "whether its day is over this clock does not tell";
  EXPECT_TRUE(opens(for_ever));
  clock.set_ahead(0h);
  time.advance(24h);
  EXPECT_FALSE(opens(of_a_day));
}

}  // namespace
}  // namespace midwatch::identity
