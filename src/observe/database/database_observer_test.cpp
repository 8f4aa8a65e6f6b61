#include "src/observe/database/database_observer.h"

#include <algorithm>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/telemetry/flatten.h"

namespace midwatch::observe::database {
namespace {

using model::Observation;
using telemetry::MetricSeries;
using telemetry::PlatformEvent;

const knowledge::KnowledgeBase& knowledge_base() {
  static const auto kKnowledge = knowledge::embedded_knowledge();
  return *kKnowledge;
}

/// One database "ledger" in a window of fifteen minutes.
class DatabaseObserver : public testing::Test {
 protected:
  DatabaseObserver() {
    scope_.window = {at(0), at(16)};
    scope_.alarm.entity = "ledger";
    scope_.alarm.time = at(15);
    entity_.id = "ledger";
    entity_.type = "AWS::RDS::DBInstance";
    entity_.attributes.set("instance_class", "db.m6g.xlarge");
    entity_.attributes.set("engine", "postgres");
  }

  static base::Timestamp at(int minute) {
    return base::Timestamp(std::chrono::seconds(1780000000)) + std::chrono::minutes(minute);
  }

  void measure(const std::string& metric, std::vector<double> values, const std::string& entity = "ledger") {
    MetricSeries series;
    series.key.entity = entity;
    series.key.metric = metric;
    for (std::size_t i = 0; i < values.size(); ++i)
      series.points.push_back({at(static_cast<int>(i)), values[i]});
    series_.push_back(std::move(series));
  }

  void say(int minute, const std::string& message) {
    PlatformEvent e;
    e.time = at(minute);
    e.entity = "ledger";
    e.source = "rds";
    e.message = message;
    events_.push_back(std::move(e));
  }

  void load(const char* type, const std::string& name, double sessions, const std::string& wait = {}) {
    PlatformEvent e;
    e.time = at(0);
    e.entity = "ledger";
    e.source = "performance_insights";
    e.type = type;
    e.message = name;
    e.attributes.set("db_load_avg", std::to_string(sessions));
    if (!wait.empty()) {
      e.attributes.set("wait_events.0.name", wait);
      e.attributes.set("wait_events.0.db_load_avg", std::to_string(sessions));
    }
    events_.push_back(std::move(e));
  }

  std::map<std::string, Observation> observe() {
    topology::TopologyBuilder builder;
    builder.add(entity_);
    const topology::Topology topology = std::move(builder).build();
    std::map<std::string, Observation> by_type;
    for (auto& o : observe_databases({scope_, topology, events_, series_, baseline_, seen_}, knowledge_base(),
                                     [](std::uint32_t) { return std::string("events.ndjson"); })) {
      EXPECT_FALSE(o.evidence.empty()) << o.type;
      EXPECT_TRUE(o.strength > 0 && o.strength <= 1) << o.type;
      by_type.emplace(o.type, o);
    }
    return by_type;
  }

  /// What the database's own log was found to say.
  void log(const std::string& signature, double count, const std::string& line) {
    Observation o;
    o.entity = "ledger";
    o.type = "sign." + signature;
    o.subject = signature;
    o.value = count;
    o.strength = 0.8;
    o.facts["sample"] = line;
    o.evidence.emplace_back();
    seen_.push_back(std::move(o));
  }

  /// The first logged sign's strength when all was observed.
  double strength_of_log() {
    topology::TopologyBuilder builder;
    builder.add(entity_);
    const topology::Topology topology = std::move(builder).build();
    const DatabaseEvidence evidence{scope_, topology, events_, series_, baseline_, seen_};
    std::vector<Observation> all = seen_;
    for (auto& o : observe_databases(evidence, knowledge_base(), [](std::uint32_t) { return std::string(); }))
      all.push_back(std::move(o));
    discount_strangers(evidence, knowledge_base(), all);
    return all.front().strength;
  }

  static std::vector<double> steady(double level, std::size_t n = 15) {
    return std::vector<double>(n, level);
  }
  /// `before` for a third of the time, then `after`.
  static std::vector<double> step(double before, double after) {
    std::vector<double> values(15, after);
    std::fill(values.begin(), values.begin() + 5, before);
    return values;
  }
  static std::vector<double> ramp(double from, double to) {
    std::vector<double> values;
    for (int i = 0; i < 15; ++i) values.push_back(from + (to - from) * i / 14);
    return values;
  }

