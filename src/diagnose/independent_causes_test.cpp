#include "src/diagnose/independent_causes.h"

#include <functional>

#include <gtest/gtest.h>

#include "src/diagnose/diagnosis.h"
#include "src/diagnose/testing/case_builder.h"
#include "src/diagnose/testing/test_knowledge.h"

namespace midwatch::diagnose {
namespace {

using model::Outcome;
using testing::CaseBuilder;

/// Two mechanisms with a sign of their own each, beside the generic ones.
knowledge::KnowledgeBase two_mechanisms() {
  auto k = testing::small_knowledge();
  for (const auto& [id, see] :
       {std::pair{"full-disk", "sign.disk_full"}, std::pair{"killed", "sign.oom_kill"}}) {
    auto mode = testing::mode(id, {testing::needed(see, 0.95, 0.001)});
    mode.generic = false;
    k.modes.push_back(std::move(mode));
  }
  return k;
}

/// `web` calls `orders` and `search`; `orders` writes to `store`. The disk of `store` is full.
CaseBuilder shop() {
  CaseBuilder builder;
  builder.calls("web", "orders").calls("web", "search").calls("orders", "store");
  builder.looked("metric").looked("log").alarm("web", "", 0);
  builder.sees("store", "sign.disk_full").fact("path", "/var/lib/data");
  builder.sees("orders", "log.error.new");
  return builder;
}

std::vector<std::string> causes_of(CaseBuilder builder, const knowledge::KnowledgeBase& k) {
  const auto d = diagnose(builder.build(), k);
  std::vector<std::string> named;
  for (const NamedCause& cause : d.root_causes) {
    const auto& h = d.hypotheses[cause.hypothesis];
    named.push_back(h.entity + " " + h.mode);
  }
  return named;
}

using Names = std::vector<std::string>;

TEST(IndependentCauses, AFaultThatTheFirstLeavesUnexplainedIsNamedBesideIt) {
  auto builder = shop();
  builder.sees("search", "sign.oom_kill");
  const auto d = diagnose(builder.build(), two_mechanisms());
  ASSERT_EQ(d.outcome, Outcome::kRootCause);
  ASSERT_EQ(d.root_causes.size(), 2U);
  for (const NamedCause& cause : d.root_causes) {
    EXPECT_GE(cause.probability, 0.5);
    EXPECT_LE(cause.probability, 0.95);
    EXPECT_EQ(cause.path.back(), "web");
  }
  EXPECT_NE(d.hypotheses[d.root_causes[0].hypothesis].entity,
            d.hypotheses[d.root_causes[1].hypothesis].entity);
  EXPECT_EQ(d.affected, (Names{"orders", "web"}));
}

struct OneCause {
  const char* why;
  std::function<void(CaseBuilder&)> also;
};

class OneCauseIsEnough : public ::testing::TestWithParam<OneCause> {};

TEST_P(OneCauseIsEnough, SoNoSecondIsNamed) {
  auto builder = shop();
  GetParam().also(builder);
  EXPECT_LE(causes_of(std::move(builder), two_mechanisms()).size(), 1U) << GetParam().why;
}

INSTANTIATE_TEST_SUITE_P(
    All, OneCauseIsEnough,
    ::testing::Values(
        OneCause{"nothing else is seen", [](CaseBuilder&) {}},
        OneCause{"the caller may die of what it depends on",
                 [](CaseBuilder& b) { b.sees("orders", "sign.oom_kill"); }},
        OneCause{"the same mechanism twice has one reason",
                 [](CaseBuilder& b) { b.sees("search", "sign.disk_full"); }},
        OneCause{
            "generic trouble is no mechanism",
            [](CaseBuilder& b) { b.sees("search", "metric.latency.up").sees("search", "metric.cpu.up"); }},
        OneCause{"a sign that is not beyond doubt",
                 [](CaseBuilder& b) { b.sees("search", "sign.oom_kill", 0.6); }},
        OneCause{"somebody whom the alarm does not depend on",
                 [](CaseBuilder& b) { b.names("batch").sees("batch", "sign.oom_kill"); }},
        OneCause{"its record speaks of the first",
                 [](CaseBuilder& b) { b.sees("search", "sign.oom_kill").fact("host", "store.internal"); }},
        OneCause{"an edge whose direction nobody knows",
                 [](CaseBuilder& b) { b.related("search", "store").sees("search", "sign.oom_kill"); }},
        OneCause{"a third that both depend on is in trouble", [](CaseBuilder& b) {
                   b.calls("search", "volumes").calls("store", "volumes");
                   b.sees("volumes", "state.object.not_ready").sees("search", "sign.oom_kill");
                 }}));

TEST(IndependentCauses, TwoFaultsOfOneEntityAreNamedWhereTheyHitDifferentRuns) {
  for (const bool apart : {false, true}) {
    CaseBuilder builder;
    builder.calls("web", "orders").looked("log").alarm("web", "", 0);
    builder.sees("orders", "sign.disk_full").sees("orders", "sign.oom_kill");
    if (apart) builder.fact("apart_from", "sign.disk_full");
    const auto causes = causes_of(std::move(builder), two_mechanisms());
    EXPECT_EQ(causes.size(), apart ? 2U : 1U);
    EXPECT_EQ(causes.front() == causes.back(), !apart);
  }
}

TEST(IndependentCauses, BeingApartFromSomethingElseIsNoCause) {
  CaseBuilder builder;
  builder.calls("web", "orders").looked("log").alarm("web", "", 0);
  builder.sees("orders", "sign.disk_full").sees("orders", "sign.oom_kill").fact("apart_from", "sign.other");
  EXPECT_EQ(causes_of(std::move(builder), two_mechanisms()).size(), 1U);
}

TEST(IndependentCauses, TwoFaultsOfEqualWeightDoNotMakeEachOtherDoubtful) {
  CaseBuilder builder;
  builder.calls("web", "search").calls("web", "store").looked("metric").looked("log").alarm("web", "", 0);
  builder.sees("store", "sign.disk_full").sees("search", "sign.oom_kill");
  EXPECT_EQ(causes_of(std::move(builder), two_mechanisms()).size(), 2U);
}

TEST(IndependentCauses, AFirstThatIsOnlyGenericNamesNobodyBesideIt) {
  CaseBuilder builder;
  builder.calls("web", "search").calls("web", "store").looked("metric").alarm("web", "", 0);
  builder.sees("store", "metric.latency.up").sees("store", "metric.cpu.up");
  builder.sees("search", "sign.oom_kill", 0.9);
  EXPECT_LE(causes_of(std::move(builder), two_mechanisms()).size(), 1U);
}

/// A gateway above `count` entities with a fault each, all different.
std::size_t named_of(int count) {
  CaseBuilder builder;
  auto k = testing::small_knowledge();
  builder.looked("log").alarm("web", "", 0);
  for (int i = 0; i < count; ++i) {
    const std::string name = "part" + std::to_string(i);
    builder.calls("web", name).sees(name, "sign." + name);
    auto mode = testing::mode(name, {testing::needed("sign." + name, 0.95, 0.001)});
    mode.generic = false;
    k.modes.push_back(std::move(mode));
  }
  return causes_of(std::move(builder), k).size();
}

TEST(IndependentCauses, MoreThanThreeAtOnceAreOneThatIsNotUnderstood) {
  EXPECT_EQ(named_of(1), 1U);
  EXPECT_EQ(named_of(3), 3U);
  EXPECT_EQ(named_of(5), 0U);
}

TEST(IndependentCauses, OneFaultAloneIsNamedAlone) {
  EXPECT_EQ(causes_of(shop(), two_mechanisms()), Names{"store full-disk"});
}

}  // namespace
}  // namespace midwatch::diagnose
