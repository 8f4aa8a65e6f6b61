#include "src/diagnose/change_matcher.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::diagnose {
namespace {

base::Timestamp at(int minute) {
  return base::Timestamp(std::chrono::minutes(minute));
}

/// A case: "shop" calls "stock"; the alarm is on "stock", its metric went wrong at minute 60, the alarm fired
/// at 65.
class Case {
 public:
  Case() {
    file_.scope.alarm.entity = "stock";
    file_.scope.alarm.time = at(65);
    file_.scope.candidates = {"shop", "stock"};
    file_.alarm = {true, 1.0, at(60), "latency"};
    topology::TopologyBuilder builder;
    builder.relate({"shop", "stock", telemetry::RelationKind::kCalls, {}});
    file_.topology = std::move(builder).build();
    mode_.id = "pool-too-small";
    mode_.changes = {{"change.pool.lowered", 3.0, knowledge::Place::kSelf}};
  }

  Case& change(const std::string& id, const std::string& entity, int minute, const std::string& type,
               double strength = 1) {
    model::ChangeAccount account;
    account.id = id;
    account.read = true;
    account.time = at(minute);
    if (!entity.empty()) account.reaches.push_back({entity, model::ReachKind::kDeployed, at(minute), {}});
    file_.changes.push_back(account);
    if (type.empty()) return *this;
    model::Observation o;
    o.id = "o" + std::to_string(file_.observations.size() + 1);
    o.type = type;
    o.entity = entity;
    o.change = id;
    o.strength = strength;
    file_.observations.push_back(o);
    return *this;
  }

  Case& words(std::vector<std::string> words) {
    file_.changes.back().words = std::move(words);
    return *this;
  }

  Case& fact(const char* name, std::string value) {
    file_.observations.back().facts[name] = std::move(value);
    return *this;
  }

  Case& excuse(const std::string& id) {
    model::Directive directive;
    directive.action = model::SteeringAction::kPlannedChange;
    directive.targets = {{"", "", id}};
    file_.directives.push_back(directive);
    return *this;
  }

  Case& error(const std::string& text) {
    model::Observation o;
    o.id = "o" + std::to_string(file_.observations.size() + 1);
    o.type = "log.error.new";
    o.entity = "stock";
    o.strength = 0.9;
    o.facts["sample"] = text;
    file_.observations.push_back(o);
    return *this;
  }

  ChangeFit best(const char* entity = "stock") {
    const Suspects suspects(file_, knowledge_);
    const DependencyGraph graph(file_, suspects);
    return ChangeMatcher(file_, suspects, graph).best(mode_, *suspects.find(entity));
  }

  std::string blamed(const char* entity = "stock") {
    const ChangeFit fit = best(entity);
    return fit.change == ChangeFit::kNone ? "none" : file_.changes[fit.change].id;
  }

  Innocence why(const std::string& id) {
    const Suspects suspects(file_, knowledge_);
    const DependencyGraph graph(file_, suspects);
    for (const auto& innocent :
         ChangeMatcher(file_, suspects, graph).innocent("blamed", *suspects.find("stock"))) {
      if (file_.changes[innocent.change].id == id) return innocent.why;
    }
    ADD_FAILURE() << id << " is not among the innocent";
    return Innocence::kUnfitting;
  }

