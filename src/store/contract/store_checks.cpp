#include "src/store/contract/store_checks.h"

#include <gmock/gmock.h>

#include "src/base/try.h"
#include "src/store/audit_chain.h"
#include "src/store/contract/store_items.h"

namespace midwatch::store::contract {
namespace {

void expect_works(const base::Result<>& result) {
  EXPECT_TRUE(result) << result.error().describe();
}

}  // namespace

base::Result<> write_whole(Store& store, const std::string& id) {
  return store.write([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(session.add_incident(incident_of(id, 1)));
    MIDWATCH_TRY_VOID(session.add_investigation(investigation_of(id, id, 1)));
    for (int i = 0; i < 2; ++i) MIDWATCH_TRY_VOID(session.append({id, 0, at(1), "asking", {id, ""}, "{}"}));
    return session.audit({0, at(1), "test", "add", id, "{}", ""});
  });
}

std::set<std::string> whole_writes(Store& store) {
  constexpr std::size_t kAll = 1'000'000;
  std::set<std::string> found;
  expect_works(store.read([&](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto all, session.incidents({}, "", kAll));
    MIDWATCH_TRY(const auto audit, session.audit_after(0, kAll));
    for (const auto& incident : all.items) {
      found.insert(incident.id);
      MIDWATCH_TRY(const auto journal, session.journal(incident.id, 0, 9));
      EXPECT_EQ(journal.size(), 2U) << incident.id;
    }
    std::set<std::string> audited;
    for (const auto& entry : audit) audited.insert(entry.object);
    EXPECT_EQ(audited, found);
    EXPECT_TRUE(check_audit(audit_origin(), 0, audit));
    return {};
  }));
  return found;
}

void expect_fixture(Store& store) {
  expect_works(store.write([](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto incidents, session.incidents({}, "", 9));
    EXPECT_EQ(ids(incidents.items), "inc-2 inc-1");
    EXPECT_EQ(incidents.items.at(1).title, "Checkout が遅い");
    MIDWATCH_TRY(const auto alarm, session.alarm("alm-1"));
    EXPECT_EQ(alarm.alarm.labels.at("team"), "a\\b");
    MIDWATCH_TRY(const auto done, session.investigation("inv-1"));
    EXPECT_EQ(done.headline.ja, "ディスクが満杯");
    EXPECT_THAT(done.trace_parent,
                ::testing::AnyOf("", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    MIDWATCH_TRY(const auto taken, session.lease({"worker-2", at(99)}, at(50)));
    EXPECT_EQ(taken ? taken->id : "none", "inv-2");
    MIDWATCH_TRY(const auto next, session.append({"inv-1", 0, at(1), "status", {}, "{}"}));
    EXPECT_EQ(next, 2U);
    MIDWATCH_TRY(const auto report, session.document("inv-1", "report"));
    EXPECT_EQ(report.body, "{}");
    MIDWATCH_TRY(const auto feedback, session.feedback({"shop"}));
    EXPECT_EQ(ids(feedback), "fbk-1");
    MIDWATCH_TRY(const auto answer, session.idempotent("POST /incidents", "k"));
    EXPECT_EQ(answer, "{}");
    MIDWATCH_TRY(const auto due, session.due({}, at(50), 9));
    EXPECT_EQ(ids(due), "msg-1");
    MIDWATCH_TRY(const bool is_new, session.add_delivery({"dlv-2", "shop", "pager", "k1", at(1), "", ""}));
    EXPECT_FALSE(is_new);
    MIDWATCH_TRY(const auto audit, session.audit_after(0, 9));
    EXPECT_EQ(audit.size(), 1U);
    MIDWATCH_TRY(const auto last, session.last_change());
    MIDWATCH_TRY(const auto changes, session.changes(last - 2, 9));
    EXPECT_EQ(ids(changes.items), "inv-2 inv-1");
    return {};
  }));
}

void expect_few_changes(Store& store) {
  constexpr std::size_t kAll = 20'000;
  expect_works(store.read([](Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto old, session.changes(1, kAll));
    EXPECT_FALSE(old.complete);
    EXPECT_GE(old.items.size(), 10'000U);
    EXPECT_LE(old.items.size(), 11'000U);
    MIDWATCH_TRY(const auto last, session.last_change());
    MIDWATCH_TRY(const auto recent, session.changes(last - 9'000, kAll));
    EXPECT_TRUE(recent.complete);
    EXPECT_EQ(recent.items.size(), 9'000U);
    return {};
  }));
}

}  // namespace midwatch::store::contract
