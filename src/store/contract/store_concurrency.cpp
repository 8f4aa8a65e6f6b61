#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "src/base/try.h"
#include "src/store/audit_chain.h"
#include "src/store/contract/store_contract.h"

namespace midwatch::store::contract {

void StoreConcurrency::SetUp() {
  StoreContract::SetUp();
  if (!store) return;
  stores.push_back(store.get());
  if (!database->is_shared()) return;
  auto opened = database->open();
  ASSERT_TRUE(opened) << opened.error().describe();
  second = *std::move(opened);
  stores.push_back(second.get());
}

void StoreConcurrency::in_threads(const std::function<void(Store&, int)>& work) {
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] { work(*stores[static_cast<std::size_t>(i) % stores.size()], i); });
  for (auto& thread : threads) thread.join();
}

namespace {

using base::ErrorCode;

void expect_works(const base::Result<>& result) {
  EXPECT_TRUE(result) << result.error().describe();
}

TEST_P(StoreConcurrency, NoTwoWorkersGetTheSame) {
  constexpr int kWork = 40;
  expect_works(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("inc", 1)));
    for (int i = 0; i < kWork; ++i)
      MIDWATCH_TRY_VOID(session.add_investigation(investigation_of(fmt::format("inv-{}", i), "inc", i)));
    return {};
  }));
  std::vector<std::vector<std::string>> taken(kThreads);
  in_threads([&](Store& mine, int number) {
    for (bool more = true; more;) {
      std::optional<model::Investigation> next;
      expect_works(mine.write([&](Session& session) -> base::Result<> {
        MIDWATCH_TRY(next, session.lease({fmt::format("worker-{}", number), at(2000)}, at(1000)));
        return {};
      }));
      more = next.has_value();
      if (next) taken[static_cast<std::size_t>(number)].push_back(next->id);
    }
  });
  std::multiset<std::string> all;
  for (const auto& mine : taken) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), std::size_t{kWork});
  EXPECT_EQ((std::set<std::string>(all.begin(), all.end()).size()), all.size());
}

TEST_P(StoreConcurrency, JournalAndAuditHaveNoHoles) {
  constexpr std::uint64_t kEach = 25;
  expect_works(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_incident(incident_of("inc", 1)));
    return session.add_investigation(investigation_of("inv", "inc", 1));
  }));
  std::vector<std::vector<std::uint64_t>> given(kThreads);
  in_threads([&](Store& mine, int number) {
    for (std::uint64_t i = 0; i < kEach; ++i) {
      std::uint64_t sequence = 0;
      const bool fails = i % 5 == 4;  // what is undone leaves no hole
      const auto written = mine.write([&](Session& session) -> base::Result<> {
        MIDWATCH_TRY(sequence, session.append({"inv", 0, at(1), "asking", {fmt::to_string(number), ""}, ""}));
        MIDWATCH_TRY_VOID(session.audit({0, at(1), "w", "a", fmt::to_string(number), "{}", ""}));
        if (fails) return base::user_error(ErrorCode::kCancelled, "not this one");
        return {};
      });
      EXPECT_EQ(written.has_value(), !fails);
      if (written) given[static_cast<std::size_t>(number)].push_back(sequence);
    }
  });
  std::map<std::uint64_t, std::string> expected;
  for (int i = 0; i < kThreads; ++i)
    for (const auto sequence : given[static_cast<std::size_t>(i)])
      EXPECT_TRUE(expected.emplace(sequence, fmt::to_string(i)).second) << sequence << " was given twice";
  expect_works(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto journal, session.journal("inv", 0, 1000));
    EXPECT_EQ(journal.size(), expected.size());
    std::uint64_t next = 1;
    for (const auto& entry : journal) {
      EXPECT_EQ(entry.sequence, next);
      EXPECT_EQ(entry.what.en, expected[next]) << "the entry that this sequence was given for";
      ++next;
    }
    MIDWATCH_TRY(const auto audit, session.audit_after(0, 1000));
    EXPECT_EQ(audit.size(), expected.size());
    EXPECT_TRUE(check_audit(audit_origin(), 0, audit));
    return {};
  }));
}

TEST_P(StoreConcurrency, NoChangeIsLost) {
  constexpr int kEach = 20;
  expect_works(write([&](Session& session) { return session.add_incident(incident_of("inc", 1)); }));
  in_threads([&](Store& mine, int) {
    for (int i = 0; i < kEach; ++i)
      expect_works(mine.write([&](Session& session) -> base::Result<> {
        MIDWATCH_TRY(auto incident, session.incident("inc"));
        incident.alarms += 1;
        return session.update_incident(incident);
      }));
  });
  expect_works(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto incident, session.incident("inc"));
    EXPECT_EQ(incident.alarms, 2U + kThreads * kEach);
    EXPECT_EQ(incident.version, 1U + kThreads * kEach);
    return {};
  }));
}

