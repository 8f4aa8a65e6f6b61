#include "src/observe/database/views.h"

#include <map>
#include <string>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json.h"
#include "src/observe/database/database_observer.h"

namespace midwatch::observe::database {
namespace {

using model::Observation;
using ::testing::HasSubstr;

const knowledge::KnowledgeBase& knowledge_base() {
  static const auto kKnowledge = knowledge::embedded_knowledge();
  return *kKnowledge;
}

/// What a console printed about one database of an incident of an hour.
class DatabaseViews : public testing::Test {
 protected:
  DatabaseViews() {
    scope_.window = {at(0), at(60)};
    scope_.alarm.time = at(60);
  }

  static base::Timestamp at(int minute) {
    return base::Timestamp(std::chrono::seconds(1780000000)) + std::chrono::minutes(minute);
  }

  /// "name=value; name=value"
  void row(const char* view, std::string_view values, int table = 1) {
    telemetry::PlatformEvent e;
    e.entity = "postgresql";
    e.source = "postgresql";
    e.type = view;
    e.message = std::string(values);
    e.attributes.set("table", std::to_string(table));
    for (const auto part : base::split(values, ';')) {
      const std::size_t equals = part.find('=');
      e.attributes.set(std::string(part.substr(0, equals)), std::string(part.substr(equals + 1)));
    }
    events_.push_back(std::move(e));
  }

  void rows(int count, const char* view, std::string_view values) {
    for (int i = 0; i < count; ++i) row(view, values);
  }

  void forget() { events_.clear(); }

  telemetry::Entity& entity(const std::string& id, const std::string& type) {
    entities_.emplace_back();
    entities_.back().id = id;
    entities_.back().type = type;
    return entities_.back();
  }

  std::map<std::string, Observation> observe() {
    topology::TopologyBuilder builder;
    for (const auto& e : entities_) builder.add(e);
    for (const auto& r : relations_) builder.relate(r);
    for (const auto& e : events_) builder.mention(e.entity);
    const topology::Topology topology = std::move(builder).build();
    std::map<std::string, Observation> by_type;
    for (auto& o : observe_databases({scope_, topology, events_, {}, {}, {}}, knowledge_base(),
                                     [](std::uint32_t) { return std::string("raw/postgresql/a.txt"); })) {
      EXPECT_FALSE(o.evidence.empty()) << o.type;
      EXPECT_TRUE(o.strength > 0 && o.strength <= 1) << o.type;
      by_type.emplace(o.type, o);
    }
    return by_type;
  }

  /// Types of trouble, joined.
  std::string trouble() {
    std::string types;
    for (const auto& [type, o] : observe()) {
      if (o.strength >= 0.5 && type != "state.healthy" && !type.starts_with("event."))
        types += (types.empty() ? "" : " ") + type;
    }
    return types;
  }

