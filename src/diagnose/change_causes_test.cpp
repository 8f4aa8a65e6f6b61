#include "src/diagnose/change_causes.h"

#include <gtest/gtest.h>

namespace midwatch::diagnose {
namespace {

const knowledge::FailureMode kMechanism{};

WeighedHypothesis hypothesis(SuspectIndex suspect, double log_odds, std::size_t change) {
  WeighedHypothesis h;
  h.mode = &kMechanism;
  h.suspect = suspect;
  h.log_odds = log_odds;
  h.change.change = change;
  return h;
}

/// Suspect and change of the first after a change blamed by a hair stood on top.
std::pair<SuspectIndex, std::size_t> first_of(std::vector<WeighedHypothesis> weighed) {
  let_changes_need_belief({}, 1.0, weighed);
  for (std::size_t i = 1; i < weighed.size(); ++i) EXPECT_GE(weighed[i - 1].log_odds, weighed[i].log_odds);
  return {weighed.front().suspect, weighed.front().change.change};
}

constexpr std::size_t kNone = ChangeFit::kNone;

TEST(LetChangesNeedBelief, SeveralMechanismsWithoutAChangeOutweighOneThatBarelyFits) {
  EXPECT_EQ(first_of({hypothesis(0, 1.0, 7), hypothesis(0, 0.9, kNone), hypothesis(0, 0.8, kNone)}),
            (std::pair<SuspectIndex, std::size_t>{0, kNone}));
}

TEST(LetChangesNeedBelief, AChangeThatFitsInTwoWaysOrClearlyStays) {
  EXPECT_EQ(first_of({hypothesis(0, 1.0, 7), hypothesis(0, 0.95, 7), hypothesis(0, 0.9, kNone),
                      hypothesis(0, 0.8, kNone)})
                .second,
            7U);
  EXPECT_EQ(first_of({hypothesis(0, 3.0, 7), hypothesis(0, 1.0, kNone), hypothesis(0, 1.0, kNone)}).second,
            7U);
}

TEST(LetChangesNeedBelief, OnlyWhatIsBelievedOfTheSamePlaceCounts) {
  EXPECT_EQ(first_of({hypothesis(0, 1.0, 7), hypothesis(1, 0.9, kNone), hypothesis(1, 0.9, kNone)}).second,
            7U);
}

TEST(LetChangesNeedBelief, WhatWasRuledOutSpeaksForNobody) {
  const knowledge::Refuter refuter;
  WeighedHypothesis out = hypothesis(0, 0.9, kNone);
  out.refuter = &refuter;
  EXPECT_EQ(first_of({hypothesis(0, 1.0, 7), out, out}).second, 7U);
}

TEST(LetChangesNeedBelief, AChangeOfWhichNoMechanismIsToldStays) {
  knowledge::FailureMode any;
  any.generic = true;
  WeighedHypothesis first = hypothesis(0, 1.0, 7);
  first.mode = &any;
  EXPECT_EQ(first_of({first, hypothesis(0, 0.9, kNone), hypothesis(0, 0.8, kNone)}).second, 7U);
}

TEST(LetChangesNeedBelief, WhatTheMechanismOfTheChangeShowsIsItsEffectAndNoRival) {
  CaseFile file;
  model::Observation text;
  text.type = "sign.heap_exhausted";
  text.evidence.emplace_back().id = "logs.ndjson:1";
  file.observations.push_back(text);
  knowledge::Sign shows;
  shows.see = text.type;
  shows.needed = true;
  knowledge::FailureMode leak;
  leak.signs = {shows};
  WeighedHypothesis cause = hypothesis(0, 1.0, 7);
  cause.mode = &leak;
  WeighedHypothesis effect = hypothesis(0, 0.9, kNone);
  effect.contributions.push_back({&shows, 0, 2.0});
  std::vector<WeighedHypothesis> weighed{cause, effect, hypothesis(0, 0.5, kNone)};
  let_changes_need_belief(file, 1.0, weighed);
  EXPECT_EQ(weighed.front().change.change, 7U);
  weighed = {hypothesis(0, 1.0, 7), effect, hypothesis(0, 0.5, kNone)};
  let_changes_need_belief(file, 1.0, weighed);
  EXPECT_EQ(weighed.front().change.change, kNone);
}

TEST(LetChangesNeedBelief, NothingToWeighIsNoError) {
  std::vector<WeighedHypothesis> none;
  let_changes_need_belief({}, 1.0, none);
  EXPECT_TRUE(none.empty());
}

/// The first after a mechanism that a log names met "a change broke it", whose change fits as `fit` says.
std::string_view first_beside_a_named_mechanism(double fit) {
  CaseFile file;
  for (const char* type : {"sign.rate_limited", "log.error.new"}) {
    auto& o = file.observations.emplace_back();
    o.type = type;
    o.strength = 0.9;
    o.facts["seen_in"] = "log";
    o.evidence.emplace_back().id = type;
  }
  knowledge::Sign named;
  named.see = "sign.rate_limited";
  named.needed = true;
  knowledge::FailureMode mechanism;
  mechanism.id = "upstream-rate-limit";
  mechanism.signs = {named};
  knowledge::FailureMode any;
  any.id = "harmful-change";
  any.generic = true;
  WeighedHypothesis broke = hypothesis(0, 1.0, 7);
  broke.mode = &any;
  broke.change.content = fit;
  broke.contributions.push_back({nullptr, 1, 1.0});
  WeighedHypothesis limited = hypothesis(0, 0.5, kNone);
  limited.mode = &mechanism;
  limited.contributions.push_back({&named, 0, 4.0});
  std::vector<WeighedHypothesis> weighed{broke, limited};
  let_mechanisms_stand_above_generic(file, weighed);
  return weighed.front().mode == &any ? "harmful-change" : "upstream-rate-limit";
}

TEST(LetMechanismsStandAboveGeneric, AnyChangeIsNoMoreThanWhatALogNames) {
  EXPECT_EQ(first_beside_a_named_mechanism(3.0), "upstream-rate-limit");
  EXPECT_EQ(first_beside_a_named_mechanism(6.0), "harmful-change");
}

}  // namespace
}  // namespace midwatch::diagnose