TEST_P(StoreConcurrency, WhatIsDecidedByLookingHoldsWhenItIsWritten) {
  constexpr int kRounds = 10;
  std::atomic<int> opened = 0;
  in_threads([&](Store& mine, int number) {
    for (int i = 0; i < kRounds; ++i) {
      bool opens = false;
      expect_works(mine.write([&](Session& session) -> base::Result<> {
        const std::string space = fmt::format("space-{}", i);
        MIDWATCH_TRY(const auto there, session.recent_incidents(space, at(0), 10));
        opens = there.empty();
        if (!opens) return {};
        auto incident = incident_of(fmt::format("inc-{}-{}", i, number), 1);
        incident.space = space;
        return session.add_incident(incident);
      }));
      if (opens) ++opened;
    }
  });
  EXPECT_EQ(opened, kRounds);
}

TEST_P(StoreConcurrency, AWriteThatFailsSparesItsNeighbours) {
  constexpr int kEach = 30;
  in_threads([&](Store& mine, int number) {
    for (int i = 0; i < kEach; ++i) {
      const bool fails = number == 0;
      const auto written = mine.write([&](Session& session) -> base::Result<> {
        MIDWATCH_TRY_VOID(session.add_incident(incident_of(fmt::format("inc-{}-{}", number, i), i)));
        if (fails) return session.update_outbox({"no such message", "", "", "", 0, {}, ""});
        return {};
      });
      EXPECT_EQ(written.has_value(), !fails);
    }
  });
  expect_works(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto kept, session.incidents({}, "", 1000));
    EXPECT_EQ(kept.items.size(), std::size_t{(kThreads - 1) * kEach});
    return {};
  }));
}

TEST_P(StoreConcurrency, ADeliveryThatIsToldByManyIsKeptOnce) {
  constexpr int kKeys = 20;
  std::atomic<int> kept = 0;
  in_threads([&](Store& mine, int number) {
    for (int i = 0; i < kKeys; ++i) {
      bool is_new = false;
      expect_works(mine.write([&](Session& session) -> base::Result<> {
        auto delivery = delivery_of(fmt::format("dlv-{}-{}", number, i), i);
        delivery.key = fmt::to_string(i);
        MIDWATCH_TRY(is_new, session.add_delivery(delivery));
        return {};
      }));
      if (is_new) ++kept;
    }
  });
  EXPECT_EQ(kept, kKeys);
}

TEST_P(StoreConcurrency, AReaderSeesOneState) {
  if (!database->is_shared()) return;  // it reads and writes in turns
  expect_works(write([&](Session& session) { return session.add_incident(incident_of("a", 1)); }));
  expect_works(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto before, session.incidents({}, "", 9));
    std::thread writer([&] {
      expect_works(second->write([&](Session& other) { return other.add_incident(incident_of("b", 2)); }));
    });
    writer.join();
    MIDWATCH_TRY(const auto after, session.incidents({}, "", 9));
    EXPECT_EQ(ids(after.items), ids(before.items));
    return {};
  }));
  expect_works(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto now, session.incidents({}, "", 9));
    EXPECT_EQ(ids(now.items), "b a");
    return {};
  }));
}

// ---- what processes that share a store need to know of one another

base::Result<> add_incident(Session& session) {
  MIDWATCH_TRY_VOID(session.add_incident(incident_of("inc-a", 1)));
  return session.add_investigation(investigation_of("inv-a", "inc-a", 1));
}

TEST_P(StoreConcurrency, LeasesFromTheSpacesThatAreAskedFor) {
  expect_works(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(add_incident(session));  // of the space shop
    MIDWATCH_TRY(const auto others, session.lease({"w", at(9), {"other", "third"}}, at(5)));
    EXPECT_FALSE(others);
    MIDWATCH_TRY(const auto own, session.lease({"w", at(9), {"other", "shop"}}, at(5)));
    EXPECT_EQ(own ? own->id : "none", "inv-a");
    return {};
  }));
}

