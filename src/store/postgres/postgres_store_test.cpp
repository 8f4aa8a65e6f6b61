#include "src/store/postgres/postgres_store.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "src/store/contract/store_checks.h"
#include "src/store/contract/store_contract.h"
#include "src/store/postgres/postgres_connection.h"
#include "src/store/postgres/testing/postgres_server.h"

namespace midwatch::store {
namespace {

using base::ErrorCode;
using contract::incident_of;
using contract::whole_writes;
using contract::write_whole;
using postgres::open_postgres;
using postgres::PostgresConnection;
using postgres::testing::PostgresServer;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// One server for all tests of this program, started when the first needs it; null where there is none.
PostgresServer* server() {
  static const std::unique_ptr<PostgresServer> kServer = PostgresServer::start();
  return kServer.get();
}

class Schema final : public contract::Database {
 public:
  base::Result<std::unique_ptr<Store>> open() override { return open_postgres(address_); }

 private:
  std::string address_ = server()->new_schema();
};

const auto kCases =
    ::testing::Values(contract::Case{"PostgreSQL", []() -> std::unique_ptr<contract::Database> {
                                       if (!server()) return nullptr;
                                       return std::make_unique<Schema>();
                                     }});

class PostgresStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!server()) GTEST_SKIP() << "PostgreSQL is not installed on this machine";
    address = server()->new_schema();
  }

  std::unique_ptr<Store> opened() const {
    auto store = open_postgres(address);
    if (!store) throw std::runtime_error(store.error().describe());
    return *std::move(store);
  }
  std::unique_ptr<PostgresConnection> connected(const std::string& to) const {
    auto connection = PostgresConnection::open(to);
    if (!connection) throw std::runtime_error(connection.error().describe());
    return *std::move(connection);
  }

  std::string address;
};

void expect_works(const base::Result<>& result) {
  EXPECT_TRUE(result) << result.error().describe();
}

TEST_F(PostgresStoreTest, SaysWhyItDoesNotOpen) {
  opened();
  server()->run(address, "UPDATE midwatch_version SET version = 999");
  server()->run(address, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  struct Row {
    std::string address;
    ErrorCode code;
    std::string says;
  };
  const std::vector<Row> rows{
      {"postgresql://user:pass@s3cret@host/x", ErrorCode::kInvalidArgument, "is not understood"},
      {"s3cret", ErrorCode::kInvalidArgument, "is not understood"},
      {"host=/nowhere password=s3cret", ErrorCode::kUnavailable, "/nowhere"},
      {address + " dbname=missing", ErrorCode::kUnavailable, "\"missing\" does not exist"},
      {address + " dbname=latin", ErrorCode::kUnsupported, "its encoding is LATIN1"},
      {address, ErrorCode::kUnsupported, "a newer Midwatch wrote it (its tables have version 999"},
  };
  for (const auto& row : rows) {
    const auto store = open_postgres(row.address);
    ASSERT_FALSE(store) << row.address;
    EXPECT_EQ(store.error().code, row.code) << store.error().describe();
    EXPECT_THAT(store.error().describe(), HasSubstr(row.says));
    EXPECT_THAT(store.error().describe(), Not(HasSubstr("s3cret")));
  }
}

TEST_F(PostgresStoreTest, IsMadeOnceWhoeverOpensItFirst) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      const auto store = open_postgres(address);
      ASSERT_TRUE(store) << store.error().describe();
      expect_works(write_whole(**store, fmt::to_string(i)));
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(whole_writes(*opened()).size(), 4U);
}

