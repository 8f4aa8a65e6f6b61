#include "src/intake/triage.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/intake/likeness.h"

namespace midwatch::intake {
namespace {

using model::AlarmState;
using model::IncidentStatus;
using model::IncomingAlarm;
using model::Severity;
using model::Triage;
using model::TriageDecision;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

const base::Timestamp kNow = base::Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5));

IncomingAlarm fires(std::string key, std::string entity, std::string metric, base::Timestamp since = kNow) {
  IncomingAlarm alarm;
  alarm.space = "shop";
  alarm.sender = "cw";
  alarm.name = "alarm " + key;
  alarm.key = std::move(key);
  alarm.entity = std::move(entity);
  alarm.metric = std::move(metric);
  alarm.severity = Severity::kMedium;
  alarm.since = since;
  return alarm;
}

IncomingAlarm resolves(IncomingAlarm alarm, base::Timestamp since) {
  alarm.state = AlarmState::kResolved;
  alarm.since = since;
  return alarm;
}

/// What a caller does with decisions: it keeps incidents and the last of each alarm.
class Desk {
 public:
  Triage take(const IncomingAlarm& alarm, base::Timestamp now) {
    context.now = now;
    const auto last = earlier_.find(alarm.key);
    context.earlier = last == earlier_.end() ? std::nullopt : std::optional(last->second);
    Triage triage = decide(alarm, context);
    std::optional<AlarmState> before;
    if (context.earlier && !triage.incident.empty() && context.earlier->triage.incident == triage.incident)
      before = context.earlier->state;
    if (triage.decision == TriageDecision::kProceed) {
      triage.incident = fmt::format("inc-{:06}", context.incidents.size());
      context.incidents.push_back({incident_of(alarm, triage.incident, now)});
      remember(context.incidents.back(), alarm);
    }
    if (triage.decision == TriageDecision::kLinked) {
      RecentIncident& one = incident(triage.incident);
      join(one.incident, alarm, before, now);
      remember(one, alarm);
    }
    earlier_[alarm.key] = {alarm.state, triage};
    ++taken_[triage.incident];
    return triage;
  }

  RecentIncident& incident(const std::string& id) {
    return *std::find_if(context.incidents.begin(), context.incidents.end(),
                         [&](const RecentIncident& one) { return one.incident.id == id; });
  }

  /// How many were taken into an incident; under "" those that were skipped.
  const std::map<std::string, std::size_t>& taken() const { return taken_; }
  std::string incident_of_key(const std::string& key) const { return earlier_.at(key).triage.incident; }

  TriageContext context;

 private:
  std::map<std::string, EarlierAlarm> earlier_;
  std::map<std::string, std::size_t> taken_;
};

TEST(Triage, SaysWhyInBothLanguages) {
  struct Row {
    const char* what;
    IncomingAlarm alarm;
    minutes after;
    TriageDecision decision;
    const char* en;
    const char* ja;
  };
  const IncomingAlarm first = fires("a", "lambda/orders", "Errors");
  const std::vector<Row> rows = {
      {"told again", first, minutes(90), TriageDecision::kLinked, "belongs to the incident already",
       "再度通知"},
      {"the same symptom of another rule", fires("b", "lambda/orders", "5xx"), minutes(59),
       TriageDecision::kLinked, "Same resource (lambda/orders) and symptom (errors)",
       "リソース（lambda/orders）も症状（errors）も同じ"},
      {"the same symptom long after", fires("b", "lambda/orders", "5xx", kNow + minutes(61)), minutes(61),
       TriageDecision::kProceed, "No incident that is open", "インシデントはありません"},
      {"another symptom", fires("b", "lambda/orders", "Duration"), minutes(10), TriageDecision::kLinked,
       "Another symptom (latency)", "別の症状（latency）"},
      {"another symptom later", fires("b", "lambda/orders", "Duration", kNow + minutes(16)), minutes(16),
       TriageDecision::kProceed, "is about lambda/orders", "lambda/orders について"},
      {"the function by its ARN", fires("b", "arn:aws:lambda:eu-west-1:1:function:orders:live", "Errors"),
       minutes(1), TriageDecision::kLinked, "Same resource", "同じ"},
      {"another function", fires("b", "lambda/pay", "Errors"), minutes(1), TriageDecision::kProceed,
       "lambda/pay", "lambda/pay"},
      {"an end of it", resolves(first, kNow + minutes(5)), minutes(5), TriageDecision::kLinked, "is resolved",
       "解消しました"},
      {"an end of something else", resolves(fires("z", "lambda/orders", "Errors"), kNow), minutes(5),
       TriageDecision::kSkipped, "nothing is known of its firing", "発報の記録がありません"},
  };
  for (const Row& row : rows) {
    Desk desk;
    ASSERT_EQ(desk.take(first, kNow).decision, TriageDecision::kProceed);
    const Triage triage = desk.take(row.alarm, kNow + row.after);
    EXPECT_EQ(triage.decision, row.decision) << row.what;
    EXPECT_THAT(triage.reason.en, HasSubstr(row.en)) << row.what;
    EXPECT_THAT(triage.reason.ja, HasSubstr(row.ja)) << row.what;
    EXPECT_TRUE(triage.reason.en.ends_with('.') && triage.reason.ja.ends_with("。")) << row.what;
  }
}