TEST_P(StoreConcurrency, NotesWhatChangedInItsOrder) {
  const auto told = [](const Changes& changes) {
    std::string text;
    for (const auto& change : changes.items)
      text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", static_cast<int>(change.kind), change.id,
                          change.space);
    return text;
  };
  expect_works(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto none, session.last_change());
    EXPECT_EQ(none, 0U);
    return add_incident(session);
  }));
  std::uint64_t seen = 0;
  expect_works(store->read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto changes, session.changes(0, 9));
    EXPECT_EQ(told(changes), "0 inc-a shop, 1 inv-a shop");
    EXPECT_TRUE(changes.complete);
    MIDWATCH_TRY(const auto first, session.changes(0, 1));
    EXPECT_EQ(told(first), "0 inc-a shop");
    MIDWATCH_TRY(seen, session.last_change());
    EXPECT_EQ(seen, changes.items.back().sequence);
    MIDWATCH_TRY(const auto nothing, session.changes(seen, 9));
    EXPECT_EQ(told(nothing), "");
    return {};
  }));
  expect_works(write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto taken, session.lease({"w", at(9)}, at(5)));
    MIDWATCH_TRY_VOID(session.renew("inv-a", {"w", at(10)}));  // is nobody's news
    MIDWATCH_TRY_VOID(session.append({"inv-a", 0, at(1), "asking", {}, "{}"}));
    for (const char* name : {"answer/1", "report", "report"})
      MIDWATCH_TRY_VOID(session.put_document({"inv-a", name, "", ""}));
    MIDWATCH_TRY(auto incident, session.incident("inc-a"));
    return session.update_incident(incident);
  }));
  const auto undone = write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.append({"inv-a", 0, at(1), "asking", {}, "{}"}));
    return base::user_error(ErrorCode::kCancelled, "not this one");
  });
  EXPECT_FALSE(undone);
  expect_works(store->read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto changes, session.changes(seen, 9));
    EXPECT_EQ(told(changes), "1 inv-a shop, 2 inv-a shop, 3 inv-a shop, 3 inv-a shop, 0 inc-a shop");
    return {};
  }));
}

TEST_P(StoreContract, ChainsTheAudit) {
  for (int i = 0; i < 4; ++i)
    expect_works(write([&](Session& session) {
      return session.audit(
          {99, at(i), "山田", "space.delete", std::string("o\0'", 3) + fmt::to_string(i), "{}", "forged"});
    }));
  expect_works(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto all, session.audit_after(0, 9));
    EXPECT_EQ(all.size(), 4U);
    EXPECT_TRUE(check_audit(audit_origin(), 0, all));
    MIDWATCH_TRY(const auto part, session.audit_after(2, 1));
    EXPECT_EQ(part.size(), 1U);
    EXPECT_EQ(part.front().sequence, 3U);
    EXPECT_TRUE(check_audit(all[1].hash, 2, part));
    return {};
  }));
}

TEST_P(StoreContract, HoldsAMessageUntilItEndedAndItsKeyForGood) {
  expect_works(write([&](Session& session) -> base::Result<> {
    OutboxMessage first{"1", "slack", "k", "body", 0, at(10), ""};
    MIDWATCH_TRY_VOID(session.add_outbox(first));
    MIDWATCH_TRY_VOID(session.add_outbox({"2", "slack", "k", "again", 0, at(1), ""}));
    MIDWATCH_TRY_VOID(session.add_outbox({"3", "pager", "k", "body", 0, at(5), ""}));
    MIDWATCH_TRY(const auto early, session.due({}, at(4), 9));
    EXPECT_EQ(ids(early), "");
    MIDWATCH_TRY(const auto both, session.due({}, at(10), 9));
    EXPECT_EQ(ids(both), "3 1");
    MIDWATCH_TRY(auto one, session.due({}, at(10), 1));
    EXPECT_EQ(ids(one), "3");
    one[0].attempts = 1;
    one[0].due = at(20);
    one[0].state = OutboxState::kSending;
    one[0].reason = "it was busy";
    MIDWATCH_TRY_VOID(session.update_outbox(one[0]));
    MIDWATCH_TRY(const auto later, session.due({}, at(20), 9));
    EXPECT_EQ(ids(later), "1 3") << "what is being sent is due again when its time is over";
    EXPECT_EQ(show(later.at(1)), show(one[0]));
    for (const OutboxState end : {OutboxState::kSent, OutboxState::kFailed, OutboxState::kUnknown}) {
      first.state = end;
      MIDWATCH_TRY_VOID(session.update_outbox(first));
      MIDWATCH_TRY(const auto left, session.due({}, at(99), 9));
      EXPECT_EQ(ids(left), "3") << to_string(end);
    }
    MIDWATCH_TRY_VOID(session.add_outbox({"4", "slack", "k", "late", 0, at(1), ""}));
    MIDWATCH_TRY(const auto left, session.due({}, at(99), 9));
    EXPECT_EQ(ids(left), "3");
    return {};
  }));
}

