#include "src/diagnose/diagnosis.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "src/diagnose/testing/case_builder.h"
#include "src/diagnose/testing/test_knowledge.h"

namespace midwatch::diagnose {
namespace {

using model::HypothesisStatus;
using model::Outcome;
using testing::CaseBuilder;

CaseBuilder chain() {
  CaseBuilder builder;
  builder.calls("web", "orders").calls("orders", "store").candidates({"orders", "store", "web"});
  for (const char* entity : {"orders", "store", "web"}) {
    builder.looked_at(entity, "metric.cpu").looked_at(entity, "metric.latency");
  }
  builder.looked("metric");
  return builder;
}

const model::Hypothesis& best_of(const Diagnosis& d, const std::string& entity) {
  return *std::find_if(d.hypotheses.begin(), d.hypotheses.end(),
                       [&](const auto& h) { return h.entity == entity; });
}

TEST(Diagnosis, ASlowDependencyExplainsItsSlowCallers) {
  auto builder = chain();
  for (const char* entity : {"web", "orders", "store"}) builder.sees(entity, "metric.latency.up");
  const auto d = diagnose(builder.build(), testing::small_knowledge());
  EXPECT_EQ(d.hypotheses.front().entity, "store");
  EXPECT_EQ(d.hypotheses.front().mode, "slow");
}

TEST(Diagnosis, TheMechanismFollowsWhatIsSeen) {
  auto builder = chain();
  for (const char* entity : {"web", "orders", "store"}) builder.sees(entity, "metric.latency.up");
  builder.sees("store", "metric.cpu.up");
  const auto d = diagnose(builder.build(), testing::small_knowledge());
  EXPECT_EQ(d.hypotheses.front().entity, "store");
  EXPECT_EQ(d.hypotheses.front().mode, "busy");
}

TEST(Diagnosis, AResourceOfOnesOwnIsNotExplainedByAFaultBelow) {
  auto builder = chain();
  builder.sees("orders", "metric.cpu.up")
      .sees("orders", "metric.latency.up")
      .sees("web", "metric.latency.up")
      .sees("store", "metric.latency.up", 0.4);
  const auto d = diagnose(builder.build(), testing::small_knowledge());
  EXPECT_EQ(d.hypotheses.front().entity, "orders");
}

model::Directive ruled_out(std::string entity, std::string mode,
                           model::SteeringAction action = model::SteeringAction::kRuleOut) {
  model::Directive directive;
  directive.action = action;
  directive.targets = {{std::move(entity), std::move(mode)}};
  directive.speaker = {"ada", {}};
  return directive;
}

TEST(Diagnosis, WhatAPersonRulesOutStaysOnTheBoardAndExplainsNothing) {
  auto builder = chain();
  for (const char* entity : {"web", "orders", "store"}) builder.sees(entity, "metric.latency.up");
  builder.sees("store", "metric.cpu.up");
  CaseFile file = builder.build();
  const auto before = diagnose(file, testing::small_knowledge());
  struct Row {
    const char* entity;
    const char* mode;
    const char* next;
  };
  for (const Row& row : {Row{"store", "busy", "store"}, Row{"store", "", "orders"}}) {
    file.directives = {ruled_out(row.entity, row.mode)};
    const auto after = diagnose(file, testing::small_knowledge());
    EXPECT_EQ(after.hypotheses.front().entity, row.next);
    EXPECT_FALSE(after.hypotheses.front().excluded);
    double sum = 0;
    int rank = 0;
    bool there = false;
    for (const auto& h : after.hypotheses) {
      EXPECT_EQ(h.rank, ++rank);
      sum += h.probability;
      if (!h.excluded) continue;
      EXPECT_EQ(h.entity, row.entity);
      EXPECT_EQ(h.status, HypothesisStatus::kRefuted);
      EXPECT_EQ(h.probability, 0);
      EXPECT_EQ(h.excluded->by, "ada");
      there = there || h.mode == before.hypotheses.front().mode;
    }
    EXPECT_TRUE(there);
    EXPECT_LE(sum, 1 + 1e-9);
    for (const auto& cause : after.root_causes) EXPECT_FALSE(after.hypotheses[cause.hypothesis].excluded);
  }
  file.directives = {ruled_out("store", ""), ruled_out("orders", ""), ruled_out("web", "")};
  const auto nobody = diagnose(file, testing::small_knowledge());
  EXPECT_EQ(nobody.outcome, Outcome::kInconclusive);
  EXPECT_TRUE(nobody.root_causes.empty());
  EXPECT_FALSE(nobody.hypotheses.empty());
}

TEST(Diagnosis, WhatAPersonPutsBackIsWeighedAsIfItHadNeverBeenRuledOut) {
  auto builder = chain();
  for (const char* entity : {"web", "orders", "store"}) builder.sees(entity, "metric.latency.up");
  builder.sees("store", "metric.cpu.up");
  CaseFile file = builder.build();
  const auto before = diagnose(file, testing::small_knowledge());
  constexpr auto kPutBack = model::SteeringAction::kPutBack;
  file.directives = {ruled_out("store", ""), ruled_out("orders", ""), ruled_out("store", "", kPutBack),
                     ruled_out("", "busy", kPutBack)};
  const auto of = [](const Diagnosis& d, std::string_view entity, std::string_view mode) {
    return *std::find_if(d.hypotheses.begin(), d.hypotheses.end(),
                         [&](const auto& h) { return h.entity == entity && h.mode == mode; });
  };
  auto d = diagnose(file, testing::small_knowledge());
  const auto& first = before.hypotheses.front();
  EXPECT_FALSE(of(d, "store", first.mode).excluded);
  EXPECT_GT(of(d, "store", first.mode).probability, 0);
  for (const auto& h : d.hypotheses)
    EXPECT_EQ(h.excluded.has_value(), h.entity == "orders" && h.mode != "busy");
  file.directives.push_back(ruled_out("orders", "", kPutBack));
  d = diagnose(file, testing::small_knowledge());
  EXPECT_EQ(of(d, "store", first.mode).probability, first.probability);
  file.directives.push_back(ruled_out("store", first.mode));
  EXPECT_TRUE(of(diagnose(file, testing::small_knowledge()), "store", first.mode).excluded);
}

TEST(Diagnosis, WhatIsOrdinaryInThisIncidentTellsNobodyApart) {
  auto builder = chain();
  for (const char* entity : {"web", "orders", "store"}) builder.sees(entity, "metric.cpu.up");
  builder.sees("orders", "metric.latency.up").sees("web", "metric.latency.up");
  const auto d = diagnose(builder.build(), testing::small_knowledge());
  EXPECT_EQ(d.hypotheses.front().entity, "orders");
}

TEST(Diagnosis, AMissingExpectedSignCounts) {
  const auto k = testing::small_knowledge();
  const auto weight_at_store = [&](CaseBuilder builder) {
    const auto d = diagnose(builder.build(), k);
    return std::find_if(d.hypotheses.begin(), d.hypotheses.end(),
                        [](const auto& h) { return h.entity == "store" && h.mode == "busy"; })
        ->log_odds;
  };
  auto looked = chain();
  looked.sees("store", "metric.latency.up");
  CaseBuilder unlooked;
  unlooked.calls("web", "orders").calls("orders", "store").candidates({"orders", "store", "web"});
  for (const char* entity : {"orders", "store", "web"}) unlooked.looked_at(entity, "metric.latency");
  unlooked.looked("metric").sees("store", "metric.latency.up");
  EXPECT_LT(weight_at_store(std::move(looked)), weight_at_store(std::move(unlooked)) - 1.0);
}

TEST(Diagnosis, NoEffectComesBeforeItsCause) {
  const auto order = [](double onset) {
    auto builder = chain();
    builder.alarm("web", "", 0).sees("store", "metric.latency.up").onset(onset);
    const auto d = diagnose(builder.build(), testing::small_knowledge());
    return best_of(d, "store").log_odds;
  };
  EXPECT_LT(order(600), order(-60) - 1.0);
  EXPECT_DOUBLE_EQ(order(30), order(-60)) << "clocks differ by a minute";
}

TEST(Diagnosis, TheAlarmSpeaksForWhatTheAlarmedEntityDependsOn) {
  auto builder = chain();
  builder.names("batch").candidates({"batch", "orders", "store", "web"}).alarm("web", "", 0);
  builder.sees("store", "metric.latency.up").sees("batch", "metric.latency.up");
  const auto d = diagnose(builder.build(), testing::small_knowledge());
  EXPECT_EQ(d.hypotheses.front().entity, "store");
  EXPECT_GT(best_of(d, "store").log_odds, best_of(d, "batch").log_odds + 1.0);
}

TEST(Diagnosis, ARefuterRulesOutWhateverSpeaksFor) {
  auto k = testing::small_knowledge();
  k.modes[0].refuted_by.push_back({"metric.cpu.down", knowledge::Place::kSelf, {}, {"it fell", "低下"}});
  auto builder = chain();
  builder.sees("store", "metric.cpu.up")
      .sees("store", "metric.latency.up")
      .sees("store", "metric.cpu.down", 0.9);
  const auto d = diagnose(builder.build(), k);
  const auto busy = std::find_if(d.hypotheses.begin(), d.hypotheses.end(),
                                 [](const auto& h) { return h.mode == "busy" && h.entity == "store"; });
  ASSERT_NE(busy, d.hypotheses.end());
  EXPECT_EQ(busy->status, HypothesisStatus::kRefuted);
  EXPECT_NE(d.hypotheses.front().mode, "busy");
}

TEST(Diagnosis, AModeWithoutItsNeededSignIsNotProposed) {
  auto k = testing::small_knowledge();
  k.modes.push_back(testing::mode("killed", {testing::needed("sign.oom_kill", 0.9, 0.001)}));
  auto without = chain();
  without.sees("store", "metric.latency.up");
  for (const auto& h : diagnose(without.build(), k).hypotheses) EXPECT_NE(h.mode, "killed");
  auto with = chain();
  with.sees("store", "metric.latency.up").sees("store", "sign.oom_kill", 0.9);
  EXPECT_EQ(diagnose(with.build(), k).hypotheses.front().mode, "killed");
}

TEST(Diagnosis, OfAGroupOnlyTheHeaviestSignCounts) {
  auto k = testing::small_knowledge();
  auto a = testing::sign("metric.cpu.up", 0.9, 0.05);
  auto b = testing::sign("metric.memory.up", 0.9, 0.05);
  k.modes = {testing::mode("apart", {a, b})};
  a.group = b.group = "resource";
  k.modes.push_back(testing::mode("together", {a, b}));
  auto builder = chain();
  builder.sees("store", "metric.cpu.up").sees("store", "metric.memory.up");
  const auto d = diagnose(builder.build(), k);
  EXPECT_EQ(d.hypotheses.front().mode, "apart");
}

TEST(Diagnosis, TheLedgerAddsUp) {
  auto builder = chain();
  builder.alarm("web", "latency", 0)
      .sees("web", "metric.latency.up")
      .sees("store", "metric.latency.up")
      .sees("store", "metric.cpu.up", 0.7);
  for (const auto& h : diagnose(builder.build(), testing::small_knowledge()).hypotheses) {
    double sum = 0;
    for (const auto& e : h.supporting) sum += e.weight;
    for (const auto& e : h.opposing) sum += e.weight;
    for (const auto& m : h.missing) sum += m.weight;
    for (const auto& c : h.context) sum += c.weight;
    EXPECT_NEAR(sum, h.log_odds, 0.3) << h.entity << " " << h.mode;
    EXPECT_FALSE(h.context.empty());
  }
}

TEST(Diagnosis, ProbabilitiesLeaveAShareForTheUnknown) {
  auto builder = chain();
  builder.sees("store", "metric.latency.up").sees("store", "metric.cpu.up");
  const auto d = diagnose(builder.build(), testing::small_knowledge());
  double sum = 0;
  for (const auto& h : d.hypotheses) sum += h.probability;
  EXPECT_LT(sum, 0.95);
  EXPECT_GT(sum, 0.3);
}

TEST(Diagnosis, ClearEvidenceIsNamedAndReachesTheAlarm) {
  auto builder = chain();
  builder.alarm("web", "latency", 0);
  for (const char* entity : {"web", "orders", "store"}) builder.sees(entity, "metric.latency.up");
  builder.sees("store", "metric.cpu.up");
  const auto d = diagnose(builder.build(), testing::small_knowledge());
  EXPECT_EQ(d.outcome, Outcome::kRootCause);
  EXPECT_EQ(d.root_causes.front().path, (std::vector<std::string>{"store", "orders", "web"}));
  EXPECT_EQ(d.affected, (std::vector<std::string>{"orders", "web"}));
}

TEST(Diagnosis, EvidenceThatTellsNobodyApartIsInconclusive) {
  CaseBuilder builder;
  builder.candidates({"a", "b", "c", "d"}).looked("metric");
  for (const char* entity : {"a", "b", "c", "d"})
    builder.looked_at(entity, "metric.latency").sees(entity, "metric.latency.up");
  const auto d = diagnose(builder.build(), testing::small_knowledge());
  EXPECT_EQ(d.outcome, Outcome::kInconclusive);
  EXPECT_TRUE(d.root_causes.empty());
}

TEST(Diagnosis, NothingIsWrongOnlyWhereSomebodyLooked) {
  auto looked = chain();
  looked.alarm("web", "latency", 0).alarm_strength(0.05).sees("store", "metric.requests.up", 0.4);
  EXPECT_EQ(diagnose(looked.build(), testing::small_knowledge()).outcome, Outcome::kNothingWrong);
  CaseBuilder blind;
  blind.candidates({"web"}).alarm("web", "", 0);
  EXPECT_NE(diagnose(blind.build(), testing::small_knowledge()).outcome, Outcome::kNothingWrong);
}

TEST(Diagnosis, AnAlarmWhoseMetricIsClearlyUnusualIsNotNothing) {
  for (const auto& [strength, outcome] :
       {std::pair{0.05, Outcome::kNothingWrong}, std::pair{0.99, Outcome::kInconclusive}}) {
    auto builder = chain();
    builder.alarm("web", "queue", 0).alarm_strength(strength).sees("web", "metric.queue.up", strength);
    EXPECT_EQ(diagnose(builder.build(), testing::small_knowledge()).outcome, outcome) << strength;
  }
}

TEST(Diagnosis, ConfigurationAloneDoesNotShowThatNothingIsWrong) {
  const auto outcome = [](const char* metric, const char* signal) {
    CaseBuilder builder;
    builder.candidates({"web"}).alarm("web", "", 0).looked("state").looked(signal);
    auto file = builder.build();
    file.scope.alarm.metric = metric;
    return diagnose(file, testing::small_knowledge()).outcome;
  };
  EXPECT_NE(outcome("Errors", "change"), Outcome::kNothingWrong);
  EXPECT_EQ(outcome("Errors", "metric"), Outcome::kNothingWrong);
  EXPECT_EQ(outcome("", "change"), Outcome::kNothingWrong) << "no metric was alarmed of";
}

TEST(Diagnosis, WhatOnlyRepeatsTheAlarmIsNoCause) {
  auto k = testing::small_knowledge();
  for (auto& mode : k.modes) mode.generic = true;
  const auto outcome = [&](bool more) {
    CaseBuilder builder;
    builder.candidates({"web"}).alarm("web", "latency", -60).looked("metric");
    builder.looked_at("web", "metric.latency").looked_at("web", "metric.cpu");
    builder.sees("web", "metric.latency.up");
    if (more) builder.sees("web", "metric.cpu.up");
    return diagnose(builder.build(), k).outcome;
  };
  EXPECT_EQ(outcome(false), Outcome::kInconclusive);
  EXPECT_EQ(outcome(true), Outcome::kRootCause);
}

TEST(Diagnosis, AQuietAlarmDoesNotSilenceWhatIsSaidOrFollowed) {
  for (const auto& [type, quiet] :
       {std::pair{"log.error.new", false}, std::pair{"trace.slow_requests.own", false},
        std::pair{"trace.self_time.up", false}, std::pair{"metric.latency.up", true}}) {
    auto builder = chain();
    builder.alarm("web", "latency", 0).alarm_strength(0.05).sees("orders", type, 0.7);
    const auto outcome = diagnose(builder.build(), testing::small_knowledge()).outcome;
    EXPECT_EQ(outcome == Outcome::kNothingWrong, quiet) << type;
  }
}

TEST(Diagnosis, AQuietAlarmDoesNotSilenceWhatIsFarFromOrdinaryAtItsOwnEntity) {
  const auto outcome = [](const char* entity, double magnitude) {
    auto builder = chain();
    builder.sees(entity, "metric.latency.up").magnitude(magnitude).alarm("web", "cpu", 0).alarm_strength(0.1);
    return diagnose(builder.build(), testing::small_knowledge()).outcome;
  };
  EXPECT_NE(outcome("web", 2.0), Outcome::kNothingWrong);
  EXPECT_EQ(outcome("web", 0.2), Outcome::kNothingWrong);
  EXPECT_EQ(outcome("store", 2.0), Outcome::kNothingWrong);
}

TEST(Diagnosis, WhatNobodyMeasuresAtTheAlarmedEntityMayBeSeenBesideIt) {
  const auto outcome = [](const char* entity, double magnitude) {
    auto builder = chain();
    builder.alarm("web", "", 0).alarm_quantity("cpu").sees(entity, "metric.cpu.up").magnitude(magnitude);
    return diagnose(builder.build(), testing::small_knowledge()).outcome;
  };
  EXPECT_NE(outcome("orders", 2.0), Outcome::kNothingWrong);
  EXPECT_EQ(outcome("orders", 0.2), Outcome::kNothingWrong);
  EXPECT_EQ(outcome("store", 2.0), Outcome::kNothingWrong);
}

TEST(Diagnosis, WhatIsBrokenElsewhereIsNoAnswerToAQuestionAfterWhoIsWell) {
  const auto outcome = [](const char* place, const char* other, bool well, const char* alarm) {
    CaseBuilder builder;
    builder.in_namespace("web", "shop").in_namespace("toy", place).candidates({"toy", "web"});
    if (std::string(other) == "calls") builder.calls("web", "toy");
    builder.looked("state").alarm("web", "", 0);
    if (well) builder.sees("web", "state.healthy");
    if (*alarm != 0) builder.sees("web", alarm);
    builder.sees("toy", "state.container.waiting");
    return diagnose(builder.build(), testing::small_knowledge()).outcome;
  };
  EXPECT_EQ(outcome("dev", "", true, ""), Outcome::kNothingWrong);
  EXPECT_NE(outcome("dev", "", false, ""), Outcome::kNothingWrong) << "nobody says that it is well";
  EXPECT_NE(outcome("dev", "", true, "alarm.errors"), Outcome::kNothingWrong) << "a symptom was told";
  EXPECT_NE(outcome("dev", "calls", true, ""), Outcome::kNothingWrong) << "it depends on it";
  EXPECT_NE(outcome("shop", "", true, ""), Outcome::kNothingWrong) << "the same namespace";
  EXPECT_NE(outcome("kube-system", "", true, ""), Outcome::kNothingWrong) << "everybody's namespace";
}

TEST(Diagnosis, TheOrderOfObservationsChangesNothing) {
  auto forth = chain();
  auto back = chain();
  const std::vector<std::pair<std::string, std::string>> seen{{"web", "metric.latency.up"},
                                                              {"store", "metric.latency.up"},
                                                              {"store", "metric.cpu.up"},
                                                              {"orders", "metric.latency.up"}};
  for (auto at = seen.begin(); at != seen.end(); ++at) forth.sees(at->first, at->second);
  for (auto at = seen.rbegin(); at != seen.rend(); ++at) back.sees(at->first, at->second);
  const auto a = diagnose(forth.build(), testing::small_knowledge());
  const auto b = diagnose(back.build(), testing::small_knowledge());
  ASSERT_EQ(a.hypotheses.size(), b.hypotheses.size());
  for (std::size_t i = 0; i < a.hypotheses.size(); ++i) {
    EXPECT_EQ(a.hypotheses[i].entity, b.hypotheses[i].entity);
    EXPECT_EQ(a.hypotheses[i].mode, b.hypotheses[i].mode);
    EXPECT_DOUBLE_EQ(a.hypotheses[i].log_odds, b.hypotheses[i].log_odds);
  }
}

/// A mode that says how a fault shows, and one that says why.
knowledge::KnowledgeBase shows_and_says_why() {
  knowledge::KnowledgeBase k;
  for (const char* id : {"loops", "refused", "misnamed", "stopped"}) {
    k.modes.push_back(testing::mode(id, {testing::needed(std::string("sign.") + id, 0.9, 0.003)}));
    k.modes.back().generic = false;
  }
  k.modes[0].yields_to_own = true;
  k.modes[0].prior = 0.2;
  k.modes[1].yields_to_dependencies = true;
  k.modes[1].prior = 0.2;
  k.propagation.push_back({"*", 0.05});
  return k;
}

TEST(Diagnosis, HowAFaultShowsGivesWayToWhyAtTheSamePlace) {
  CaseBuilder builder;
  builder.looked("sign")
      .sees("web", "sign.loops")
      .sees("web", "sign.misnamed", 0.7)
      .sees("shop", "sign.stopped", 0.6);
  const auto d = diagnose(builder.build(), shows_and_says_why());
  EXPECT_EQ(d.hypotheses.front().mode, "misnamed");
  EXPECT_EQ(d.hypotheses.front().entity, "web");
  CaseBuilder alone;
  alone.looked("sign").sees("web", "sign.loops").sees("web", "sign.misnamed", 0.4);
  EXPECT_EQ(diagnose(alone.build(), shows_and_says_why()).hypotheses.front().mode, "loops")
      << "too weak to say why";
}

TEST(Diagnosis, HowAFaultShowsTakesNothingFromWhyAtTheSamePlace) {
  const auto probability_of_why = [](const char* shown_at) {
    CaseBuilder builder;
    builder.calls("shop", "web")
        .looked("sign")
        .sees(shown_at, "sign.loops")
        .sees("web", "sign.misnamed", 0.9);
    const auto d = diagnose(builder.build(), shows_and_says_why());
    const auto why = std::find_if(d.hypotheses.begin(), d.hypotheses.end(),
                                  [](const auto& h) { return h.mode == "misnamed" && h.entity == "web"; });
    return why == d.hypotheses.end() ? 0 : why->probability;
  };
  EXPECT_GT(probability_of_why("web"), 1.3 * probability_of_why("shop")) << "elsewhere it is something else";
}

TEST(Diagnosis, WhereNobodyKnowsWhomTheAlarmedCallsAFaultElsewhereMayBeIt) {
  const auto log_odds = [](bool knows) {
    CaseBuilder builder;
    builder.candidates({"web", "cache", "store"});
    if (knows) builder.calls("web", "cache");
    builder.alarm("web", "", 0).looked("sign").sees("store", "sign.stopped");
    const auto d = diagnose(builder.build(), shows_and_says_why());
    const auto at = std::find_if(d.hypotheses.begin(), d.hypotheses.end(),
                                 [](const auto& h) { return h.entity == "store"; });
    return at == d.hypotheses.end() ? -100 : at->log_odds;
  };
  EXPECT_GT(log_odds(false), log_odds(true) + 0.5);
}

TEST(Diagnosis, APlainFaultIsNotNothing) {
  CaseBuilder builder;
  builder.candidates({"web", "store"}).alarm("web", "", 0).looked("sign").looked("metric");
  builder.sees("store", "sign.stopped", 1.0);
  EXPECT_EQ(diagnose(builder.build(), shows_and_says_why()).outcome, Outcome::kRootCause)
      << "although the alarmed entity itself is well";
}

TEST(Diagnosis, ARefusedCallGivesWayToWhatStoppedItsTarget) {
  for (const bool linked : {true, false}) {
    CaseBuilder builder;
    if (linked) builder.calls("web", "store");
    builder.looked("sign").sees("web", "sign.refused").sees("store", "sign.stopped", 0.6);
    const auto d = diagnose(builder.build(), shows_and_says_why());
    EXPECT_EQ(d.hypotheses.front().mode, linked ? "stopped" : "refused");
    EXPECT_EQ(d.outcome, Outcome::kRootCause);
  }
}

TEST(Diagnosis, AMechanismThatTheLogNamesStandsAboveAModeForWantOfABetterOne) {
  knowledge::KnowledgeBase k;
  k.modes.push_back(testing::mode(
      "fails", {testing::sign("log.exception.new", 0.9, 0.02), testing::sign("metric.errors.up", 0.9, 0.1)},
      0.2));
  k.modes.push_back(testing::mode("deadlock", {testing::needed("sign.deadlock", 0.9, 0.02)}));
  k.modes.back().generic = false;
  const auto first = [&](const char* line_of_the_sign, const char* seen_in) {
    CaseBuilder builder;
    builder.looked("sign").looked("log").looked("metric").sees("web", "metric.errors.up");
    builder.sees("web", "log.exception.new").record("line 1");
    builder.sees("web", "sign.deadlock").record(line_of_the_sign).fact("seen_in", seen_in);
    return diagnose(builder.build(), k).hypotheses.front().mode;
  };
  EXPECT_EQ(first("line 1", "log"), "deadlock");
  EXPECT_EQ(first("line 2", "log"), "fails") << "another line may be about something else";
  EXPECT_EQ(first("line 1", "state"), "fails") << "no program said so";
}

TEST(Diagnosis, OneMechanismThatCallersLogIsThatOfWhoIsCalled) {
  knowledge::KnowledgeBase k;
  k.modes.push_back(testing::mode("full", {testing::needed("sign.full", 0.9, 0.003)}));
  k.modes.back().generic = false;
  k.propagation.push_back({"*", 0.05});
  const auto share_of_the_caller = [&](const char* seen_in) {
    CaseBuilder builder;
    builder.calls("web", "store").looked("sign").sees("web", "sign.full", 0.8).fact("seen_in", seen_in);
    builder.sees("store", "sign.full", 0.85).fact("seen_in", "log");
    const auto d = diagnose(builder.build(), k);
    EXPECT_EQ(d.hypotheses.front().entity, "store");
    return d.hypotheses.size() < 2 ? 0 : d.hypotheses[1].probability / d.hypotheses[0].probability;
  };
  EXPECT_LT(share_of_the_caller("log"), 0.1);
  EXPECT_GT(share_of_the_caller("state"), 0.3) << "what the platform says of the caller is its own";
}

}  // namespace
}  // namespace midwatch::diagnose