TEST(Triage, KnowsOfTwoPlacesThatTheyAreNotOne) {
  Desk desk;
  IncomingAlarm here = fires("a", "lambda/orders", "Errors");
  here.account = "1";
  here.region = "eu-west-1";
  IncomingAlarm there = fires("b", "lambda/orders", "Errors");
  there.region = "us-east-1";
  IncomingAlarm anywhere = fires("c", "lambda/orders", "Errors");
  EXPECT_EQ(desk.take(here, kNow).decision, TriageDecision::kProceed);
  EXPECT_EQ(desk.take(there, kNow).decision, TriageDecision::kProceed);
  EXPECT_EQ(desk.take(anywhere, kNow).decision, TriageDecision::kLinked);
}

TEST(Triage, TakesFlappingForOneIncident) {
  Desk desk;
  const IncomingAlarm alarm = fires("a", "lambda/orders", "Errors");
  const std::string id = desk.take(alarm, kNow).incident;
  base::Timestamp now = kNow;
  for (int i = 0; i < 20; ++i) {
    now += minutes(7);
    EXPECT_EQ(desk.take(resolves(alarm, now), now).incident, id);
    EXPECT_EQ(desk.incident(id).incident.status, IncidentStatus::kResolved);
    EXPECT_EQ(desk.incident(id).incident.resolved, now);
    now += minutes(29);
    const Triage again = desk.take(fires("a", "lambda/orders", "Errors", now), now);
    EXPECT_EQ(again.incident, id);
    EXPECT_THAT(again.reason.en, HasSubstr("fires again 29 min after"));
    EXPECT_THAT(again.reason.ja, HasSubstr("29 分で同じアラームが再発"));
    EXPECT_EQ(desk.incident(id).incident.status, IncidentStatus::kOpen);
    EXPECT_FALSE(desk.incident(id).incident.resolved);
  }
  EXPECT_EQ(desk.incident(id).incident.alarms, 1U);
  now += minutes(1);
  desk.take(resolves(alarm, now), now);
  now += minutes(31);
  EXPECT_EQ(desk.take(fires("a", "lambda/orders", "Errors", now), now).decision, TriageDecision::kProceed);
}

TEST(Triage, DoesNotOpenAgainWhatAPersonClosed) {
  Desk desk;
  const IncomingAlarm alarm = fires("a", "lambda/orders", "Errors");
  const std::string id = desk.take(alarm, kNow).incident;
  desk.incident(id).incident.status = IncidentStatus::kResolved;
  desk.incident(id).incident.resolved = kNow + minutes(1);
  EXPECT_EQ(desk.take(alarm, kNow + minutes(2)).incident, id);
  EXPECT_EQ(desk.incident(id).incident.status, IncidentStatus::kResolved);
}

