// What lists are narrowed to.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "src/base/try.h"
#include "src/store/contract/store_contract.h"

namespace midwatch::store::contract {
namespace {

void expect_works(const base::Result<>& done) {
  EXPECT_TRUE(done) << done.error().describe();
}

/// One thing of each kind, all of them called so, of one space, entity, mode and second.
struct Kind {
  const char* name;
  const char* space;
  const char* entity;
  const char* mode;
  std::int64_t second;
};

base::Result<> add_one_of_each(Session& session, const Kind& kind) {
  const std::string id = kind.name;
  auto incident = incident_of(id, kind.second);
  incident.space = kind.space;
  incident.entity = kind.entity;
  incident.investigation = id;
  MIDWATCH_TRY_VOID(session.add_incident(incident));
  auto investigation = investigation_of(id, id, kind.second);
  investigation.space = kind.space;
  investigation.entity = kind.entity;
  investigation.mode = kind.mode;
  MIDWATCH_TRY_VOID(session.add_investigation(investigation));
  MIDWATCH_TRY_VOID(session.add_delivery({id, kind.space, "pager", id, at(kind.second), "{}", ""}));
  auto alarm = alarm_of(id, id, kind.second);
  alarm.alarm.space = kind.space;
  alarm.alarm.entity = kind.entity;
  alarm.delivery = id;
  MIDWATCH_TRY_VOID(session.add_alarm(alarm));
  MIDWATCH_TRY_VOID(session.add_feedback(
      {id, id, kind.space, kind.mode, 0.5, model::Judgement::kRight, {}, "", "", at(kind.second)}));
  return session.add_outbox({id, "slack", id, "{}", 0, at(kind.second), id, kind.space, at(kind.second)});
}

template <class Items>
std::string ids_of(const base::Result<Items>& page) {
  return page ? ids(page->items) : page.error().describe();
}

/// What each list has within a scope, by the list's name.
std::vector<std::pair<const char*, std::string>> all_lists(Session& session, const Scope& scope) {
  return {{"incidents", ids_of(session.incidents({scope, {}, ""}, "", 9))},
          {"alarms", ids_of(session.alarms({scope, {}, {}}, "", 9))},
          {"deliveries", ids_of(session.deliveries({scope, "", {}}, "", 9))},
          {"investigations", ids_of(session.investigations({scope, {}}, "", 9))},
          {"judgements", ids_of(session.judgements({scope, {}}, "", 9))},
          {"messages", ids_of(session.outbox({scope, "", "", {}}, "", 9))}};
}

TEST_P(StoreContract, NarrowsEveryListInTheSameWay) {
  expect_works(write([](Session& session) -> base::Result<> {
    for (const Kind& kind :
         {Kind{"a", "shop", "service/Cart", "oom-kill", 1}, Kind{"b", "bank", "service/pay", "oom-kill", 2},
          Kind{"c", "shop", "100%_full", "storage-full", 3}, Kind{"d", "shop", "service/cart", "", 4}})
      MIDWATCH_TRY_VOID(add_one_of_each(session, kind));
    return {};
  }));
  const std::vector<std::pair<Scope, const char*>> rows{
      {{}, "d c b a"},
      {{{"shop"}}, "d c a"},
      {{{"shop", "bank", "none"}}, "d c b a"},
      {{{"none"}}, ""},
      {{{}, base::TimeRange{at(2), at(4)}}, "c b"},
      {{{}, base::TimeRange{at(5), at(9)}}, ""},
      {{{}, {}, "CART"}, "d a"},
      {{{}, {}, "0%_F"}, "c"},
      {{{}, {}, "' OR 1 = 1"}, ""},
      {{{}, {}, "", "oom-kill"}, "b a"},
      {{{}, {}, "", "oom"}, ""},
      {{{"shop"}, base::TimeRange{at(1), at(3)}, "cart", "oom-kill"}, "a"},
  };
  expect_works(read([&](Session& session) -> base::Result<> {
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (const auto& [list, found] : all_lists(session, rows[i].first))
        EXPECT_EQ(found, rows[i].second) << list << ", row " << i;
    // A page ends and goes on within what it is narrowed to.
    const AlarmFilter some{{{"shop", "bank"}, base::TimeRange{at(1), at(4)}}};
    MIDWATCH_TRY(const auto first, session.alarms(some, "", 2));
    MIDWATCH_TRY(const auto rest, session.alarms(some, first.next, 2));
    EXPECT_EQ(ids(first.items) + " | " + ids(rest.items), "c b | a");
    return {};
  }));
}

TEST_P(StoreContract, ListsWhatIsInAState) {
  using model::InvestigationStatus;
  expect_works(write([](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("i", 1)));
    for (const auto& [id, status] : {std::pair("done", InvestigationStatus::kDone),
                                     {"failed", InvestigationStatus::kFailed},
                                     {"queued", InvestigationStatus::kQueued}}) {
      auto one = investigation_of(id, "i", 1);
      one.status = status;
      MIDWATCH_TRY_VOID(session.add_investigation(one));
    }
    for (const auto& [id, judgement] :
         {std::pair("right", model::Judgement::kRight), {"wrong", model::Judgement::kWrong}})
      MIDWATCH_TRY_VOID(session.add_feedback({id, "done", "shop", "", 0, judgement, {}, "", "", at(1)}));
    auto firing = alarm_of("firing", "i", 1);
    firing.alarm.state = model::AlarmState::kFiring;
    MIDWATCH_TRY_VOID(session.add_alarm(firing));
    MIDWATCH_TRY_VOID(session.add_alarm(alarm_of("resolved", "i", 1)));
    MIDWATCH_TRY_VOID(session.add_delivery({"taken", "shop", "pager", "", at(1), "", ""}));
    MIDWATCH_TRY_VOID(session.add_delivery({"useless", "shop", "pager", "", at(1), "", "no alarm in it"}));
    MIDWATCH_TRY_VOID(session.add_delivery({"other", "shop", "mail", "", at(1), "", ""}));
    return {};
  }));
  expect_works(read([](Session& session) -> base::Result<> {
    EXPECT_EQ(ids_of(session.investigations({{}, InvestigationStatus::kFailed}, "", 9)), "failed");
    EXPECT_EQ(ids_of(session.investigations({{}, InvestigationStatus::kRunning}, "", 9)), "");
    EXPECT_EQ(ids_of(session.judgements({{}, model::Judgement::kWrong}, "", 9)), "wrong");
    EXPECT_EQ(ids_of(session.alarms({{}, {}, model::AlarmState::kFiring}, "", 9)), "firing");
    EXPECT_EQ(
        ids_of(session.alarms({{}, model::TriageDecision::kSkipped, model::AlarmState::kFiring}, "", 9)), "");
    EXPECT_EQ(ids_of(session.deliveries({{{"shop"}}, "", false}, "", 9)), "useless");
    EXPECT_EQ(ids_of(session.deliveries({{{"shop"}}, "", true}, "", 9)), "taken other");
    EXPECT_EQ(ids_of(session.deliveries({{{"shop"}}, "mail", {}}, "", 9)), "other");
    return {};
  }));
}