  telemetry::IncidentScope scope_;
  telemetry::Entity entity_;
  std::vector<MetricSeries> series_;
  std::vector<MetricSeries> baseline_;
  std::vector<PlatformEvent> events_;
  std::vector<Observation> seen_;
};

struct ConditionCase {
  const char* metric;
  std::vector<double> values;
  const char* condition;  ///< the type that must be observed; empty: none
};

TEST_F(DatabaseObserver, LogThatHoldsAGoodPartOfTheVolumeIsRetainedThoughItGrowsSlowly) {
  const auto retained = [&](std::vector<double> values) {
    series_.clear();
    measure("OldestReplicationSlotLag", std::move(values));
    return observe().contains("state.database.log_retained.measured");
  };
  EXPECT_FALSE(retained(ramp(2.8e11, 3.1e11))) << "of what is not known";
  entity_.attributes.set("AllocatedStorage", "1000");
  EXPECT_TRUE(retained(ramp(2.8e11, 3.1e11)));
  EXPECT_FALSE(retained(ramp(5e10, 5.5e10))) << "a twentieth";
  EXPECT_FALSE(retained(ramp(3.1e11, 2.8e11))) << "it is being read";
}

TEST_F(DatabaseObserver, ConditionsFromOneMeasurement) {
  const std::vector<ConditionCase> cases{
      {"CPUUtilization", step(20, 96), "state.database.cpu_saturated"},
      {"CPUUtilization", step(20, 72), ""},
      {"ReplicaLag", ramp(1, 400), "state.database.replica_lagging.measured"},
      {"ReplicaLag", steady(1.4), ""},
      {"ReplicaLag", step(300, 2), ""},
      {"FreeStorageSpace", ramp(4e10, 1e8), "state.database.storage_exhausted.measured"},
      {"FreeStorageSpace", ramp(4e10, 2.5e10), "state.database.storage_filling"},
      {"FreeStorageSpace", steady(2e11), ""},
      {"FreeStorageSpace", steady(3e8), "state.database.storage_exhausted.measured"},
      {"DatabaseConnections", ramp(200, 1660), "state.database.connections_exhausted.measured"},
      {"DatabaseConnections", ramp(200, 900), "state.database.connections_exhausted.near"},
      {"DatabaseConnections", steady(900), ""},
      {"DBLoad", step(1, 12), "state.database.load_high"},
      {"DBLoad", step(1, 1.8), ""},
      {"TransactionLogsGeneration", step(3e6, 9e7), "state.database.write_heavy"},
      {"WriteIOPS", step(300, 4000), "state.database.write_heavy"},
      {"WriteIOPS", step(300, 450), ""},
      {"DiskQueueDepth", step(0.5, 28), "state.database.volume_saturated"},
      {"BurstBalance", step(90, 0.5), "state.database.credits_exhausted"},
      {"OldestReplicationSlotLag", ramp(1e9, 4e10), "state.database.log_retained.measured"},
      {"FreeableMemory", step(9e9, 1e8), "state.database.memory_short"},
      {"MaximumUsedTransactionIDs", steady(1.6e9), "state.database.transaction_ids_old"},
      {"MaximumUsedTransactionIDs", steady(2e8), ""},
      {"Deadlocks", step(0, 3), "state.database.deadlocks"},
  };
  for (const ConditionCase& c : cases) {
    series_.clear();
    measure(c.metric, c.values);
    const auto seen = observe();
    std::string states;
    for (const auto& [type, o] : seen) {
      if (type.starts_with("state.")) states += (states.empty() ? "" : " ") + type;
    }
    EXPECT_EQ(states, c.condition) << c.metric << " … " << c.values.back();
  }
}

TEST_F(DatabaseObserver, AuroraMeasuresLagInMilliseconds) {
  measure("AuroraReplicaLag", ramp(20, 900));
  EXPECT_FALSE(observe().contains("state.database.replica_lagging.measured"));
  series_.clear();
  measure("AuroraReplicaLag", ramp(20, 200000));
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.database.replica_lagging.measured"));
  EXPECT_EQ(seen.at("state.database.replica_lagging.measured").facts.at("lag"), "200 s");
}

TEST_F(DatabaseObserver, OnsetIsWhereTheLevelWasReached) {
  measure("CPUUtilization", step(20, 96));
  EXPECT_EQ(observe().at("state.database.cpu_saturated").onset, at(5));
}

TEST_F(DatabaseObserver, ABaselineSaysWhatIsOrdinary) {
  measure("ReplicaLag", steady(90));
  EXPECT_FALSE(observe().contains("state.database.replica_lagging.measured"));
  baseline_ = series_;
  for (auto& p : baseline_.front().points) p.value = 2;
  EXPECT_TRUE(observe().contains("state.database.replica_lagging.measured"));
}

TEST_F(DatabaseObserver, WritesStallWhereTheyAreSlowAndFew) {
  measure("WriteIOPS", step(1800, 0));
  measure("WriteLatency", step(0.001, 33));
  EXPECT_TRUE(observe().contains("state.database.writes_stalled"));
}

TEST_F(DatabaseObserver, IdleSessionsAtTheLimit) {
  measure("DatabaseConnections", ramp(200, 1660));
  measure("DBLoad", steady(1.5));
  EXPECT_TRUE(observe().contains("state.database.sessions_idle"));
  series_.pop_back();
  measure("DBLoad", step(2, 40));
  EXPECT_FALSE(observe().contains("state.database.sessions_idle"));
}

TEST_F(DatabaseObserver, ConnectionsThatDropAndReturn) {
  auto values = steady(200);
  values[6] = values[7] = 0;
  measure("DatabaseConnections", values);
  EXPECT_EQ(observe().at("state.database.connections_dropped").onset, at(6));
}

TEST_F(DatabaseObserver, AReportStandsForAMissingMeasurement) {
  say(9, "Read replica ledger-ro replication lag exceeded 600 seconds.");
  auto seen = observe();
  EXPECT_TRUE(seen.contains("sign.db_replica_lag"));
  EXPECT_EQ(seen.at("state.database.replica_lagging.reported").onset, at(9));
  measure("ReplicaLag", ramp(1, 700));
  seen = observe();
  EXPECT_FALSE(seen.contains("state.database.replica_lagging.reported"));
  EXPECT_TRUE(seen.contains("state.database.replica_lagging.measured"));
}

TEST_F(DatabaseObserver, AReportIsOverWhenTheMeasurementIsInOrder) {
  say(3, "The free storage capacity for DB instance ledger is low at 7% of the provisioned storage");
  auto values = ramp(4e10, 3e9);
  for (std::size_t i = 9; i < values.size(); ++i) values[i] = 8e10;
  measure("FreeStorageSpace", values);
  const auto seen = observe();
  EXPECT_TRUE(seen.contains("event.recovered.measured"));
  for (const auto& [type, o] : seen) EXPECT_FALSE(type.starts_with("s")) << type;
}

TEST_F(DatabaseObserver, AnOldFailoverHasHadItsEffect) {
  say(-120, "Multi-AZ instance failover started.");
  const double old = observe().at("event.failover").strength;
  events_.clear();
  say(6, "Multi-AZ instance failover started.");
  EXPECT_GT(observe().at("event.failover").strength, 3 * old);
}

TEST_F(DatabaseObserver, TheAlarmAloneIsAQuestion) {
  scope_.alarm.name = "RDSReplicaLagHigh";
  scope_.alarm.summary = "Replica lag above 300 seconds";
  const auto seen = observe();
  EXPECT_TRUE(seen.empty()) << "nothing names the entity as measured or reported";
  say(1, "Backing up DB instance");
  const auto with_event = observe();
  EXPECT_TRUE(with_event.contains("alarm.replication_lag"));
  EXPECT_LT(with_event.at("state.database.replica_lagging.alarmed").strength, 0.8);
}

TEST_F(DatabaseObserver, LoadIsSharedOut) {
  load("top_sql", "SELECT * FROM postings WHERE note LIKE $1", 9, "CPU");
  load("top_sql", "COMMIT", 1, "IO:WALWrite");
  load("top_wait_events", "CPU", 8);
  load("top_wait_events", "IO:DataFileRead", 2);
  const auto seen = observe();
  const Observation& sql = seen.at("event.top_sql");
  EXPECT_EQ(sql.facts.at("share"), "90%");
  EXPECT_EQ(sql.facts.at("statement"), "read");
  EXPECT_EQ(sql.facts.at("class"), "cpu");
  EXPECT_EQ(seen.at("event.top_wait").facts.at("class"), "cpu");
}

TEST_F(DatabaseObserver, ALightLoadWeighsLittle) {
  load("top_wait_events", "CPU", 0.2);
  const double light = observe().at("event.top_wait").strength;
  events_.clear();
  load("top_wait_events", "CPU", 12);
  EXPECT_GT(observe().at("event.top_wait").strength, 2 * light);
}

TEST_F(DatabaseObserver, UpkeepThatIsInTheWay) {
  load("top_sql", "SELECT * FROM orders WHERE id = $1", 70, "Lock:relation");
  load("top_sql", "ALTER TABLE orders ADD COLUMN note text", 8, "Lock:relation");
  load("top_wait_events", "Lock:relation", 78);
  EXPECT_TRUE(observe().contains("state.database.ddl_blocks.measured"));
  events_.clear();
  load("top_wait_events", "IO:CheckpointSync", 5);
  load("top_wait_events", "IO:DataFileWrite", 4);
  EXPECT_TRUE(observe().contains("state.database.checkpoints_heavy.measured"));
}

TEST_F(DatabaseObserver, TemporaryFilesAreMeasuredOrReported) {
  load("top_wait_events", "IO:BufFileWrite", 6);
  load("top_wait_events", "CPU", 4);
  EXPECT_TRUE(observe().contains("state.database.temp_files_heavy.measured"));
  events_.clear();
  EXPECT_FALSE(observe().contains("state.database.temp_files_heavy.measured"));
  log("db_temp_files", 30, "temporary file: path \"base/1\", size 2147483648");
  measure("CPUUtilization", steady(20));
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.database.temp_files_heavy.reported"));
  EXPECT_EQ(seen.at("state.database.temp_files_heavy.reported").facts.at("message"),
            "temporary file: path \"base/1\", size 2147483648");
}

TEST_F(DatabaseObserver, ALogThatInsistsIsNotTakenBackByFewerSessions) {
  for (const auto& [count, reported] : {std::pair{60.0, true}, std::pair{2.0, false}}) {
    series_.clear();
    seen_.clear();
    measure("DatabaseConnections", step(160, 97));
    log("db_connections_exhausted", count, "remaining connection slots are reserved");
    EXPECT_EQ(observe().contains("state.database.connections_exhausted.reported"), reported) << count;
  }
}

TEST_F(DatabaseObserver, AFewRefusedLoginsAreAStrangersWhereSessionsStay) {
  struct Case {
    double refusals;
    std::vector<double> sessions;  ///< empty: nobody measured
    bool stranger;
  };
  auto cut = steady(60);
  cut[6] = 0;
  const std::vector<Case> cases{
      {2, steady(60), true}, {40, steady(60), false}, {2, {}, false}, {2, cut, false}};
  for (const Case& c : cases) {
    series_.clear();
    seen_.clear();
    log("db_auth_failed", c.refusals, "password authentication failed for user \"postgres\"");
    if (!c.sessions.empty()) measure("DatabaseConnections", c.sessions);
    EXPECT_EQ(strength_of_log() < 0.3, c.stranger) << c.refusals << ' ' << c.sessions.size();
  }
}

TEST_F(DatabaseObserver, HostileTextIsBoundedAndRedacted) {
  load("top_sql", "SELECT '" + std::string(5000, 'x') + "' password=hunter2\x1b[31m", 9, "CPU");
  const Observation sql = observe().at("event.top_sql");
  EXPECT_LT(sql.subject.size(), 400U);
  EXPECT_EQ(sql.subject.find('\x1b'), std::string::npos);
}

TEST_F(DatabaseObserver, OtherEntitiesAreLeftAlone) {
  entity_.id = "web";
  entity_.type = "AWS::ECS::Service";
  scope_.alarm.entity = "web";
  measure("CPUUtilization", step(20, 99), "web");
  EXPECT_TRUE(observe().empty());
}

}  // namespace
}  // namespace midwatch::observe::database
