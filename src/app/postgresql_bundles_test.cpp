// Bundles whose only record of the fault is what psql printed.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/bundle_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/app/report_verification.h"
#include "src/base/json.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"
#include "src/report/json_report.h"

namespace midwatch::app {
namespace {

using connectors::bundle::testing::TemporaryFolder;

const base::ManualClock kClock{base::Timestamp(std::chrono::hours(1))};

const knowledge::KnowledgeBase& known() {
  static const auto kKnowledge = load_knowledge("");
  return *kKnowledge;
}

/// What an investigation of raw files says; the alarm is of `entity`.
class PostgresqlBundles : public ::testing::Test {
 protected:
  void alarm(const std::string& entity, const std::string& name, const std::string& summary) {
    folder_.write("bundle.json",
                  R"({"format":"midwatch.bundle/v1","id":"b1","alarm":{"name":")" + name + R"(","entity":")" +
                      entity + R"(","time":"2030-05-01T12:00:00Z","summary":")" + summary +
                      R"("},"window":{"start":"2030-05-01T11:00:00Z","end":"2030-05-01T12:10:00Z"}})");
  }

  model::InvestigationRecord investigate() const {
    auto record = investigate_bundle({folder_.path(), "", 1, {}}, known(), kClock);
    EXPECT_TRUE(record) << record.error().describe();
    if (!record) return {};
    // Every claim has to be found again in the files.
    const TemporaryFolder other;
    const std::string report =
        other.write("report.json", base::dump_json(report::json_report(*record, model::Language::kEnglish)));
    const auto verdict = verify_bundle_report({report, folder_.path(), ""}, kClock);
    EXPECT_TRUE(verdict && !verdict->failure)
        << (verdict ? verdict->failure->claim + ": " + verdict->failure->what : verdict.error().describe());
    return *std::move(record);
  }

  /// "mode of entity" of the cause that is named first; else the outcome.
  static std::string answer(const model::InvestigationRecord& record) {
    if (record.root_causes.empty()) return std::string(model::to_string(record.outcome));
    return record.root_causes[0].mode + " of " + record.root_causes[0].entity;
  }

  TemporaryFolder folder_;
};

/// As `select pid, application_name, …` prints them.
std::string sessions(int idle_in_transaction, int idle) {
  std::string text =
      " pid  | application_name |        state        |       age       |                query               "
      "  \n"
      "------+------------------+---------------------+-----------------+------------------------------------"
      "--\n";
  for (int i = 0; i < idle_in_transaction; ++i) {
    text += " 42" + std::to_string(10 + i) + " | checkout         | idle in transaction | 00:14:3" +
            std::to_string(i % 10) + ".120045 | update carts set total = $1 where id = $2\n";
  }
  for (int i = 0; i < idle; ++i)
    text += " 43" + std::to_string(10 + i) +
            " | catalog          | idle                | 00:00:01.004512 | commit\n";
  return text + "(" + std::to_string(idle_in_transaction + idle) + " rows)\n\n";
}

TEST_F(PostgresqlBundles, ALeakOfOneApplication) {
  alarm("shop/deployment/checkout", "CheckoutErrors", "5xx of checkout above 5 percent");
  folder_.write(
      "raw/kubernetes/get-deploy.txt",
      "# kubectl get deploy -n shop\nNAME       READY   UP-TO-DATE   AVAILABLE   AGE\n"
      "checkout   3/3     3            3           9d\ncatalog    2/2     2            2           9d\n");
  folder_.write(
      "raw/kubernetes/exec-ledger-0.txt",
      "# kubectl exec -n shop ledger-0 -- psql -U postgres -c \"select pid, application_name, state, now() - "
      "state_change as age, query from pg_stat_activity\" -c \"show max_connections\"\n" +
          sessions(46, 3) + " max_connections \n-----------------\n 50\n(1 row)\n\n");
  const auto record = investigate();
  EXPECT_EQ(answer(record), "connection-exhaustion of shop/statefulset/ledger");
  ASSERT_FALSE(record.root_causes.empty());
  EXPECT_THAT(record.root_causes[0].title.en, ::testing::HasSubstr("46 of 49 by checkout"));
  EXPECT_THAT(record.root_causes[0].title.ja, ::testing::HasSubstr("checkout"));
}

