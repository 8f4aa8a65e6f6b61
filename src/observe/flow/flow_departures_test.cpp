#include "src/observe/flow/flow_departures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::observe::flow {
namespace {

constexpr std::uint32_t kShop = 1;
constexpr std::uint32_t kStock = 2;
/// What a step says; the numbers have no meaning beyond being different.
enum Kind : std::uint32_t { kIn, kAsk, kDone, kRetry, kFailed, kBlamed, kFound, kServed };

StepMeaning meaning_of(const Step& s) {
  if (s.kind == kFailed) return {2, false};
  if (s.kind == kBlamed) return {2, true};
  return {};
}

/// Builds the steps of requests, one after the other.
class Requests {
 public:
  Requests& request() {
    ++trace_;
    return *this;
  }
  Requests& step(std::uint32_t entity, Kind kind, std::uint32_t place = 0) {
    recorder_.add({trace_, entity, ++time_, entity, kind, kind, place});
    return *this;
  }
  Requests& repeat(int times, const std::function<void(Requests&)>& request_of) {
    for (int i = 0; i < times; ++i) request_of(request());
    return *this;
  }
  std::vector<Step> take() { return recorder_.take(); }

 private:
  FlowRecorder recorder_;
  std::uint64_t trace_ = 0;
  std::int64_t time_ = 0;
};

void usual(Requests& r) {
  r.step(kShop, kIn).step(kShop, kAsk).step(kStock, kFound).step(kStock, kServed).step(kShop, kDone);
}

std::vector<Step> baseline() {
  return Requests().repeat(10, usual).take();
}

std::vector<Departure> find(const std::vector<Step>& incident) {
  return find_departures(baseline(), incident, meaning_of);
}

TEST(FindDepartures, SaysNothingWhereRequestsGoTheirUsualWay) {
  EXPECT_TRUE(find(Requests().repeat(40, usual).take()).empty());
}

TEST(FindDepartures, FindsAnEarlyReturnWithWhatShouldHaveFollowed) {
  const auto found = find(
      Requests().repeat(2, usual).repeat(7, [](Requests& r) { r.step(kShop, kIn); }).repeat(1, usual).take());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].entity, kShop);
  EXPECT_EQ(found[0].after.kind, kIn);
  ASSERT_TRUE(found[0].expected);
  EXPECT_EQ(found[0].expected->kind, kAsk);
  EXPECT_FALSE(found[0].instead);
  EXPECT_FALSE(found[0].rejoins);
  EXPECT_EQ(found[0].count, 7U);
  EXPECT_EQ(found[0].passed, 10U);
  EXPECT_EQ(found[0].baseline, 10U);
  EXPECT_LT(found[0].chance, 0.001);
}

TEST(FindDepartures, WhatIsUnderWayWhenTheLinesEndIsNoDeparture) {
  const auto found = find(Requests()
                              .repeat(20, usual)
                              .repeat(1, [](Requests& r) { r.step(kShop, kIn).step(kShop, kAsk); })
                              .take());
  EXPECT_TRUE(found.empty());
}

TEST(FindDepartures, BlamesTheDeepestOfARequestNotItsCallers) {
  const auto found = find(Requests()
                              .repeat(8,
                                      [](Requests& r) {
                                        r.step(kShop, kIn).step(kShop, kAsk).step(kStock, kFound);
                                        r.step(kShop, kFailed);
                                      })
                              .take());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].entity, kStock);
  EXPECT_EQ(found[0].after.kind, kFound);
}

TEST(FindDepartures, LeavesOutWhatTheEntityLaysOnSomebodyElse) {
  const auto found =
      find(Requests()
               .repeat(8, [](Requests& r) { r.step(kShop, kIn).step(kShop, kAsk).step(kShop, kBlamed); })
               .take());
  EXPECT_TRUE(found.empty());
}