TEST(Triage, SkipsWhatPeopleSaid) {
  IncomingAlarm alarm = fires("a", "arn:aws:ecs:eu-west-1:1:service/c/web", "CPUUtilization");
  alarm.labels = {{"env", "staging"}, {"team", "x"}};
  const auto rule = [](auto change) {
    SkipRule made{"r"};
    change(made);
    return made;
  };
  const std::vector<std::pair<SkipRule, bool>> cases = {
      {rule([](SkipRule&) {}), false},
      {rule([](SkipRule& r) { r.alarm = "alarm ?"; }), true},
      {rule([](SkipRule& r) { r.alarm = "Alarm *"; }), false},
      {rule([](SkipRule& r) { r.entity = "ecs/c/*"; }), true},
      {rule([](SkipRule& r) { r.entity = "arn:*:service/c/web"; }), true},
      {rule([](SkipRule& r) { r.entity = "ecs/d/*"; }), false},
      {rule([](SkipRule& r) {
         r.labels = {{"env", "stag*"}};
       }),
       true},
      {rule([](SkipRule& r) {
         r.labels = {{"env", "stag*"}, {"team", "y"}};
       }),
       false},
      {rule([](SkipRule& r) {
         r.labels = {{"missing", "*"}};
       }),
       false},
      {rule([](SkipRule& r) { r.at_most = Severity::kMedium; }), true},
      {rule([](SkipRule& r) { r.at_most = Severity::kLow; }), false},
      {rule([](SkipRule& r) {
         r.alarm = "*";
         r.entity = "lambda/*";
       }),
       false},
  };
  for (const auto& [skip, skipped] : cases) {
    TriageContext context;
    context.now = kNow;
    context.skip = {skip};
    context.skip.front().reason = "known noise";
    const Triage triage = decide(alarm, context);
    EXPECT_EQ(triage.decision == TriageDecision::kSkipped, skipped) << skip.alarm << skip.entity;
    if (!skipped) continue;
    EXPECT_EQ(triage.rule, "r");
    EXPECT_EQ(triage.reason.en, "The skip rule 'r' fits: known noise");
    EXPECT_EQ(triage.reason.ja, "スキップルール「r」に一致しました（known noise）。");
  }
  alarm.severity = Severity::kUnknown;
  TriageContext context;
  context.skip = {rule([](SkipRule& r) { r.at_most = Severity::kCritical; })};
  EXPECT_EQ(decide(alarm, context).decision, TriageDecision::kProceed);
}

TEST(Triage, SkipsWhatFiresWithinAMaintenance) {
  struct Row {
    minutes since;
    minutes told;
    std::vector<std::string> entities;
    bool skipped;
  };
  for (const Row& row :
       {Row{minutes(0), minutes(0), {}, true}, Row{minutes(59), minutes(64), {}, true},
        Row{minutes(59), minutes(65), {}, false}, Row{minutes(60), minutes(60), {}, false},
        Row{minutes(-1), minutes(5), {}, false}, Row{minutes(5), minutes(5), {"rds/*"}, false},
        Row{minutes(5), minutes(5), {"rds/*", "lambda/*"}, true}}) {
    TriageContext context;
    context.now = kNow + row.told;
    context.maintenance = {{"upgrade", {kNow, kNow + minutes(60)}, row.entities, ""}};
    const Triage triage = decide(fires("a", "lambda/orders", "Errors", kNow + row.since), context);
    EXPECT_EQ(triage.decision == TriageDecision::kSkipped, row.skipped) << row.since.count();
    if (row.skipped) {
      EXPECT_EQ(triage.reason.en, "It fired within the maintenance 'upgrade' (until 2026-01-05T01:00:00Z).");
      EXPECT_EQ(triage.again, kNow + minutes(65));
    }
  }
}

TEST(Triage, KeepsAPersonsWordUntilTheAlarmIsResolved) {
  TriageContext context;
  context.now = kNow;
  const IncomingAlarm alarm = fires("a", "lambda/orders", "Errors");
  context.earlier = EarlierAlarm{AlarmState::kFiring, {TriageDecision::kSkipped, "", "", {}, true}};
  EXPECT_EQ(decide(alarm, context).decision, TriageDecision::kSkipped);
  EXPECT_EQ(decide(resolves(alarm, kNow), context).decision, TriageDecision::kSkipped);
  context.earlier->state = AlarmState::kResolved;
  EXPECT_EQ(decide(alarm, context).decision, TriageDecision::kProceed);
  context.earlier = EarlierAlarm{AlarmState::kFiring, {TriageDecision::kProceed, "inc-1", "", {}, true}};
  EXPECT_EQ(decide(resolves(alarm, kNow), context).incident, "inc-1");
}