TEST_F(PostgresStoreTest, GoesOnWhenTheServerRestarted) {
  const auto store = opened();
  expect_works(write_whole(*store, "before"));
  for (const auto how : {PostgresServer::Stop::kFast, PostgresServer::Stop::kCrash}) {
    EXPECT_FALSE(whole_writes(*store).empty());
    server()->stop(how);
    const auto failed = write_whole(*store, "meanwhile");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable) << failed.error().describe();
    const auto unread = store->read([](Session&) { return base::Result<>(); });
    ASSERT_FALSE(unread);
    EXPECT_EQ(unread.error().code, ErrorCode::kUnavailable) << unread.error().describe();
    server()->start_again();
    expect_works(write_whole(*store, how == PostgresServer::Stop::kFast ? "after" : "after the crash"));
  }
  EXPECT_EQ(whole_writes(*store), (std::set<std::string>{"before", "after", "after the crash"}));
}

/// Writes to a store from several threads, and remembers what was told to be kept.
class Writers {
 public:
  explicit Writers(Store& store) {
    for (int thread = 0; thread < 3; ++thread)
      threads_.emplace_back([&store, thread, this] {
        for (int i = 0; !enough_; ++i) write(store, fmt::format("{}-{}", thread, i));
      });
  }
  void wait_for_more() {
    for (int before = kept_, now = before; now < before + 20; now = kept_) kept_.wait(now);
  }
  /// All that was told.
  std::set<std::string> stop() {
    enough_ = true;
    for (auto& thread : threads_) thread.join();
    return told_;
  }

 private:
  void write(Store& store, const std::string& id) {
    const auto written = write_whole(store, id);
    if (!written) {
      EXPECT_EQ(written.error().code, ErrorCode::kUnavailable) << written.error().describe();
      return;
    }
    const std::lock_guard lock(mutex_);
    told_.insert(id);
    kept_.fetch_add(1);
    kept_.notify_all();
  }

  std::mutex mutex_;
  std::set<std::string> told_;
  std::atomic<bool> enough_ = false;
  std::atomic<int> kept_ = 0;
  std::vector<std::thread> threads_;
};

TEST_F(PostgresStoreTest, ARestartAmidWritesLosesNothingThatWasTold) {
  const auto store = opened();
  Writers writers(*store);
  for (int round = 0; round < 4; ++round) {
    writers.wait_for_more();
    server()->stop(round % 2 == 0 ? PostgresServer::Stop::kCrash : PostgresServer::Stop::kFast);
    server()->start_again();
  }
  writers.wait_for_more();
  const auto told = writers.stop();
  const auto found = whole_writes(*store);
  for (const auto& id : told) EXPECT_TRUE(found.contains(id)) << id << " was told to be kept";
}

/// Two stores, as of two processes, write to a primary with a synchronous standby. The primary is killed amid
/// writes and never comes back, and the standby is promoted.
TEST_F(PostgresStoreTest, AFailoverAmidWritesLosesNothingThatWasTold) {
  const auto primary = PostgresServer::start();
  const auto standby = primary->start_standby();
  const std::string both =
      fmt::format("host={},{} user=midwatch dbname=postgres", primary->host(), standby->host());
  const auto opened_at = [](const std::string& where) {
    auto store = open_postgres(where);
    if (!store) throw std::runtime_error(store.error().describe());
    return *std::move(store);
  };
  const auto store = opened_at(both);
  const auto other = opened_at(both);
  expect_works(write_whole(*other, "before"));
  Writers writers(*store);
  writers.wait_for_more();
  primary->stop(PostgresServer::Stop::kCrash);
  const auto meanwhile = write_whole(*other, "meanwhile");
  EXPECT_FALSE(meanwhile) << "the standby takes no writes yet";
  standby->promote();
  writers.wait_for_more();
  auto told = writers.stop();
  expect_works(write_whole(*other, "after"));
  told.insert({"before", "after"});
  const auto found = whole_writes(*opened_at(both));
  for (const auto& id : told) EXPECT_TRUE(found.contains(id)) << id << " was told to be kept";
  EXPECT_FALSE(found.contains("meanwhile"));
}