  CaseFile file_;
  knowledge::KnowledgeBase knowledge_;
  knowledge::FailureMode mode_;
};

TEST(ChangeMatcher, BlamesWhatFits) {
  EXPECT_EQ(Case().change("a", "stock", 55, "change.pool.lowered").blamed(), "a");
}

TEST(ChangeMatcher, ASettingWhoseDirectionIsUnknownFitsLess) {
  const double lowered = Case().change("a", "stock", 55, "change.pool.lowered").best().content;
  for (const char* unknown : {"change.pool.removed", "change.pool.changed"}) {
    const ChangeFit fit = Case().change("a", "stock", 55, unknown).best();
    EXPECT_GT(fit.content, 0) << unknown;
    EXPECT_LT(fit.content, lowered) << unknown;
  }
  for (const char* other : {"change.pool.raised", "change.pool.added", "change.timeout.removed"})
    EXPECT_EQ(Case().change("a", "stock", 55, other).blamed(), "none") << other;
}

TEST(ChangeMatcher, WhatAPersonExcusesIsNotBlamed) {
  Case two;
  two.change("first", "stock", 40, "change.pool.lowered")
      .change("second", "stock", 50, "change.pool.lowered");
  const std::string blamed = two.blamed();
  const std::string other = blamed == "first" ? "second" : "first";
  EXPECT_EQ(two.excuse(blamed).blamed(), other);
  EXPECT_EQ(two.why(blamed), Innocence::kExcused);
  EXPECT_EQ(two.excuse(other).blamed(), "none");
}

TEST(ChangeMatcher, NeverBlamesByRecency) {
  Case c;
  c.change("a", "stock", 20, "change.pool.lowered")
      .change("b", "stock", 59, "change.text.changed")
      .change("c", "stock", 59, "");
  EXPECT_EQ(c.blamed(), "a");
  EXPECT_EQ(Case().change("b", "stock", 59, "change.text.changed").blamed(), "none");
}

TEST(ChangeMatcher, ACauseDoesNotComeAfterItsEffect) {
  EXPECT_EQ(Case().change("a", "stock", 63, "change.pool.lowered").blamed(), "none");
  EXPECT_EQ(Case().change("a", "stock", 63, "change.pool.lowered").why("a"), Innocence::kAfter);
}

TEST(ChangeMatcher, TheReachHasToFit) {
  EXPECT_EQ(Case().change("a", "stock", 55, "change.pool.lowered").blamed("shop"), "none");
  EXPECT_EQ(Case().change("a", "shop", 55, "change.pool.lowered").blamed("shop"), "a");
  Case callers;
  callers.mode_.changes = {{"change.pool.lowered", 3.0, knowledge::Place::kDependents}};
  EXPECT_EQ(callers.change("a", "shop", 55, "change.pool.lowered").blamed(), "a");
  EXPECT_EQ(Case().change("a", "elsewhere", 55, "change.pool.lowered").why("a"), Innocence::kElsewhere);
}

TEST(ChangeMatcher, AChangedCallerIsBlamedAfterTheEntityItself) {
  EXPECT_EQ(Case().change("a", "shop", 55, "change.pool.lowered").blamed(), "a");
  Case both;
  both.change("a", "shop", 55, "change.pool.lowered").change("b", "stock", 55, "change.pool.lowered");
  EXPECT_EQ(both.blamed(), "b");
  Case limits;
  limits.mode_.changes = {{"change.memory_limit.lowered", 3.0, knowledge::Place::kSelf}};
  limits.change("a", "shop", 55, "change.memory_limit.lowered");
  EXPECT_EQ(limits.blamed(), "none") << "whom it calls does not feel that";
}

TEST(ChangeMatcher, AWeakStepIsNoCause) {
  EXPECT_EQ(Case().change("a", "stock", 30, "change.pool.lowered", 0.05).blamed(), "none");
}

TEST(ChangeMatcher, WordsInCommonDecideBetweenEqualContents) {
  Case c;
  c.change("a", "stock", 55, "change.pool.lowered").words({"ledger", "postings"});
  c.change("b", "stock", 56, "change.pool.lowered").words({"reserve", "warehouse"});
  c.error("could not reserve in warehouse 7");
  EXPECT_EQ(c.blamed(), "b");
}

TEST(ChangeMatcher, AValueThatTheErrorsRepeatSpeaksForIt) {
  Case plain;
  plain.change("a", "stock", 55, "change.pool.lowered")
      .fact("after", "orders-mian.db")
      .error("no such host orders-main.db");
  Case echoed;
  echoed.change("a", "stock", 55, "change.pool.lowered")
      .fact("after", "orders-mian.db")
      .error("no such host orders-mian.db");
  EXPECT_GT(echoed.best().content, plain.best().content);
}

TEST(ChangeMatcher, WhatIsMissedByNameSpeaksMoreForWhoeverTookItAway) {
  const auto content = [](const char* type) {
    Case c;
    c.mode_.changes = {{type, 3.0, knowledge::Place::kSelf}};
    return c.change("a", "stock", 55, type)
        .fact("symbol", "tax_code")
        .error("no key 'tax_code'")
        .best()
        .content;
  };
  EXPECT_GT(content("change.field.removed"), content("change.field.added") + 0.5);
  EXPECT_EQ(content("change.field.renamed"), content("change.field.removed"));
}

TEST(ChangeMatcher, GradualEffectsMayComeLate) {
  Case c;
  c.file_.alarm.onset = at(60 * 8);
  c.file_.scope.alarm.time = at(60 * 8 + 5);
  c.change("a", "stock", 10, "change.pool.lowered");
  const double prompt = c.best().timing;
  c.mode_.gradual = true;
  EXPECT_LT(prompt, 0);
  EXPECT_EQ(c.best().timing, 0);
}

TEST(ChangeMatcher, WhereTheBeginningIsMeasuredAnHourIsLong) {
  const auto timing = [](int minute, bool measured) {
    Case c;
    c.file_.alarm.measured = measured;
    return c.change("a", "stock", minute, "change.pool.lowered").best().timing;
  };
  EXPECT_GT(timing(58, true), timing(50, true));
  EXPECT_GT(timing(50, true), timing(40, true) + 0.5);
  EXPECT_GT(timing(40, true), timing(0, true) + 0.5);
  EXPECT_GT(timing(5, false), timing(0, true) + 1) << "an alarm may come an hour after what it tells of";
}

TEST(ChangeMatcher, WhatWasInTroubleBeforeWasNotBroughtThereByIt) {
  const auto timing = [](int troubles, int minute) {
    Case c;
    for (int i = 0; i < troubles; ++i) {
      c.error("queue is full");
      c.file_.observations.back().onset = at(minute);
    }
    return c.change("a", "stock", 58, "change.pool.lowered").best().timing;
  };
  EXPECT_LT(timing(2, 40), 0);
  EXPECT_EQ(timing(1, 40), timing(0, 0)) << "one may be something else";
  EXPECT_EQ(timing(2, 59), timing(0, 0)) << "it came after the change";
  EXPECT_EQ(timing(2, -30), timing(0, 0)) << "long ago";
}

TEST(ChangeMatcher, AnEncryptionIsBlamedWhereTheUseOfAKeyWasRefused) {
  const auto blamed = [](const char* refused) {
    Case c;
    c.mode_.changes = {{"change.encryption.*", 3.0, knowledge::Place::kSelf}};
    c.change("a", "stock", 55, "change.encryption.changed").error("access denied");
    if (*refused != 0) c.fact("action", refused);
    return c.blamed();
  };
  EXPECT_EQ(blamed("kms:Decrypt"), "a");
  EXPECT_EQ(blamed("s3:PutObject"), "none");
  EXPECT_EQ(blamed(""), "a");
}

TEST(ChangeMatcher, APermissionForSomethingElseIsNotWhatWasRefused) {
  const auto content = [](const char* taken) {
    Case c;
    c.mode_.changes = {{"change.permission.removed", 3.0, knowledge::Place::kSelf}};
    c.change("a", "stock", 55, "change.permission.removed").fact("symbol", taken);
    c.error("not authorized to perform: s3:GetObject").fact("action", "s3:GetObject");
    return c.best().content;
  };
  EXPECT_EQ(content("sqs:SendMessage"), 0);
  EXPECT_GE(content("s3:GetObject"), 3.0);
  EXPECT_GE(content("s3:Get*"), 3.0);
  EXPECT_GE(content("roles/editor"), 3.0) << "another cloud's words are compared with nothing";
}

TEST(ChangeMatcher, SaysWhyTheOthersAreInnocent) {
  Case c;
  c.change("harmless", "stock", 50, "")
      .change("unread", "stock", 50, "")
      .change("other", "stock", 50, "change.text.changed");
  c.file_.changes[0].harmless = "comments";
  c.file_.changes[1].read = false;
  EXPECT_EQ(c.why("harmless"), Innocence::kHarmless);
  EXPECT_EQ(c.why("unread"), Innocence::kUnread);
  EXPECT_EQ(c.why("other"), Innocence::kUnfitting);
}

RC_GTEST_PROP(ChangeMatcher, DecoysNeverWinOverWhatFits, ()) {
  Case c;
  const auto minutes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 65));
  for (std::size_t i = 0; i < minutes.size(); ++i)
    c.change(
        "decoy" + std::to_string(i), *rc::gen::element<std::string>("stock", "shop", "", "other"), minutes[i],
        *rc::gen::element<std::string>("", "change.text.changed", "change.harmless", "change.pool.raised"));
  c.change("guilty", "stock", 40, "change.pool.lowered");
  RC_ASSERT(c.blamed() == "guilty");
}

}  // namespace
}  // namespace midwatch::diagnose
