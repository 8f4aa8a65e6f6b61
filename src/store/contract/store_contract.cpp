#include "src/store/contract/store_contract.h"

#include <map>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "src/base/try.h"

namespace midwatch::store::contract {

void StoreContract::SetUp() {
  database = GetParam().make();
  if (!database) GTEST_SKIP() << GetParam().name << " is not installed on this machine";
  auto opened = database->open();
  ASSERT_TRUE(opened) << opened.error().describe();
  store = *std::move(opened);
}

namespace {

using base::ErrorCode;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

template <class T>
void expect_same(const base::Result<T>& read, const T& written) {
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_EQ(show(*read), show(written));
}

/// The only item of a list.
template <class T>
base::Result<T> only(const base::Result<std::vector<T>>& items) {
  if (!items) return items.error();
  if (items->size() != 1) return base::internal_error(fmt::format("{} items", items->size()));
  return items->front();
}

template <class T>
ErrorCode code_of(const base::Result<T>& result) {
  EXPECT_FALSE(result) << "it worked, and should not";
  return result ? ErrorCode::kInternal : result.error().code;
}

template <class T>
base::Result<> without_value(const base::Result<T>& result) {
  if (!result) return result.error();
  return {};
}

/// Adds what many tests start from: an incident with one investigation and one alarm.
base::Result<> add_case(Session& session, const std::string& name, std::int64_t time) {
  MIDWATCH_TRY_VOID(session.add_incident(incident_of("inc-" + name, time)));
  MIDWATCH_TRY_VOID(session.add_alarm(alarm_of("alm-" + name, "inc-" + name, time)));
  return session.add_investigation(investigation_of("inv-" + name, "inc-" + name, time));
}

/// Ends a function of a test with what it gave.
#define EXPECT_WORKS(expression)                                      \
  if (const auto works = (expression); !works) {                      \
    ADD_FAILURE() << #expression << ": " << works.error().describe(); \
  }

const std::vector<std::pair<std::string, std::string>>& texts() {
  using namespace std::string_literals;
  static const std::vector<std::pair<std::string, std::string>> kTexts{
      {"nothing", ""},
      {"plain", "checkout"},
      {"Japanese", "チェックアウト（本番）の遅延 ～①髙﨑𠮷"},
      {"NUL", "a\0b\0"s},
      {"what is no UTF-8", "\xff\xfe\x80 \xe3\x81 \xf0\x9f\x98 \xed\xa0\x80"},
      {"SQL", R"('; DROP TABLE incidents; -- " ` $1 ? :a @b)"},
      {"backslashes", R"(\x00 \\ \ \x \xzz \x4)"},
      {"patterns", "100%_[a-z]*"},
      {"much", std::string(300'000, 'x')},
  };
  return kTexts;
}

TEST_P(StoreContract, GivesBackEveryTextByteForByte) {
  for (const auto& [name, text] : texts()) {
    SCOPED_TRACE(name);
    const std::string key = key_of(text);
    const auto incident = incident_of("inc-" + name, 1, text);
    const auto alarm = alarm_of("alm-" + name, incident.id, 2, text);
    const auto delivery = delivery_of("dlv-" + name, 3, text);
    const auto investigation = investigation_of("inv-" + name, incident.id, 4, text);
    const model::JournalEntry entry{investigation.id,         1,   at(5), "kind " + text,
                                    {text, "日本語 " + text}, text};
    const Document document{investigation.id, "name " + key, "type " + text, text};
    const model::Feedback feedback{
        "fbk-" + name, investigation.id, "space " + key, text, 0.7, model::Judgement::kPartly, false,
        text,          "by " + text,     at(6)};
    const OutboxMessage message{"msg-" + name, "target " + key,  "key " + key,   text,  3,
                                at(7),         incident.id,      "space " + key, at(4), OutboxState::kSending,
                                text,          "receipt " + text};
    EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
      MIDWATCH_TRY_VOID(session.add_incident(incident));
      MIDWATCH_TRY(const bool is_new, session.add_delivery(delivery));
      EXPECT_TRUE(is_new);
      MIDWATCH_TRY_VOID(session.add_alarm(alarm));
      MIDWATCH_TRY_VOID(session.add_investigation(investigation));
      MIDWATCH_TRY(const auto sequence, session.append(entry));
      EXPECT_EQ(sequence, 1U);
      MIDWATCH_TRY_VOID(session.put_document(document));
      MIDWATCH_TRY_VOID(session.add_feedback(feedback));
      MIDWATCH_TRY_VOID(session.remember("scope " + key, "key " + key, text, at(8)));
      return session.add_outbox(message);
    }));
    EXPECT_WORKS(read([&](Session& session) -> base::Result<> {
      expect_same(session.incident(incident.id), incident);
      expect_same(session.alarm(alarm.alarm.id), alarm);
      expect_same(session.investigation(investigation.id), investigation);
      expect_same(only(session.journal(investigation.id, 0, 10)), entry);
      expect_same(session.document(investigation.id, document.name), document);
      expect_same(only(session.feedback({feedback.space})), feedback);
      MIDWATCH_TRY(const auto deliveries, session.deliveries({{{"shop"}}}, "", 1));
      EXPECT_EQ(show(deliveries.items.at(0)), show(delivery));
      MIDWATCH_TRY(const auto answer, session.idempotent("scope " + key, "key " + key));
      EXPECT_EQ(answer, text);
      MIDWATCH_TRY(const auto due, session.due({}, at(7), 1));
      EXPECT_EQ(show(due.at(0)), show(message));
      return {};
    }));
    EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
      expect_same(session.outbox_message(message.id), message);
      MIDWATCH_TRY(const auto receipt, session.first_receipt(incident.id, message.target));
      EXPECT_EQ(receipt, message.receipt);
      auto resolved = incident;
      resolved.status = model::IncidentStatus::kResolved;
      resolved.resolved = at(9);
      MIDWATCH_TRY_VOID(session.update_incident(resolved));
      MIDWATCH_TRY(const auto gone, session.forget("shop", at(10), 10));
      EXPECT_EQ(gone.incidents, 1U);
      return {};
    }));
  }
}

TEST_P(StoreContract, KeepsADeliveryOnceForEachSenderAndKey) {
  struct Row {
    std::string id, space, sender, key;
    bool is_new;
  };
  const std::vector<Row> rows{
      {"1", "shop", "pager", "k", true}, {"2", "shop", "pager", "k", false},
      {"3", "shop", "other", "k", true}, {"4", "bank", "pager", "k", true},
      {"5", "shop", "pager", "l", true}, {"6", "shop", "pager", "", true},
      {"7", "shop", "pager", "", true},
  };
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    for (const auto& row : rows) {
      MIDWATCH_TRY(const bool is_new,
                   session.add_delivery({row.id, row.space, row.sender, row.key, at(1), "first", ""}));
      EXPECT_EQ(is_new, row.is_new) << row.id;
    }
    MIDWATCH_TRY(const auto kept, session.deliveries({{{"shop"}}}, "", 10));
    EXPECT_EQ(ids(kept.items), "7 6 5 3 1");
    return {};
  }));
  EXPECT_EQ(code_of(write([&](Session& session) -> base::Result<> {
              MIDWATCH_TRY(const bool is_new, session.add_delivery({"1", "a", "b", "c", at(1), "", ""}));
              return is_new ? base::Result<>() : base::Result<>(base::internal_error("no conflict"));
            })),
            ErrorCode::kConflict);
}

/// Reads all pages; `turn` gives the page after what it is given.
template <class T>
std::string pages(const std::function<base::Result<Page<T>>(const std::string&)>& turn) {
  std::string all;
  std::string after;
  do {
    const auto page = turn(after);
    if (!page) return all + page.error().describe();
    all += ids(page->items) + (page->next.empty() ? "" : " | ");
    after = page->next;
  } while (!after.empty());
  return all;
}

TEST_P(StoreContract, TurnsPagesWithoutAHoleOrADouble) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    // b and c happened at once.
    for (const auto& [id, time] : {std::pair("a", 1), {"c", 2}, {"b", 2}, {"d", 3}, {"e", 4}}) {
      MIDWATCH_TRY_VOID(session.add_incident(incident_of(id, time)));
      MIDWATCH_TRY_VOID(session.add_alarm(alarm_of(id, id, time)));
      MIDWATCH_TRY_VOID(session.add_delivery(delivery_of(id, time)));
    }
    return {};
  }));
  EXPECT_WORKS(read([&](Session& session) -> base::Result<> {
    for (const auto& [limit, all] : {std::pair<std::size_t, std::string>{1, "e | d | c | b | a"},
                                     {2, "e d | c b | a"},
                                     {5, "e d c b a"},
                                     {9, "e d c b a"}}) {
      const std::size_t size = limit;
      EXPECT_EQ(pages<model::Incident>(
                    [&](const std::string& after) { return session.incidents({}, after, size); }),
                all);
      EXPECT_EQ(pages<StoredAlarm>([&](const std::string& after) {
                  return session.alarms({{{"shop", "bank"}}, model::TriageDecision::kLinked}, after, size);
                }),
                all);
      EXPECT_EQ(pages<Delivery>(
                    [&](const std::string& after) { return session.deliveries({{{"shop"}}}, after, size); }),
                all);
    }
    for (const std::string after : {"x", ".", ".a", "1e3.a", "99999999999999999999.a", "' OR 1 = 1"})
      EXPECT_EQ(code_of(session.incidents({}, after, 1)), ErrorCode::kInvalidArgument) << after;
    return {};
  }));
}

TEST_P(StoreContract, APageGoesOnWhereItEndedWhateverCameMeanwhile) {
  std::string next;
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    for (const auto& [id, time] : {std::pair("a", 1), {"b", 2}, {"c", 3}})
      MIDWATCH_TRY_VOID(session.add_incident(incident_of(id, time)));
    MIDWATCH_TRY(const auto page, session.incidents({}, "", 1));
    next = page.next;
    return session.add_incident(incident_of("d", 4));
  }));
  EXPECT_WORKS(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto page, session.incidents({}, next, 9));
    EXPECT_EQ(ids(page.items), "b a");
    return {};
  }));
}

TEST_P(StoreContract, FindsIncidentsByEachCondition) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    auto resolved = incident_of("b", 2, "Checkout 100%");
    resolved.space = "bank";
    resolved.status = model::IncidentStatus::kResolved;
    resolved.resolved = at(5);
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("a", 1, "支払いサービス")));
    MIDWATCH_TRY_VOID(session.add_incident(resolved));
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("c", 3, "a_b")));
    auto other = investigation_of("inv-of-a", "a", 1);
    other.mode = "oom-kill";
    MIDWATCH_TRY_VOID(session.add_investigation(other));
    MIDWATCH_TRY_VOID(session.add_investigation(investigation_of("inv-of-b", "b", 1)));
    // Not the latest of its incident, so that its mode does not count.
    return session.add_investigation(investigation_of("inv-old", "a", 0));
  }));
  const auto with = [](const std::function<void(IncidentFilter&)>& set) {
    IncidentFilter filter;
    set(filter);
    return filter;
  };
  using F = IncidentFilter;
  const std::vector<std::pair<std::string, IncidentFilter>> rows{
      {"c b a", {}},
      {"c a", with([](F& f) { f.spaces = {"shop"}; })},
      {"c b a", with([](F& f) {
         f.spaces = {"bank", "shop", "none"};
       })},
      {"", with([](F& f) { f.spaces = {"none"}; })},
      {"b", with([](F& f) { f.status = model::IncidentStatus::kResolved; })},
      {"c a", with([](F& f) { f.status = model::IncidentStatus::kOpen; })},
      {"a", with([](F& f) { f.entity = "払いサ"; })},
      {"b", with([](F& f) { f.entity = "CHECKOUT"; })},
      {"b", with([](F& f) { f.entity = "0%"; })},
      {"c", with([](F& f) { f.entity = "a_b"; })},
      {"", with([](F& f) { f.entity = "title"; })},
      {"c b a", with([](F& f) { f.words = "TITLE "; })},
      {"a", with([](F& f) { f.words = "alarm 支払い"; })},
      {"c b a", with([](F& f) { f.words = "service/"; })},
      {"", with([](F& f) {
         f.words = "%";
         f.spaces = {"shop"};
       })},
      {"", with([](F& f) { f.words = "' OR '1' = '1"; })},
      {"a", with([](F& f) { f.mode = "oom-kill"; })},
      {"b", with([](F& f) { f.mode = "storage-full"; })},
      {"b a", with([](F& f) {
         f.time = base::TimeRange{at(1), at(3)};
       })},
      {"", with([](F& f) {
         f.time = base::TimeRange{at(4), at(9)};
       })},
      {"b", with([](F& f) {
         f.spaces = {"bank"};
         f.status = model::IncidentStatus::kResolved;
         f.entity = "checkout";
         f.mode = "storage-full";
         f.words = "100%";
         f.time = base::TimeRange{at(0), at(9)};
       })},
  };
  EXPECT_WORKS(read([&](Session& session) -> base::Result<> {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      MIDWATCH_TRY(const auto found, session.incidents(rows[i].second, "", 9));
      EXPECT_EQ(ids(found.items), rows[i].first) << "row " << i;
      EXPECT_EQ(pages<model::Incident>([&](const std::string& after) {
                  return session.incidents(rows[i].second, after, found.items.size() + 1);
                }),
                rows[i].first);
    }
    return {};
  }));
}

TEST_P(StoreContract, KnowsWhichIncidentsAnAlarmMayBelongTo) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    for (const auto& [id, opened, resolved] :
         {std::tuple("open-old", 1, 0), {"gone", 2, 9}, {"just", 3, 10}, {"late", 0, 20}, {"open", 5, 0}}) {
      auto incident = incident_of(id, opened);
      if (resolved > 0) {
        incident.status = model::IncidentStatus::kResolved;
        incident.resolved = at(resolved);
      }
      MIDWATCH_TRY_VOID(session.add_incident(incident));
    }
    auto elsewhere = incident_of("elsewhere", 4);
    elsewhere.space = "bank";
    return session.add_incident(elsewhere);
  }));
  EXPECT_WORKS(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto all, session.recent_incidents("shop", at(10), 9));
    EXPECT_EQ(ids(all), "open just open-old late");
    MIDWATCH_TRY(const auto some, session.recent_incidents("shop", at(10), 2));
    EXPECT_EQ(ids(some), "open just");
    return {};
  }));
}

TEST_P(StoreContract, KeepsWhatWasDecidedAboutAnAlarm) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("inc", 1)));
    for (const auto& [id, time] : {std::pair("b", 3), {"a", 3}, {"c", 2}})
      MIDWATCH_TRY_VOID(session.add_alarm(alarm_of(id, "inc", time)));
    auto other = alarm_of("other", "", 9);
    other.alarm.space = "bank";
    MIDWATCH_TRY_VOID(session.add_alarm(other));
    return session.add_alarm(alarm_of("skipped", "", 4, "noise"));
  }));
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto linked, session.alarms_of("inc"));
    EXPECT_EQ(ids(linked), "c a b");
    MIDWATCH_TRY(const auto latest, session.latest_alarm("shop", "pager", "key checkout"));
    EXPECT_EQ(latest ? latest->alarm.id : "none", "b");
    MIDWATCH_TRY(const auto none, session.latest_alarm("shop", "pager", "key"));
    EXPECT_FALSE(none);
    MIDWATCH_TRY(const auto skipped, session.alarms({{}, model::TriageDecision::kSkipped}, "", 9));
    EXPECT_EQ(ids(skipped.items), "other skipped");
    MIDWATCH_TRY(const auto all, session.alarms({{{"shop"}}}, "", 9));
    EXPECT_EQ(ids(all.items), "skipped b a c");
    const model::Triage by_hand{model::TriageDecision::kProceed, "inc", "", {"by hand", "手動"}, true};
    MIDWATCH_TRY_VOID(session.set_triage("skipped", by_hand));
    auto expected = alarm_of("skipped", "", 4, "noise");
    expected.triage = by_hand;
    expect_same(session.alarm("skipped"), expected);
    return {};
  }));
}

TEST_P(StoreContract, GivesTheAlarmsThatAreToBeDecidedAgain) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    for (const auto& [id, time] : {std::pair("late", 9), {"early", 3}, {"earlier", 2}})
      MIDWATCH_TRY_VOID(session.add_alarm(alarm_of(id, "", time)));
    auto never = alarm_of("never", "", 1);
    never.triage.again.reset();
    return session.add_alarm(never);
  }));
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto due, session.again("shop", at(63), 9));
    EXPECT_EQ(ids(due), "earlier early");
    MIDWATCH_TRY(const auto first, session.again("shop", at(63), 1));
    EXPECT_EQ(ids(first), "earlier");
    MIDWATCH_TRY(const auto elsewhere, session.again("bank", at(99), 9));
    EXPECT_THAT(elsewhere, IsEmpty());
    MIDWATCH_TRY_VOID(session.set_triage("earlier", {}));
    MIDWATCH_TRY(const auto left, session.again("shop", at(99), 9));
    EXPECT_EQ(ids(left), "early late");
    return {};
  }));
}

TEST_P(StoreContract, WritesOnlyOverTheLatestVersion) {
  EXPECT_WORKS(write([&](Session& session) { return add_case(session, "a", 1); }));
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    auto incident = incident_of("inc-a", 1);
    incident.title = "changed";
    incident.resolved = at(3);
    MIDWATCH_TRY_VOID(session.update_incident(incident));
    EXPECT_EQ(code_of(session.update_incident(incident)), ErrorCode::kConflict);
    auto investigation = investigation_of("inv-a", "inc-a", 1);
    investigation.status = model::InvestigationStatus::kDone;
    MIDWATCH_TRY_VOID(session.update_investigation(investigation));
    EXPECT_EQ(code_of(session.update_investigation(investigation)), ErrorCode::kConflict);
    incident.version = 2;
    investigation.version = 2;
    expect_same(session.incident("inc-a"), incident);
    expect_same(session.investigation("inv-a"), investigation);
    return {};
  }));
}

TEST_P(StoreContract, SaysWhatIsNotThere) {
  const std::vector<std::pair<std::string, Work>> asks{
      {"alarm", [](Session& s) { return without_value(s.alarm("no")); }},
      {"triage", [](Session& s) { return s.set_triage("no", {}); }},
      {"incident", [](Session& s) { return without_value(s.incident("no")); }},
      {"update incident", [](Session& s) { return s.update_incident(incident_of("no", 1)); }},
      {"investigation", [](Session& s) { return without_value(s.investigation("no")); }},
      {"update investigation",
       [](Session& s) { return s.update_investigation(investigation_of("no", "inc-a", 1)); }},
      {"renew",
       [](Session& s) {
         return s.renew("no", {"w", at(1)});
       }},
      {"release", [](Session& s) { return s.release("no", "w"); }},
      {"document", [](Session& s) { return without_value(s.document("inv-a", "no")); }},
      {"message of the outbox", [](Session& s) { return without_value(s.outbox_message("no")); }},
      {"update message",
       [](Session& s) {
         return s.update_outbox({"no", "", "", "", 0, at(1), ""});
       }},
      {"alarm of no incident", [](Session& s) { return s.add_alarm(alarm_of("x", "no", 1)); }},
      {"investigation of no incident",
       [](Session& s) { return s.add_investigation(investigation_of("x", "no", 1)); }},
      {"journal",
       [](Session& s) {
         return without_value(s.append({"no", 0, at(1), "", {}, ""}));
       }},
      {"document of nothing",
       [](Session& s) {
         return s.put_document({"no", "", "", ""});
       }},
      {"feedback",
       [](Session& s) {
         model::Feedback feedback;
         feedback.investigation = "no";
         return s.add_feedback(feedback);
       }},
  };
  EXPECT_WORKS(write([&](Session& session) { return add_case(session, "a", 1); }));
  for (const auto& [name, ask] : asks) EXPECT_EQ(code_of(write(ask)), ErrorCode::kNotFound) << name;
}

TEST_P(StoreContract, TakesAnIdOnce) {
  const std::vector<std::pair<std::string, Work>> adds{
      {"incident", [](Session& s) { return s.add_incident(incident_of("inc-a", 1)); }},
      {"alarm", [](Session& s) { return s.add_alarm(alarm_of("alm-a", "inc-a", 1)); }},
      {"investigation",
       [](Session& s) { return s.add_investigation(investigation_of("inv-a", "inc-a", 1)); }},
      {"feedback",
       [](Session& s) {
         return s.add_feedback({"f", "inv-a", "shop", "", 0, model::Judgement::kRight, {}, "", "", at(1)});
       }},
      {"answer", [](Session& s) { return s.remember("scope", "key", "2", at(1)); }},
  };
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(add_case(session, "a", 1));
    MIDWATCH_TRY_VOID(adds[3].second(session));
    return session.remember("scope", "key", "1", at(1));
  }));
  for (const auto& [name, add] : adds) EXPECT_EQ(code_of(write(add)), ErrorCode::kConflict) << name;
}

TEST_P(StoreContract, TakesKeysUpToTheirLimit) {
  // No text that can be made shorter: the worst that an index may have to hold.
  std::string longest;
  for (std::uint32_t state = 1; longest.size() < kMaxKeyBytes; state = state * 1664525 + 1013904223)
    longest += static_cast<char>(0x80U | state >> 25U);
  const auto all = [](const std::string& key) {
    return std::vector<Work>{
        [key](Session& s) {
          return without_value(s.add_delivery({"d", "shop", "pager", key, at(1), "", ""}));
        },
        [key](Session& s) {
          auto alarm = alarm_of("a", "", 1);
          alarm.alarm.key = key;
          return s.add_alarm(alarm);
        },
        [key](Session& s) {
          return s.put_document({"inv-a", key, "", ""});
        },
        [key](Session& s) { return s.remember("scope", key, "", at(1)); },
        [key](Session& s) {
          return s.add_outbox({"m", "slack", key, "", 0, at(1), ""});
        },
    };
  };
  EXPECT_WORKS(write([&](Session& session) { return add_case(session, "a", 1); }));
  for (const auto& add : all(longest)) EXPECT_WORKS(write(add));
  for (const auto& add : all(longest + "x")) EXPECT_EQ(code_of(write(add)), ErrorCode::kInvalidArgument);
}

TEST_P(StoreContract, LeasesTheOldestToOneWorkerAtATime) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("inc", 1)));
    for (const auto& [id, time] : {std::pair("second", 20), {"first", 10}})
      MIDWATCH_TRY_VOID(session.add_investigation(investigation_of(id, "inc", time)));
    auto done = investigation_of("done", "inc", 1);
    done.status = model::InvestigationStatus::kDone;
    return session.add_investigation(done);
  }));
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto active, session.count_active("shop"));
    EXPECT_EQ(active, 2U);
    MIDWATCH_TRY(const auto first, session.lease({"w1", at(100)}, at(50)));
    auto expected = investigation_of("first", "inc", 10);
    expected.status = model::InvestigationStatus::kRunning;
    expected.attempt = 1;
    expected.started = at(50);
    expected.version = 2;
    EXPECT_EQ(first ? show(*first) : "none", show(expected));
    MIDWATCH_TRY(const auto second, session.lease({"w2", at(200)}, at(50)));
    EXPECT_EQ(second ? second->id : "none", "second");
    MIDWATCH_TRY(const auto none, session.lease({"w3", at(200)}, at(99)));
    EXPECT_FALSE(none) << "both are with others";

    // A lease that ran out goes to another, and the first worker learns of it.
    EXPECT_EQ(code_of(session.renew("second", {"w1", at(300)})), ErrorCode::kConflict);
    MIDWATCH_TRY_VOID(session.renew("second", {"w2", at(300)}));
    MIDWATCH_TRY(const auto taken_over, session.lease({"w3", at(400)}, at(100)));
    EXPECT_EQ(taken_over ? taken_over->id : "none", "first");
    EXPECT_EQ(taken_over ? taken_over->attempt : 0, 2U);
    EXPECT_EQ(taken_over ? taken_over->started : at(0), at(50)) << "when it was first begun";
    EXPECT_EQ(code_of(session.renew("first", {"w1", at(500)})), ErrorCode::kConflict);
    EXPECT_EQ(code_of(session.release("first", "w1")), ErrorCode::kConflict);
    EXPECT_EQ(code_of(session.update_investigation(*first)), ErrorCode::kConflict);

    // What is handed back is there for the next at once.
    MIDWATCH_TRY_VOID(session.release("first", "w3"));
    EXPECT_EQ(code_of(session.release("first", "w3")), ErrorCode::kConflict);
    MIDWATCH_TRY(auto again, session.lease({"w4", at(400)}, at(101)));
    EXPECT_EQ(again ? again->id : "none", "first");

    // A worker that ends it, and one whose work was cancelled.
    again->status = model::InvestigationStatus::kCancelled;
    MIDWATCH_TRY_VOID(session.update_investigation(*again));
    EXPECT_EQ(code_of(session.renew("first", {"w4", at(500)})), ErrorCode::kConflict);
    EXPECT_EQ(code_of(session.release("first", "w4")), ErrorCode::kConflict);
    MIDWATCH_TRY(const auto nothing, session.lease({"w5", at(999)}, at(299)));
    EXPECT_FALSE(nothing);
    MIDWATCH_TRY(const auto left, session.count_active("shop"));
    EXPECT_EQ(left, 1U);
    MIDWATCH_TRY(const auto listed, session.investigations_of("inc"));
    EXPECT_EQ(ids(listed), "done first second");
    return {};
  }));
}

TEST_P(StoreContract, CountsTheIncidentsWhoseLatestInvestigationNamedACause) {
  using Row = std::tuple<std::string, std::string, std::string, bool>;  // name, space, mode, is the latest
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    for (const auto& [name, space, mode, latest] : {Row{"a", "shop", "oom-kill", true},
                                                    {"b", "other", "oom-kill", true},
                                                    {"c", "shop", "", true},
                                                    {"d", "shop", "oom-kill", false}}) {
      auto incident = incident_of("inc-" + name, 1);
      incident.space = space;
      incident.investigation = latest ? "inv-" + name : "";
      MIDWATCH_TRY_VOID(session.add_incident(incident));
      auto investigation = investigation_of("inv-" + name, incident.id, 1);
      investigation.mode = mode;
      MIDWATCH_TRY_VOID(session.add_investigation(investigation));
    }
    MIDWATCH_TRY(const auto all, session.count_answers({}));
    EXPECT_EQ(all, 2U);
    MIDWATCH_TRY(const auto one, session.count_answers({"shop"}));
    EXPECT_EQ(one, 1U);
    return {};
  }));
}

TEST_P(StoreContract, KeepsWhatIsHeldAndKnowsWhatASpaceTakes) {
  const auto add = [](Session& session, const std::string& name, std::int64_t resolved,
                      bool held) -> base::Result<> {
    auto incident = incident_of("inc-" + name, 1);
    incident.status = model::IncidentStatus::kResolved;
    incident.resolved = at(resolved);
    incident.held = held;
    MIDWATCH_TRY_VOID(session.add_incident(incident));
    MIDWATCH_TRY_VOID(session.add_investigation(investigation_of("inv-" + name, "inc-" + name, 1)));
    MIDWATCH_TRY_VOID(session.put_document({"inv-" + name, "report", "", "0123456789"}));
    MIDWATCH_TRY_VOID(session.append({"inv-" + name, 0, at(1), "asking", {}, "{}"}));
    return without_value(session.add_delivery({"dlv-" + name, "shop", "pager", "", at(99), "four", ""}));
  };
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto nothing, session.size_of("shop"));
    EXPECT_EQ(nothing, 0U);
    MIDWATCH_TRY(const auto none, session.first_to_forget("shop", 9));
    EXPECT_FALSE(none);
    MIDWATCH_TRY_VOID(add(session, "held", 1, true));
    for (const auto& [name, time] : {std::pair("first", 2), {"second", 3}, {"third", 4}})
      MIDWATCH_TRY_VOID(add(session, name, time, false));
    MIDWATCH_TRY(const auto size, session.size_of("shop"));
    EXPECT_EQ(size, 4U * (10U + 2U + 4U));
    MIDWATCH_TRY(const auto second, session.first_to_forget("shop", 2));
    EXPECT_EQ(second, at(3) + base::Duration(1));
    MIDWATCH_TRY(const auto last, session.first_to_forget("shop", 9));
    EXPECT_EQ(last, at(4) + base::Duration(1));
    MIDWATCH_TRY(const auto gone, session.forget("shop", at(4), 9));
    EXPECT_EQ(gone.incidents, 2U);
    EXPECT_EQ(gone.bytes, 2U * (10U + 2U));
    EXPECT_FALSE(gone.more);
    MIDWATCH_TRY(const auto left, session.incidents({}, "", 9));
    EXPECT_EQ(ids(left.items), "inc-third inc-held");
    EXPECT_TRUE(left.items.at(1).held);
    MIDWATCH_TRY(const auto smaller, session.size_of("shop"));
    EXPECT_EQ(smaller, 2U * (10U + 2U) + 4U * 4U) << "the deliveries are young";
    return {};
  }));
}

TEST_P(StoreContract, AJournalGrowsFromOne) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(add_case(session, "a", 1));
    MIDWATCH_TRY_VOID(add_case(session, "b", 1));
    for (std::uint64_t i = 1; i <= 5; ++i) {
      MIDWATCH_TRY(const auto in_a, session.append({"inv-a", 77, at(1), "asking", {"a", "あ"}, "{}"}));
      EXPECT_EQ(in_a, i);
    }
    MIDWATCH_TRY(const auto in_b, session.append({"inv-b", 77, at(1), "asking", {"b", "び"}, "{}"}));
    EXPECT_EQ(in_b, 1U);
    MIDWATCH_TRY(const auto part, session.journal("inv-a", 2, 2));
    EXPECT_EQ(part.size(), 2U);
    EXPECT_EQ(part.front().sequence, 3U);
    MIDWATCH_TRY(const auto end, session.journal("inv-a", 5, 2));
    EXPECT_THAT(end, IsEmpty());
    return {};
  }));
}

TEST_P(StoreContract, ADocumentReplacesTheOneBefore) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(add_case(session, "a", 1));
    MIDWATCH_TRY_VOID(session.put_document({"inv-a", "report", "text/plain", "first"}));
    MIDWATCH_TRY_VOID(session.put_document({"inv-a", "recording", "x/y", "other"}));
    MIDWATCH_TRY_VOID(session.put_document({"inv-a", "report", "text/html", "second"}));
    expect_same(session.document("inv-a", "report"), {"inv-a", "report", "text/html", "second"});
    expect_same(session.document("inv-a", "recording"), {"inv-a", "recording", "x/y", "other"});
    return {};
  }));
}

TEST_P(StoreContract, ListsFeedbackOfSpaces) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(add_case(session, "a", 1));
    for (const auto& [id, space, time] : {std::tuple("1", "shop", 3), {"2", "bank", 2}, {"3", "shop", 1}})
      MIDWATCH_TRY_VOID(session.add_feedback(
          {id, "inv-a", space, "oom-kill", 1, model::Judgement::kWrong, std::nullopt, "", "", at(time)}));
    for (const auto& [spaces, expected] : {std::pair<std::vector<std::string>, std::string>{{}, "3 2 1"},
                                           {{"shop"}, "3 1"},
                                           {{"bank", "none"}, "2"},
                                           {{"none"}, ""}}) {
      MIDWATCH_TRY(const auto found, session.feedback(spaces));
      EXPECT_EQ(ids(found), expected);
      for (const auto& one : found) EXPECT_FALSE(one.mitigation_helped);
    }
    return {};
  }));
}

TEST_P(StoreContract, RemembersAnswersUntilTheirTime) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.remember("a", "k", "1", at(10)));
    MIDWATCH_TRY_VOID(session.remember("b", "k", "2", at(20)));
    MIDWATCH_TRY(const auto none, session.idempotent("a", "l"));
    EXPECT_FALSE(none);
    MIDWATCH_TRY(const auto kept, session.forget_answers(at(9)));
    EXPECT_EQ(kept, 0U);
    MIDWATCH_TRY(const auto one, session.forget_answers(at(10)));
    EXPECT_EQ(one, 1U);
    MIDWATCH_TRY(const auto gone, session.idempotent("a", "k"));
    EXPECT_FALSE(gone);
    MIDWATCH_TRY(const auto still, session.idempotent("b", "k"));
    EXPECT_EQ(still, "2");
    return session.remember("a", "k", "3", at(30));
  }));
}

TEST_P(StoreContract, ForgetsAllThatBelongsAndNothingElse) {
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    for (const auto& [name, resolved] : {std::pair("old", 10), {"older", 9}, {"young", 20}, {"open", 0}}) {
      MIDWATCH_TRY_VOID(add_case(session, name, 1));
      const std::string of = name;
      MIDWATCH_TRY_VOID(session.add_delivery(delivery_of("dlv-alm-" + of, 1)));
      MIDWATCH_TRY_VOID(session.append({"inv-" + of, 0, at(1), "asking", {}, ""}));
      MIDWATCH_TRY_VOID(session.put_document({"inv-" + of, "report", "", ""}));
      MIDWATCH_TRY_VOID(session.add_feedback(
          {"fbk-" + of, "inv-" + of, "shop", "", 0, model::Judgement::kRight, {}, "", "", at(1)}));
      MIDWATCH_TRY_VOID(session.add_outbox({"msg-" + of, "slack", of, "", 0, at(1), "inc-" + of}));
      if (resolved == 0) continue;
      auto incident = incident_of("inc-" + of, 1);
      incident.status = model::IncidentStatus::kResolved;
      incident.resolved = at(resolved);
      MIDWATCH_TRY_VOID(session.update_incident(incident));
    }
    // One delivery brought an alarm of an old incident and one of a young.
    auto shared = alarm_of("alm-shared", "inc-young", 1);
    shared.delivery = "dlv-alm-old";
    MIDWATCH_TRY_VOID(session.add_alarm(shared));
    MIDWATCH_TRY_VOID(session.add_alarm(alarm_of("skip-old", "", 5)));
    MIDWATCH_TRY_VOID(session.add_alarm(alarm_of("skip-young", "", 30)));
    MIDWATCH_TRY_VOID(session.add_delivery(delivery_of("dlv-skip-old", 5)));
    MIDWATCH_TRY_VOID(session.add_delivery(delivery_of("none-old", 5)));
    MIDWATCH_TRY_VOID(session.add_delivery(delivery_of("none-young", 30)));
    auto elsewhere = incident_of("inc-elsewhere", 1);
    elsewhere.space = "bank";
    elsewhere.status = model::IncidentStatus::kResolved;
    elsewhere.resolved = at(1);
    return session.add_incident(elsewhere);
  }));
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto first, session.forget("shop", at(11), 1));
    EXPECT_EQ(first.incidents, 1U);
    EXPECT_TRUE(first.more);
    EXPECT_EQ(code_of(session.incident("inc-older")), ErrorCode::kNotFound) << "the oldest goes first";
    MIDWATCH_TRY(const auto second, session.forget("shop", at(11), 9));
    EXPECT_EQ(second.incidents, 1U);
    EXPECT_FALSE(second.more);
    MIDWATCH_TRY(const auto none, session.forget("shop", at(11), 9));
    EXPECT_EQ(none.incidents + none.bytes, 0U);
    return {};
  }));
  EXPECT_WORKS(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto incidents, session.incidents({}, "", 9));
    EXPECT_EQ(ids(incidents.items), "inc-young inc-open inc-elsewhere");
    MIDWATCH_TRY(const auto alarms, session.alarms({}, "", 9));
    EXPECT_EQ(ids(alarms.items), "skip-young alm-young alm-shared alm-open");
    MIDWATCH_TRY(const auto deliveries, session.deliveries({{{"shop"}}}, "", 9));
    EXPECT_EQ(ids(deliveries.items), "none-young dlv-alm-young dlv-alm-open dlv-alm-old");
    MIDWATCH_TRY(const auto feedback, session.feedback({}));
    EXPECT_EQ(ids(feedback), "fbk-open fbk-young");
    MIDWATCH_TRY(const auto due, session.due({}, at(99), 9));
    EXPECT_EQ(ids(due), "msg-open msg-young");
    for (const std::string name : {"old", "older"}) {
      EXPECT_EQ(code_of(session.investigation("inv-" + name)), ErrorCode::kNotFound);
      EXPECT_EQ(code_of(session.document("inv-" + name, "report")), ErrorCode::kNotFound);
      MIDWATCH_TRY(const auto journal, session.journal("inv-" + name, 0, 9));
      EXPECT_THAT(journal, IsEmpty());
    }
    MIDWATCH_TRY(const auto kept, session.journal("inv-young", 0, 9));
    EXPECT_THAT(kept, Not(IsEmpty()));
    return {};
  }));
}

TEST_P(StoreContract, KeepsAllOfAWriteOrNothing) {
  EXPECT_EQ(code_of(write([&](Session& session) -> base::Result<> {
              MIDWATCH_TRY_VOID(add_case(session, "a", 1));
              return base::user_error(ErrorCode::kCancelled, "changed my mind");
            })),
            ErrorCode::kCancelled);
  EXPECT_THROW((void)write([&](Session& session) -> base::Result<> {
                 MIDWATCH_TRY_VOID(add_case(session, "b", 1));
                 throw std::runtime_error("a bug");
               }),
               std::runtime_error);
  // After a conflict the work may go on.
  EXPECT_WORKS(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(add_case(session, "c", 1));
    EXPECT_EQ(code_of(add_case(session, "c", 1)), ErrorCode::kConflict);
    return session.add_incident(incident_of("d", 2));
  }));
  EXPECT_WORKS(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto kept, session.incidents({}, "", 9));
    EXPECT_EQ(ids(kept.items), "d inc-c");
    return {};
  }));
}

TEST_P(StoreContract, AReaderCannotWrite) {
  EXPECT_FALSE(read([&](Session& session) { return session.add_incident(incident_of("a", 1)); }));
  EXPECT_WORKS(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto kept, session.incidents({}, "", 9));
    EXPECT_THAT(kept.items, IsEmpty());
    return {};
  }));
  EXPECT_WORKS(write([&](Session& session) { return session.add_incident(incident_of("a", 1)); }));
}

TEST_P(StoreContract, SaysWhereItIs) {
  EXPECT_THAT(store->describe(), HasSubstr("SQL"));
}

}  // namespace
}  // namespace midwatch::store::contract