TEST_F(PostgresqlBundles, ALeakThatHasNotReachedTheLimit) {
  alarm("ledger", "LedgerSlow", "requests of ledger are slow");
  folder_.write("entities.ndjson", R"({"id":"ledger","type":"database"})"
                                   "\n");
  folder_.write("raw/psql/activity.csv",
                "application_name,state,count,oldest\ncheckout,idle in transaction,61,00:22:10.5\n"
                "catalog,idle,20,00:00:04\ncheckout,active,2,00:00:00.01\n");
  EXPECT_EQ(answer(investigate()), "transactions-left-open of ledger");
}

TEST_F(PostgresqlBundles, AnOpenTransactionThatOthersWaitFor) {
  alarm("ledger", "LedgerLatency", "p99 latency of ledger above 2 s");
  folder_.write("entities.ndjson", R"({"id":"ledger","type":"database"})"
                                   "\n");
  folder_.write("raw/postgres/blocking.txt",
                "postgres=# \\x\nExpanded display is on.\n"
                "postgres=# select pid, application_name, state, pg_blocking_pids(pid), …\n"
                "-[ RECORD 1 ]----+---------------------------------------------\n"
                "pid              | 7101\n"
                "application_name | nightly-report\n"
                "state            | idle in transaction\n"
                "wait_event_type  | Client\n"
                "pg_blocking_pids | {}\n"
                "xact_age         | 00:41:07.55021\n"
                "query            | update accounts set flagged = true         +\n"
                "                 | where region = 7\n"
                "-[ RECORD 2 ]----+---------------------------------------------\n"
                "pid              | 7140\n"
                "application_name | api\n"
                "state            | active\n"
                "wait_event_type  | Lock\n"
                "pg_blocking_pids | {7101}\n"
                "xact_age         | 00:12:00.11\n"
                "query            | update accounts set balance = $1\n"
                "-[ RECORD 3 ]----+---------------------------------------------\n"
                "pid              | 7141\n"
                "application_name | api\n"
                "state            | active\n"
                "wait_event_type  | Lock\n"
                "pg_blocking_pids | {7140,7101}\n"
                "xact_age         | 00:11:58.09\n"
                "query            | update accounts set balance = $1\n"
                "-[ RECORD 4 ]----+---------------------------------------------\n"
                "pid              | 7152\n"
                "application_name | api\n"
                "state            | active\n"
                "wait_event_type  | Lock\n"
                "pg_blocking_pids | {7141}\n"
                "xact_age         | 00:09:12.00\n"
                "query            | update accounts set balance = $1\n\n");
  const auto record = investigate();
  EXPECT_EQ(answer(record), "lock-contention of ledger");
  ASSERT_FALSE(record.root_causes.empty());
  EXPECT_THAT(record.root_causes[0].title.en, ::testing::HasSubstr("7101 (nightly-report)"));
}

TEST_F(PostgresqlBundles, AnInactiveSlotThatKeepsLog) {
  alarm("ledger", "DiskAlmostFull", "the volume of ledger is 91 percent full");
  folder_.write("entities.ndjson", R"({"id":"ledger","type":"database"})"
                                   "\n");
  folder_.write("raw/postgresql/slots.txt",
                "# psql -h ledger -c \"select slot_name, …\"\n"
                "   slot_name   | slot_type | active | wal_status | retained_wal \n"
                "---------------+-----------+--------+------------+--------------\n"
                " replica_1     | physical  | t      | reserved   | 16 MB\n"
                " old_warehouse | logical   | f      | extended   | 213 GB\n"
                "(2 rows)\n\nTime: 2.104 ms\n");
  const auto record = investigate();
  EXPECT_EQ(answer(record), "wal-retention-fills-storage of ledger");
}

TEST_F(PostgresqlBundles, AReplicaFarBehind) {
  alarm("ledger", "StaleReads", "readers of ledger see old orders");
  folder_.write("entities.ndjson", R"({"id":"ledger","type":"database"})"
                                   "\n");
  folder_.write("raw/postgresql/replication.txt",
                "application_name|client_addr|state|sync_state|sent_lsn|replay_lsn|replay_lag\n"
                "replica_1|10.0.4.7|streaming|async|5A/10000060|5A/10000060|00:00:00.002\n"
                "replica_2|10.0.4.9|streaming|async|5A/10000060|58/2F000028|00:37:12.4\n(2 rows)\n");
  EXPECT_EQ(answer(investigate()), "replication-lag of ledger");
}