TEST_P(StoreContract, MessagesOfAnIncidentLeaveInOrderAndAreListed) {
  expect_works(write([&](Session& session) -> base::Result<> {
    for (const char* name : {"a", "b"}) MIDWATCH_TRY_VOID(session.add_incident(incident_of(name, 1)));
    const auto message = [](const char* id, const char* target, const char* incident, const char* space,
                            int created) {
      return OutboxMessage{id, target, id, "", 0, at(9 - created), incident, space, at(created)};
    };
    const OutboxMessage all[] = {
        message("1", "slack", "a", "shop", 1),
        message("2", "slack", "a", "shop", 2),
        message("3", "pager", "a", "shop", 3),
        message("4", "slack", "b", "bank", 4),
    };
    for (const OutboxMessage& one : all) MIDWATCH_TRY_VOID(session.add_outbox(one));
    MIDWATCH_TRY(const auto due, session.due({}, at(99), 9));
    EXPECT_EQ(ids(due), "4 3 1") << "the second to the same target waits for the first";
    MIDWATCH_TRY(const auto to_slack, session.due({"slack", "mail"}, at(99), 9));
    EXPECT_EQ(ids(to_slack), "4 1");
    OutboxMessage sent = all[0];
    sent.state = OutboxState::kSent;
    sent.receipt = "ts-1";
    MIDWATCH_TRY_VOID(session.update_outbox(sent));
    MIDWATCH_TRY(const auto next, session.due({}, at(99), 9));
    EXPECT_EQ(ids(next), "4 3 2");
    MIDWATCH_TRY(const auto receipt, session.first_receipt("a", "slack"));
    EXPECT_EQ(receipt, "ts-1");
    MIDWATCH_TRY(const auto none, session.first_receipt("a", "pager"));
    EXPECT_EQ(none, "");
    const std::pair<OutboxFilter, const char*> lists[] = {
        {{}, "4 3 2 1"},
        {{{{"shop"}}, "", "", {}}, "3 2 1"},
        {{{}, "b", "", {}}, "4"},
        {{{{"shop", "bank"}}, "", "slack", {}}, "4 2 1"},
        {{{}, "a", "slack", OutboxState::kSent}, "1"},
    };
    for (const auto& [filter, expected] : lists) {
      MIDWATCH_TRY(const auto page, session.outbox(filter, "", 9));
      EXPECT_EQ(ids(page.items), expected);
    }
    MIDWATCH_TRY(const auto page, session.outbox({}, "", 3));
    MIDWATCH_TRY(const auto rest, session.outbox({}, page.next, 3));
    EXPECT_EQ(ids(rest.items), "1");
    return {};
  }));
}

TEST_P(StoreConcurrency, GivesATurnToOneAtATime) {
  const auto take = [&](const std::string& holder, std::int64_t until, std::int64_t now) {
    Store& mine = holder == "a" ? *stores.front() : *stores.back();
    std::optional<Turn> taken;
    expect_works(mine.write([&](Session& session) -> base::Result<> {
      MIDWATCH_TRY(taken, session.take_turn({"look", holder, at(until)}, at(now)));
      return {};
    }));
    return taken ? taken->holder + taken->state : "nothing";
  };
  expect_works(read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto turn, session.turn("look"));
    EXPECT_FALSE(turn);
    return {};
  }));
  EXPECT_EQ(take("a", 10, 1), "a{}");
  EXPECT_EQ(take("b", 11, 1), "nothing");
  EXPECT_EQ(take("a", 12, 2), "a{}") << "its own";
  expect_works(write([&](Session& session) { return session.keep_turn({"look", "a", at(13), "far"}); }));
  EXPECT_EQ(take("b", 30, 12), "nothing");
  EXPECT_EQ(take("b", 30, 13), "bfar") << "it ran out";
  expect_works(write([&](Session& session) -> base::Result<> {
    EXPECT_EQ(session.keep_turn({"look", "a", at(40), "further"}).error().code, ErrorCode::kConflict);
    MIDWATCH_TRY(const auto turn, session.turn("look"));
    EXPECT_EQ(turn ? turn->holder + turn->state : "", "bfar");
    return {};
  }));
  EXPECT_EQ(take("a", 22, 12), "nothing") << "a clock that is a little behind";
  EXPECT_EQ(take("a", 12, 2), "afar") << "it was set back: nobody waits until it is there again";
}

}  // namespace
}  // namespace midwatch::store::contract