TEST_P(StoreContract, NarrowsAJournal) {
  expect_works(write([](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("i", 1)));
    MIDWATCH_TRY_VOID(session.add_investigation(investigation_of("v", "i", 1)));
    for (const auto& [kind, second] : {std::pair("planning", 1), {"answer", 2}, {"answer", 3}, {"status", 4}})
      MIDWATCH_TRY_VOID(session.append({"v", 0, at(second), kind, {}, "{}"}));
    return {};
  }));
  const std::vector<std::pair<JournalFilter, std::vector<std::uint64_t>>> rows{
      {{}, {2, 3, 4}},
      {{{}, "answer"}, {2, 3}},
      {{base::TimeRange{at(3), at(5)}, ""}, {3, 4}},
      {{base::TimeRange{at(3), at(5)}, "answer"}, {3}},
      {{{}, "reply"}, {}},
  };
  expect_works(read([&](Session& session) -> base::Result<> {
    for (const auto& [filter, expected] : rows) {
      MIDWATCH_TRY(const auto entries, session.journal("v", 1, 9, filter));
      std::vector<std::uint64_t> found;
      for (const auto& entry : entries) found.push_back(entry.sequence);
      EXPECT_EQ(found, expected) << filter.kind;
    }
    return {};
  }));
}

TEST_P(StoreContract, NarrowsTheAudit) {
  expect_works(write([](Session& session) -> base::Result<> {
    const auto add = [&](int second, const char* who, const char* action, const char* details) {
      return session.audit({0, at(second), who, action, "", details, ""});
    };
    MIDWATCH_TRY_VOID(add(1, "ada", "signIn", R"({"address":"192.0.2.7"})"));
    MIDWATCH_TRY_VOID(add(2, "ada", "steer", R"({"request_id":"r","space":"shop"})"));
    MIDWATCH_TRY_VOID(add(3, "bob", "steer", R"({"space":"bank"})"));
    MIDWATCH_TRY_VOID(add(4, "bob", "grantRole", R"({"space":""})"));
    // A text that only looks like a space, and details of somebody else's making.
    MIDWATCH_TRY_VOID(add(5, "eve", "signIn", R"({"address":"\"space\":\"shop\"","name":"\\"})"));
    return add(6, "eve", "steer", "");
  }));
  const std::vector<std::pair<AuditFilter, const char*>> rows{
      {{}, "1 2 3 4 5 6 "},
      {{{"shop"}}, "2 "},
      {{{"", "shop"}}, "1 2 4 5 6 "},
      {{{"none"}}, ""},
      {{{}, base::TimeRange{at(2), at(4)}}, "2 3 "},
      {{{}, {}, "bob"}, "3 4 "},
      {{{}, {}, "", "steer"}, "2 3 6 "},
      {{{"", "bank"}, base::TimeRange{at(3), at(5)}, "bob", "steer"}, "3 "},
  };
  expect_works(read([&](Session& session) -> base::Result<> {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::string found;
      std::uint64_t after = 0;
      for (std::vector<AuditEntry> lines; after == 0 || !lines.empty();) {
        MIDWATCH_TRY(lines, session.audit_lines(rows[i].first, after, 2));
        for (const auto& line : lines) found += fmt::format("{} ", after = line.sequence);
        if (lines.empty()) break;
      }
      EXPECT_EQ(found, rows[i].second) << "row " << i;
    }
    return {};
  }));
}

}  // namespace
}  // namespace midwatch::store::contract