TEST_F(PostgresqlBundles, AHealthyDatabase) {
  alarm("ledger", "LedgerLatency", "p99 latency of ledger above 2 s");
  folder_.write("entities.ndjson", R"({"id":"ledger","type":"database"})"
                                   "\n");
  folder_.write("raw/postgresql/activity.txt",
                " pid  | application_name |  state | wait_event_type |    age    \n"
                "------+------------------+--------+-----------------+-----------\n"
                " 7101 | api              | idle   | Client          | 00:00:01.2\n"
                " 7102 | api              | active |                 | 00:00:00.004\n"
                " 7103 | catalog          | idle in transaction | Client | 00:00:00.01\n(3 rows)\n\n"
                " max_connections \n-----------------\n 200\n(1 row)\n\n"
                " slot_name | active | wal_status | retained \n-----------+--------+------------+----------\n"
                " replica_1 | t      | reserved   | 16 MB\n(1 row)\n\n"
                " application_name | state     | replay_lag \n------------------+-----------+------------\n"
                " replica_1        | streaming | 00:00:00.004\n(1 row)\n");
  const auto record = investigate();
  EXPECT_TRUE(record.root_causes.empty()) << answer(record);
  EXPECT_EQ(record.outcome, model::Outcome::kNothingWrong);
}

TEST_F(PostgresqlBundles, APoolerWhoseClientsWait) {
  alarm("pgbouncer", "PoolerWaits", "clients of the pooler wait");
  folder_.write(
      "raw/pgbouncer/pools.txt",
      " database | user | cl_active | cl_waiting | sv_active | sv_idle | maxwait | pool_mode   \n"
      "----------+------+-----------+------------+-----------+---------+---------+-------------\n"
      " shop     | app  |        20 |         37 |        20 |       0 |      14 | transaction\n(1 row)\n");
  EXPECT_EQ(answer(investigate()), "connection-pool-exhaustion of pgbouncer");
}

TEST_F(PostgresqlBundles, AMemberOfAClusterThatDoesNotRun) {
  alarm("ledger", "ReplicaMissing", "a replica of ledger is gone");
  folder_.write("entities.ndjson", R"({"id":"ledger","type":"database"})"
                                   "\n");
  folder_.write("raw/patroni/list.txt",
                "# patronictl list\n"
                "+ Cluster: ledger (7277694203142172922) -+--------------+----+-----------+\n"
                "| Member   | Host     | Role    | State        | TL | Lag in MB |\n"
                "+----------+----------+---------+--------------+----+-----------+\n"
                "| ledger-0 | 10.0.4.7 | Leader  | running      |  5 |           |\n"
                "| ledger-2 | 10.0.4.9 | Replica | start failed |    |   unknown |\n"
                "+----------+----------+---------+--------------+----+-----------+\n");
  EXPECT_EQ(answer(investigate()), "replication-stopped of ledger");
}

TEST_F(PostgresqlBundles, WhatWasNotUnderstoodIsNoSignOfHealth) {
  alarm("ledger", "LedgerLatency", "p99 latency of ledger above 2 s");
  folder_.write("raw/postgresql/a.txt", " id | price \n----+-------\n  1 |  2.50\n(1 row)\n");
  const auto record = investigate();
  EXPECT_EQ(record.outcome, model::Outcome::kInconclusive);
  EXPECT_TRUE(std::any_of(record.gaps.begin(), record.gaps.end(), [](const model::Gap& gap) {
    return gap.what.en.find("id, price") != std::string::npos;
  }));
}

TEST_F(PostgresqlBundles, OneRefusedConnectionSaysThatNoneIsLeft) {
  alarm("ledger", "LedgerDown", "connections to ledger fail");
  folder_.write("entities.ndjson", R"({"id":"ledger","type":"database"})"
                                   "\n");
  folder_.write(
      "raw/psql/select.txt",
      "psql: error: connection to server at \"ledger\" (10.0.4.2), port 5432 failed: FATAL:  sorry, too many "
      "clients already\n");
  EXPECT_EQ(answer(investigate()), "connection-exhaustion of ledger");
}

}  // namespace
}  // namespace midwatch::app