TEST(Triage, KeepsToQuotas) {
  IncomingAlarm alarm = fires("a", "lambda/orders", "Errors");
  const auto decision = [&](Quota quota) {
    TriageContext context;
    context.now = kNow;
    context.quotas = {{"never reached", 0, 9}, std::move(quota)};
    return decide(alarm, context);
  };
  EXPECT_EQ(decision({"at once", 3, 4}).decision, TriageDecision::kProceed);
  EXPECT_EQ(decision({"at once", 4, 4}).rule, "at once");
  EXPECT_EQ(decision({"at once", 3, 4, 1}).reason.en,
            "The quota 'at once' is used up: 3 of 3; 1 more are kept for severe alarms.");
  EXPECT_EQ(decision({"at once", 0, 4, 9}).decision, TriageDecision::kSkipped);
  alarm.severity = Severity::kCritical;
  EXPECT_EQ(decision({"at once", 3, 4, 1}).decision, TriageDecision::kProceed);
  EXPECT_EQ(decision({"at once", 4, 4, 1}).decision, TriageDecision::kSkipped);
}

TEST(Likeness, NamesResourcesOneWay) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"arn:aws:lambda:r:1:function:orders", "lambda/orders"},
      {"arn:aws:lambda:r:1:function:orders:7", "lambda/orders"},
      {"arn:aws:ecs:r:1:service/c/web", "ecs/c/web"},
      {"arn:aws:rds:r:1:db:ledger", "rds/ledger"},
      {"arn:aws:rds:r:1:cluster:ledger", "rds/cluster/ledger"},
      {"arn:aws:elasticloadbalancing:r:1:loadbalancer/app/web/1", "elasticloadbalancing/app/web/1"},
      {"arn:aws:elasticloadbalancing:r:1:targetgroup/t/2", "elasticloadbalancing/targetgroup/t/2"},
      {"arn:aws:sqs:r:1:jobs", "sqs/jobs"},
      {"lambda/orders", "lambda/orders"},
      {"deployment/shop/web", "shop/web"},
      {"pod/shop/web-7d9f8b5c4d-x2x4p", "shop/web"},
      {"pod/shop/web-api-x2x4p", "shop/web-api"},
      {"pod/shop/db-0", "shop/db"},
      {"pod/web", "web"},
      {"pod/shop/-0", "shop/-0"},
      {"service/checkout-7", "service/checkout-7"},
      {"", ""},
  };
  for (const auto& [entity, name] : cases) EXPECT_EQ(resource_name(entity), name);
}

/// Alarms of a storm: each resource has several rules, each rule its key.
std::vector<IncomingAlarm> storm(std::size_t count, std::size_t resources, std::mt19937& random) {
  const std::vector<std::string> metrics = {"Errors",         "Duration", "CPUUtilization",
                                            "DiskQueueDepth", "Custom",   ""};
  std::vector<IncomingAlarm> alarms;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = kNow + std::chrono::milliseconds(random() % 60'000);
    alarms.push_back(
        fires(std::to_string(random() % (count * 3 / 4 + 1)), "", metrics[random() % metrics.size()], at));
    // A key is always about the same resource.
    const std::size_t resource = std::stoul(alarms.back().key) % resources;
    alarms.back().entity = fmt::format("lambda/f{}", resource);
  }
  return alarms;
}

/// What is wrong with how a storm ended; empty where each resource has one incident and nothing is lost.
std::string fault_after(const std::vector<IncomingAlarm>& alarms) {
  Desk desk;
  std::set<std::string> keys;
  std::set<std::string> entities;
  for (const IncomingAlarm& alarm : alarms) {
    const Triage triage = desk.take(alarm, kNow + seconds(60));
    if (triage.reason.en.empty() || triage.reason.ja.empty()) return "no reason";
    keys.insert(alarm.key);
    entities.insert(alarm.entity);
  }
  if (desk.context.incidents.size() != entities.size()) return "not one incident a resource";
  std::size_t taken = 0;
  for (const auto& [id, count] : desk.taken()) {
    if (id.empty()) return "something was skipped";
    taken += count;
  }
  std::size_t alarms_of_incidents = 0;
  for (const RecentIncident& one : desk.context.incidents) {
    if (one.incident.firing != one.incident.alarms) return "counted wrongly";
    alarms_of_incidents += one.incident.alarms;
  }
  if (taken != alarms.size() || alarms_of_incidents != keys.size()) return "something was lost";
  return {};
}