TEST_F(PostgresStoreTest, BeginsAgainWhereAnotherWasInItsWay) {
  const auto store = opened();
  expect_works(store->write([](Session& session) { return session.add_incident(incident_of("a", 1)); }));
  // A session that somebody ends, as a failover does, and a transaction that the server gives up.
  int runs = 0;
  expect_works(store->write([&](Session& session) -> base::Result<> {
    if (++runs == 1)
      server()->run(
          address,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'midwatch' "
          "AND state = 'idle in transaction'");
    return session.add_incident(incident_of("b", 2));
  }));
  EXPECT_EQ(runs, 2);
  expect_works(store->read([](Session& session) -> base::Result<> {
    const auto kept = session.incidents({}, "", 9);
    if (!kept) return kept.error();
    EXPECT_EQ(contract::ids(kept->items), "b a");
    return {};
  }));
}

TEST_F(PostgresStoreTest, ALeasePassesOverWhatSomebodyHolds) {
  const auto store = opened();
  expect_works(store->write([](Session& session) -> base::Result<> {
    auto added = session.add_incident(incident_of("inc", 1));
    for (const auto& [id, time] : {std::pair("first", 1), {"second", 2}})
      if (added) added = session.add_investigation(contract::investigation_of(id, "inc", time));
    return added;
  }));
  const auto holder = connected(address);
  expect_works(holder->run_script("BEGIN; SELECT * FROM investigations WHERE id = 'first' FOR UPDATE"));
  expect_works(store->write([](Session& session) -> base::Result<> {
    const auto taken = session.lease({"w", contract::at(9)}, contract::at(5));
    if (!taken) return taken.error();
    EXPECT_EQ(*taken ? (*taken)->id : "none", "second");
    return {};
  }));
}

TEST_F(PostgresStoreTest, ForgetsOldChangesAndSaysSo) {
  const auto store = opened();
  server()->run(address, contract::kManyChanges);
  contract::expect_few_changes(*store);
}

TEST_F(PostgresStoreTest, BringsEveryEarlierVersionToThisOne) {
  const std::string columns =
      "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable FROM "
      "information_schema.columns WHERE table_schema = current_schema() UNION ALL SELECT "
      "replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema() "
      "ORDER BY 1";
  const auto schema_at = [&](const std::string& where) {
    const auto found = connected(where)->run(columns, {});
    std::string all;
    if (found)
      for (const auto& row : found->rows) all += std::get<std::string>(row.at(0)) + "\n";
    return all;
  };
  opened();
  const auto newest = connected(address)->run("SELECT version FROM midwatch_version", {});
  ASSERT_TRUE(newest) << newest.error().describe();
  const auto versions = std::get<std::int64_t>(newest->rows.at(0).at(0));
  std::ostringstream fixture;  // of a version and all before it
  for (std::int64_t version = 1; version <= versions; ++version) {
    const auto path = std::filesystem::path(MIDWATCH_SOURCE_DIR) / "src/store/postgres/testdata" /
                      fmt::format("version_{}.sql", version);
    ASSERT_TRUE(std::filesystem::exists(path)) << "every version of the tables needs its fixture";
    fixture << std::ifstream(path).rdbuf();
    const std::string earlier = server()->new_schema();
    server()->run(earlier,
                  fmt::format("{}; CREATE TABLE midwatch_version (version BIGINT NOT NULL); INSERT INTO "
                              "midwatch_version VALUES ({})",
                              fixture.str(), version));
    const auto store = open_postgres(earlier);
    ASSERT_TRUE(store) << store.error().describe();
    EXPECT_THAT(schema_at(earlier), Not(IsEmpty()));
    EXPECT_EQ(schema_at(earlier), schema_at(address));
    contract::expect_fixture(**store);
  }
}

}  // namespace

namespace contract {
INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract, kCases, case_name);
INSTANTIATE_TEST_SUITE_P(Postgres, StoreConcurrency, kCases, case_name);
}  // namespace contract

}  // namespace midwatch::store