  telemetry::IncidentScope scope_;
  std::vector<telemetry::Entity> entities_;
  std::vector<telemetry::Relation> relations_;
  std::vector<telemetry::PlatformEvent> events_;
};

TEST_F(DatabaseViews, ALeakOfOneApplicationAtTheLimit) {
  rows(20, "session", "pid=7;state=idle in transaction;application_name=orders;xact_age=900;query=update t");
  rows(3, "session", "pid=8;state=idle;application_name=web");
  row("session", "pid=9;state=active;application_name=psql;query=select from pg_stat_activity");
  row("setting", "name=max_connections;setting=25");
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.database.connections_exhausted.measured"));
  const auto& used = seen.at("state.database.connections_exhausted.measured").facts;
  EXPECT_EQ(used.at("used"), "24");
  EXPECT_EQ(used.at("limit"), "25");
  EXPECT_EQ(used.at("application"), "orders");
  EXPECT_EQ(used.at("held"), "20");
  EXPECT_EQ(seen.at("state.database.sessions_idle").facts.at("idle"), "96%");
  const auto& idle = seen.at("state.database.idle_in_transaction");
  EXPECT_EQ(idle.facts.at("count"), "20");
  EXPECT_EQ(idle.facts.at("oldest"), "15 min");
  EXPECT_EQ(idle.onset, at(45));
  EXPECT_FALSE(seen.contains("state.healthy"));
}

TEST_F(DatabaseViews, CountsStandForSessions) {
  row("sessions_by_group", "count=82;state=idle in transaction;application_name=orders");
  row("sessions_by_group", "count=10;state=idle;application_name=web");
  row("sessions_by_group", "count=7");
  row("sessions_by_group", "count=92;usename=app", 2);
  row("session_numbers", "max_connections=100;used=93");
  const auto seen = observe();
  EXPECT_EQ(seen.at("state.database.connections_exhausted.measured").facts.at("used"), "93")
      << "two tables count the same sessions, and processes of the server are none";
  EXPECT_EQ(seen.at("state.database.idle_in_transaction").facts.at("held"), "82");
}

TEST_F(DatabaseViews, ReservedConnectionsAreNobodysToUse) {
  for (const auto& [used, reserved, exhausted] :
       {std::tuple{88, 3, true}, std::tuple{88, 0, false}, std::tuple{80, 12, true}}) {
    forget();
    row("session_numbers",
        "max_connections=100;used=" + std::to_string(used) + ";reserved=" + std::to_string(reserved));
    EXPECT_EQ(observe().contains("state.database.connections_exhausted.measured"), exhausted)
        << used << ' ' << reserved;
  }
}

TEST_F(DatabaseViews, WhatAnyMomentHasIsNoTrouble) {
  rows(6, "session", "pid=7;state=idle in transaction;application_name=orders;xact_age=0.2");
  rows(30, "session", "pid=8;state=idle;application_name=web");
  row("session",
      "pid=9;state=active;wait_event_type=Lock;wait_event=transactionid;query_age=0.1;blocked_by=7");
  row("setting", "name=max_connections;setting=100");
  row("replica", "application_name=r1;state=streaming;replay_lag=0.3;sent_lsn=1000000;replay_lsn=900000");
  row("slot", "slot_name=r1;active=true;wal_status=reserved;retained=50000000");
  row("table", "relname=orders;n_live_tup=1000000;n_dead_tup=90000;seq_scan=3;idx_scan=900000");
  row("database", "datname=shop;xid_age=150000000;deadlocks=2");
  row("pool", "datname=shop;cl_waiting=0;maxwait=0");
  EXPECT_EQ(trouble(), "");
}

TEST_F(DatabaseViews, AHealthyDatabaseSaysSo) {
  rows(5, "session", "pid=8;state=idle;application_name=web");
  EXPECT_TRUE(observe().contains("state.healthy"));
  forget();
  row("slot", "slot_name=r1;active=true;retained=5");
  EXPECT_FALSE(observe().contains("state.healthy")) << "nobody looked at its sessions";
}

TEST_F(DatabaseViews, TheRootOfAQueueIsBlamed) {
  row("session",
      "pid=10;state=idle in transaction;application_name=report;xact_age=700;query=update accounts");
  row("session",
      "pid=11;state=active;wait_event_type=Lock;wait_event=transactionid;query_age=600;blocked_by=10;query="
      "update a");
  row("session",
      "pid=12;state=active;wait_event_type=Lock;wait_event=relation;query_age=500;blocked_by=11;query=alter "
      "table a add b int");
  row("session",
      "pid=13;state=active;wait_event_type=Lock;wait_event=relation;query_age=400;blocked_by=12,11;query="
      "select a");
  const auto seen = observe();
  const auto& o = seen.at("state.database.sessions_blocked");
  EXPECT_EQ(o.facts.at("waiting"), "3");
  EXPECT_EQ(o.facts.at("holder"), "10 (report)");
  EXPECT_EQ(o.facts.at("state"), "idle in transaction");
  EXPECT_EQ(o.facts.at("waited"), "10 min");
  EXPECT_THAT(o.facts.at("sql"), HasSubstr("update accounts"));
  EXPECT_EQ(seen.at("event.top_wait").facts.at("class"), "lock");
  EXPECT_EQ(seen.at("event.top_wait").facts.at("told_by"), "pg_stat_activity");
}

TEST_F(DatabaseViews, TheRootIsAlsoFoundInLocksAndJoins) {
  row("lock", "locktype=transactionid;transactionid=700;mode=ExclusiveLock;granted=true;pid=10");
  row("lock", "locktype=relation;relation=accounts;mode=RowExclusiveLock;granted=true;pid=10");
  row("lock", "locktype=relation;relation=accounts;mode=RowExclusiveLock;granted=true;pid=11");
  for (const char* pid : {"11", "12", "13"})
    row("lock",
        std::string(
            "locktype=transactionid;transactionid=700;mode=ShareLock;granted=false;wait_age=90;pid=") +
            pid);
  EXPECT_EQ(observe().at("state.database.sessions_blocked").facts.at("pid"), "10");
  forget();
  row("blocked",
      "blocked_pid=11;blocking_pid=10;blocking_user=app;blocking_query=update "
      "t;wait_age=90;blocked_query=update t");
  EXPECT_EQ(observe().at("state.database.sessions_blocked").facts.at("holder"), "10 (app)");
  EXPECT_EQ(observe().at("event.top_wait").facts.at("class"), "lock");
}

TEST_F(DatabaseViews, ACircleOfWaitersEnds) {
  row("session", "pid=1;state=active;blocked_by=2;query_age=60");
  row("session", "pid=2;state=active;blocked_by=1;query_age=60");
  EXPECT_TRUE(observe().contains("state.database.sessions_blocked"));
}

TEST_F(DatabaseViews, AQueueBehindAChangeOfSchema) {
  row("session",
      "pid=1;state=active;query=alter table orders add note "
      "text;wait_event_type=Lock;wait_event=relation;query_age=90");
  rows(9, "session",
       "pid=2;state=active;query=select * from orders;wait_event_type=Lock;wait_event=relation;query_age=80");
  EXPECT_TRUE(observe().contains("state.database.ddl_blocks.measured"));
}

TEST_F(DatabaseViews, ReplicasAndSlots) {
  struct Case {
    const char* view;
    const char* values;
    const char* type;
  };
  for (const Case& c :
       {Case{"replica", "application_name=r1;replay_lag=1800", "state.database.replica_lagging.measured"},
        Case{"replica", "application_name=r1;sent_lsn=9000000000;replay_lsn=1000000000",
             "state.database.replica_lagging.measured"},
        Case{"replica", "application_name=r1;lag_bytes=5000", ""},
        Case{"member", "member=db-1;role=Replica;state=start failed", "sign.db_replica_stopped"},
        Case{"member", "member=db-1;role=Replica;state=streaming;lag_bytes=5000000000",
             "state.database.replica_lagging.measured"},
        Case{"member", "member=db-1;role=Replica;state=streaming;lag_bytes=0", ""},
        Case{"member", "member=db-0;role=Leader;state=running", ""},
        Case{"slot", "slot_name=s;active=false;retained=40000000000", "state.database.log_retained.measured"},
        Case{"slot", "slot_name=s;active=false;restart_lsn=1000;current_lsn=9000000000",
             "state.database.log_retained.measured"},
        Case{"slot", "slot_name=s;active=false;wal_status=extended", "state.database.log_retained.measured"},
        Case{"slot", "slot_name=s;active=false;wal_status=reserved;catalog_xmin=7", ""},
        Case{"archiver",
             "failed_count=9;last_failed_time=2026-05-28T20:30:00Z;last_archived_time=2026-05-28T20:00:00Z",
             "state.database.archive_failing"},
        Case{"archiver",
             "failed_count=9;last_failed_time=2026-05-28T20:00:00Z;last_archived_time=2026-05-28T20:30:00Z",
             ""},
        Case{"table", "relname=events;n_live_tup=100000;n_dead_tup=900000", "state.database.vacuum_behind"},
        Case{"database", "datname=shop;xid_age=1900000000", "state.database.transaction_ids_old"},
        Case{"pool", "datname=shop;cl_waiting=40;maxwait=12", "sign.db_pool_exhausted"}}) {
    forget();
    row(c.view, c.values);
    EXPECT_EQ(trouble(), c.type) << c.values;
  }
}

TEST_F(DatabaseViews, TheEndOfTheLogMayStandInAnotherTable) {
  row("slot", "slot_name=s;active=false;restart_lsn=1000");
  EXPECT_EQ(trouble(), "");
  row("wal_position", "current_lsn=9000000000");
  EXPECT_EQ(trouble(), "state.database.log_retained.measured");
}

TEST_F(DatabaseViews, DeadRowsThatAnOldTransactionKeeps) {
  row("table", "relname=events;n_live_tup=100000;n_dead_tup=900000");
  row("session", "pid=7;state=idle in transaction;xact_age=9000;application_name=report;backend_xmin=700");
  const auto seen = observe();
  EXPECT_EQ(seen.at("sign.db_dead_rows_kept").facts.at("rows"), "900000");
  EXPECT_FALSE(seen.contains("state.database.vacuum_behind"));
  forget();
  row("table", "relname=events;n_live_tup=100000;n_dead_tup=900000");
  row("session", "pid=7;state=idle in transaction;xact_age=9000;application_name=report");
  row("session", "pid=8;state=active;xact_age=1;backend_xmin=900");
  EXPECT_TRUE(observe().contains("state.database.vacuum_behind")) << "who only read holds nothing back";
}

TEST_F(DatabaseViews, ScansWeighWhereASlowStatementReadsTheTable) {
  row("table", "relname=events;n_live_tup=5000000;seq_scan=9000;seq_tup_read=45000000000;idx_scan=10");
  EXPECT_EQ(trouble(), "") << "totals may be long over";
  row("statement", "query=select * from events where kind = $1;mean_time=4200;calls=9000");
  EXPECT_EQ(observe().at("sign.db_full_scan").facts.at("table"), "events");
}

TEST_F(DatabaseViews, BelongToTheDatabaseThatWasAsked) {
  scope_.alarm.entity = "checkout";
  entity("checkout", "Deployment");
  entity("ledger", "AWS::RDS::DBInstance").attributes.set("endpoint.host", "ledger.abc.rds.amazonaws.com");
  rows(9, "session", "pid=7;state=idle in transaction;application_name=orders;xact_age=900");
  EXPECT_EQ(observe().at("state.database.idle_in_transaction").entity, "ledger") << "the only database";
  entity("stock", "AWS::RDS::DBInstance");
  EXPECT_EQ(observe().at("state.database.idle_in_transaction").entity, "postgresql") << "one of two";
  for (auto& e : events_) e.attributes.set("asked.host", "Ledger.abc.rds.amazonaws.com");
  EXPECT_EQ(observe().at("state.database.idle_in_transaction").entity, "ledger") << "by its address";
  for (auto& e : events_) e.attributes.set("asked.host", "stock.internal");
  EXPECT_EQ(observe().at("state.database.idle_in_transaction").entity, "stock") << "by its name";
  for (auto& e : events_) e.attributes.set("asked.host", "");
  scope_.alarm.entity = "stock";
  EXPECT_EQ(observe().at("state.database.idle_in_transaction").entity, "stock") << "the alarmed one";
}

TEST_F(DatabaseViews, OfAPodAreToldOfItsWorkload) {
  auto& set = entity("shop/statefulset/ledger", "StatefulSet");
  set.attributes.set("platform.kind", "workload");
  set.attributes.set("database.engine", "postgresql");
  entity("shop/pod/ledger-0", "Pod").attributes.set("platform.kind", "pod");
  relations_.push_back(
      {"shop/statefulset/ledger", "shop/pod/ledger-0", telemetry::RelationKind::kContains, {}});
  rows(9, "session", "pid=7;state=idle in transaction;application_name=orders;xact_age=900");
  for (auto& e : events_) e.entity = "shop/pod/ledger-0";
  EXPECT_EQ(observe().at("state.database.idle_in_transaction").entity, "shop/statefulset/ledger");
}

TEST_F(DatabaseViews, HostileTextIsBoundedAndRedacted) {
  const std::string values = "pid=7;state=idle in transaction;xact_age=4000;application_name=\x1b[31m" +
                             std::string(900, 'x') + ";query=select 'password=hunter2'" +
                             std::string(5000, 'y');
  row("session", values);
  for (const auto& [type, o] : observe()) {
    for (const auto& [name, value] : o.facts) {
      EXPECT_LT(value.size(), 400U) << name;
      EXPECT_EQ(value.find('\x1b'), std::string::npos) << name;
      EXPECT_EQ(value.find("hunter2"), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace midwatch::observe::database