TEST(TriageStorm, OfTenThousandAlarmsEndsInFewIncidents) {
  std::mt19937 random(7);
  EXPECT_EQ(fault_after(storm(10'000, 5, random)), "");
}

RC_GTEST_PROP(TriageStorm, EndsInFewIncidentsAndLosesNothing, (std::uint16_t seed)) {
  std::mt19937 random(seed);
  RC_ASSERT(fault_after(storm(200, 1 + seed % 9, random)) == "");
}

RC_GTEST_PROP(TriageStorm, GroupsTheSameWhateverComesFirst, (std::uint16_t seed)) {
  std::mt19937 random(seed);
  std::vector<IncomingAlarm> alarms = storm(100, 1 + seed % 7, random);
  const auto groups = [&] {
    Desk desk;
    std::map<std::string, std::set<std::string>> keys;
    for (const IncomingAlarm& alarm : alarms) desk.take(alarm, kNow + seconds(60));
    for (const IncomingAlarm& alarm : alarms) keys[desk.incident_of_key(alarm.key)].insert(alarm.key);
    std::set<std::set<std::string>> all;
    for (auto& [id, group] : keys) all.insert(std::move(group));
    return all;
  };
  const auto before = groups();
  std::shuffle(alarms.begin(), alarms.end(), random);
  RC_ASSERT(groups() == before);
}

RC_GTEST_PROP(Triage, CountsWhatFires, (std::uint16_t seed)) {
  std::mt19937 random(seed);
  Desk desk;
  std::map<std::string, bool> firing;
  base::Timestamp now = kNow;
  for (int i = 0; i < 150; ++i) {
    now += seconds(random() % 120);
    IncomingAlarm alarm = fires(std::to_string(random() % 12), "", "Errors", now);
    alarm.entity = fmt::format("lambda/f{}", alarm.key.size() > 1 ? 0 : alarm.key.front() % 3);
    const bool resolved = random() % 2 == 0;
    if (resolved && !firing.contains(alarm.key)) continue;
    firing[alarm.key] = !resolved;
    desk.take(resolved ? resolves(alarm, now) : alarm, now);
    std::size_t counted = 0;
    for (const RecentIncident& one : desk.context.incidents) {
      counted += one.incident.firing;
      RC_ASSERT((one.incident.status == IncidentStatus::kOpen) == (one.incident.firing > 0));
      RC_ASSERT(one.incident.resolved.has_value() == (one.incident.firing == 0));
    }
    RC_ASSERT(counted == static_cast<std::size_t>(std::count_if(firing.begin(), firing.end(),
                                                                [](const auto& one) { return one.second; })));
  }
}

RC_GTEST_PROP(Triage, DoesNotDependOnTheOrderOfIncidents, (std::uint16_t seed)) {
  std::mt19937 random(seed);
  TriageContext context;
  context.now = kNow;
  for (int i = 0; i < 12; ++i) {
    const auto at = kNow - minutes(random() % 80);
    RecentIncident one{
        incident_of(fires(std::to_string(i), fmt::format("lambda/f{}", random() % 2), "Errors", at),
                    fmt::format("inc-{}", i), at)};
    if (random() % 3 == 0) {
      one.incident.status = IncidentStatus::kResolved;
      one.incident.resolved = at;
    }
    context.incidents.push_back(std::move(one));
  }
  const IncomingAlarm alarm = fires("new", "lambda/f0", random() % 2 == 0 ? "Errors" : "Duration");
  const Triage before = decide(alarm, context);
  std::shuffle(context.incidents.begin(), context.incidents.end(), random);
  const Triage after = decide(alarm, context);
  RC_ASSERT(after.incident == before.incident);
  RC_ASSERT(after.reason == before.reason);
}

}  // namespace
}  // namespace midwatch::intake