TEST(FindDepartures, TellsSomethingPutInBetweenFromSomethingLost) {
  const auto found = find(Requests()
                              .repeat(8,
                                      [](Requests& r) {
                                        r.step(kShop, kIn).step(kShop, kRetry).step(kShop, kAsk);
                                        r.step(kStock, kFound).step(kStock, kServed).step(kShop, kDone);
                                      })
                              .take());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].rejoins);
  ASSERT_TRUE(found[0].instead);
  EXPECT_EQ(found[0].instead->kind, kRetry);
}

TEST(FindDepartures, TakesGoingOnWhereRequestsUsedToEndForNoFault) {
  EXPECT_TRUE(find(Requests()
                       .repeat(8,
                               [](Requests& r) {
                                 usual(r);
                                 r.step(kShop, kRetry);
                               })
                       .take())
                  .empty());
}

TEST(FindDepartures, CountsAnErrorAfterTheUsualEnd) {
  const auto found = find(Requests()
                              .repeat(8,
                                      [](Requests& r) {
                                        usual(r);
                                        r.step(kShop, kFailed);
                                      })
                              .take());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].after.kind, kDone);
  EXPECT_FALSE(found[0].expected);
}

TEST(FindDepartures, DoesNotKnowWhatFollowsARareStep) {
  const auto before = Requests().repeat(4, usual).take();
  const auto now = Requests().repeat(40, [](Requests& r) { r.step(kShop, kIn); }).take();
  EXPECT_TRUE(find_departures(before, now, meaning_of).empty());
}

TEST(FindDepartures, TakesALineShippedTwiceForOne) {
  EXPECT_TRUE(find(Requests()
                       .repeat(20,
                               [](Requests& r) {
                                 for (const Kind k : {kIn, kIn, kAsk, kAsk, kDone, kDone}) r.step(kShop, k);
                               })
                       .take())
                  .empty());
}

TEST(FindDepartures, KnowsAStepByItsPlaceInTheCodeBeforeItsWords) {
  const auto before =
      Requests().repeat(9, [](Requests& r) { r.step(kShop, kIn, 44).step(kShop, kDone, 46); }).take();
  const auto other_words =
      Requests().repeat(9, [](Requests& r) { r.step(kShop, kAsk, 44).step(kShop, kFound, 46); }).take();
  EXPECT_TRUE(find_departures(before, other_words, meaning_of).empty());
  const auto other_step =
      Requests().repeat(9, [](Requests& r) { r.step(kShop, kIn, 44).step(kShop, kAsk, 50); }).take();
  EXPECT_EQ(find_departures(before, other_step, meaning_of).size(), 1U);
}

TEST(FindDepartures, KnowsTheSameWordsThatANewVersionMovedToAnotherLine) {
  const auto before =
      Requests().repeat(9, [](Requests& r) { r.step(kShop, kIn, 44).step(kShop, kDone, 46); }).take();
  const auto moved =
      Requests().repeat(9, [](Requests& r) { r.step(kShop, kIn, 44).step(kShop, kDone, 50); }).take();
  EXPECT_TRUE(find_departures(before, moved, meaning_of).empty());
}

TEST(PredictiveTail, IsAProbabilityThatFallsWithTheHits) {
  double last = 1;
  for (std::uint64_t hits = 0; hits <= 50; ++hits) {
    const double p = predictive_tail(hits, 50, 0, 20);
    EXPECT_GE(p, 0);
    EXPECT_LE(p, last);
    last = p;
  }
  EXPECT_NEAR(predictive_tail(1, 1, 0, 0), 0.5, 1e-9);        // Jeffreys' prior alone
  EXPECT_NEAR(predictive_tail(1, 1, 3, 10), 3.5 / 11, 1e-9);  // its posterior mean
  EXPECT_LT(predictive_tail(5'000, 10'000, 0, 50), 1e-6);     // more trials than are summed
}

}  // namespace
}  // namespace midwatch::observe::flow
