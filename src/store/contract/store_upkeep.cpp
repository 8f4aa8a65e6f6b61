#include <fmt/format.h>
#include <gmock/gmock.h>

#include "src/base/try.h"
#include "src/store/contract/store_contract.h"

namespace midwatch::store::contract {
namespace {

using base::ErrorCode;
using ::testing::IsEmpty;

void expect_works(const base::Result<>& done) {
  EXPECT_TRUE(done) << done.error().describe();
}

template <class T>
ErrorCode code_of(const base::Result<T>& result) {
  return result ? ErrorCode::kInternal : result.error().code;
}

TEST_P(StoreContract, ClearsWhatBelongsToNoIncidentPieceByPiece) {
  expect_works(write([&](Session& session) -> base::Result<> {
    for (int i = 1; i <= 5; ++i) {
      const std::string name = fmt::to_string(i);
      MIDWATCH_TRY_VOID(session.add_alarm(alarm_of("skip-" + name, "", i)));
      MIDWATCH_TRY_VOID(session.add_delivery({"dlv-skip-" + name, "shop", "pager", "", at(i), "four", ""}));
    }
    MIDWATCH_TRY(const auto second, session.first_to_forget("shop", 2));
    EXPECT_EQ(second, at(2) + base::Duration(1));
    std::string cleared;
    for (Cleared gone{0, 0, true}; gone.more;) {
      MIDWATCH_TRY(gone, session.forget("shop", at(6), 2));
      cleared += fmt::format("{} ", gone.bytes);
    }
    EXPECT_EQ(cleared, "8 8 4 ");
    MIDWATCH_TRY(const auto left, session.alarms({}, "", 9));
    EXPECT_THAT(left.items, IsEmpty());
    MIDWATCH_TRY(const auto nothing, session.size_of("shop"));
    EXPECT_EQ(nothing, 0U);
    MIDWATCH_TRY(const auto none, session.first_to_forget("shop", 2));
    EXPECT_FALSE(none);
    return {};
  }));
}

TEST_P(StoreContract, ALeaseOfAClockThatWasSetBackSinceRunsOut) {
  expect_works(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("inc", 1)));
    MIDWATCH_TRY_VOID(session.add_investigation(investigation_of("inv", "inc", 1)));
    MIDWATCH_TRY(const auto first, session.lease({"gone", at(1030)}, at(1000)));
    EXPECT_TRUE(first);
    MIDWATCH_TRY(const auto little, session.lease({"w", at(1010)}, at(980)));
    EXPECT_FALSE(little) << "the clocks of two machines differ a little";
    MIDWATCH_TRY(const auto far, session.lease({"w", at(530)}, at(500)));
    EXPECT_TRUE(far) << "nobody holds a lease for minutes";
    EXPECT_EQ(code_of(session.renew("inv", {"gone", at(535)})), ErrorCode::kConflict);
    return {};
  }));
}

}  // namespace
}  // namespace midwatch::store::contract
