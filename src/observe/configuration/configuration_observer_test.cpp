#include "src/observe/configuration/configuration_observer.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace midwatch::observe::configuration {
namespace {

using telemetry::RelationKind;

base::Timestamp at(int minute) {
  return base::Timestamp(std::chrono::seconds(1780000000)) + std::chrono::minutes(minute);
}

class Configuration : public testing::Test {
 protected:
  void add(const std::string& id, const std::string& kind,
           const std::vector<std::pair<std::string, std::string>>& attributes) {
    telemetry::Entity entity;
    entity.id = id;
    entity.attributes.set("platform.kind", kind);
    for (auto& [path, value] : attributes) entity.attributes.set(path, value);
    builder_.add(std::move(entity));
  }
  void relate(const std::string& from, const std::string& to, RelationKind kind) {
    builder_.relate({from, to, kind, {}});
  }

  std::map<std::string, model::Observation> observe() {
    static const auto kKnowledge = knowledge::embedded_knowledge();
    telemetry::IncidentScope scope;
    scope.window = {at(0), at(60)};
    scope.alarm.time = at(50);
    const topology::Topology topology = std::move(builder_).build();
    std::map<std::string, model::Observation> by_type;
    for (auto& o : observe_configuration({scope, topology, series_, baseline_, *kKnowledge,
                                          [](std::uint32_t) { return std::string("f"); }}))
      by_type.emplace(o.type, o);
    return by_type;
  }

  topology::TopologyBuilder builder_;
  std::vector<telemetry::MetricSeries> series_;
  std::vector<telemetry::MetricSeries> baseline_;
};

TEST_F(Configuration, AHostWithoutACredentialBesideAnUnreadSecret) {
  add("api", "workload", {{"container.api.env.DB_HOST", "db.internal"}, {"container.api.env.STAGE", "prod"}});
  add("secret", "secret",
      {{"secret.name", "api-db"}, {"secret.last_read", ""}, {"secret.created", "2026-01-01T00:00:00Z"}});
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.credential.missing"));
  EXPECT_GT(seen.at("state.credential.missing").strength, 0.9);
  EXPECT_EQ(seen.at("state.credential.missing").facts.at("key"), "DB_HOST");
  EXPECT_EQ(seen.at("state.credential.missing").facts.at("secret"), "secret");
  EXPECT_EQ(seen.at("state.secret.unread").facts.at("secret"), "api-db");
}

TEST_F(Configuration, AHostAloneIsOnlyARemark) {
  add("api", "workload", {{"container.api.env.PGHOST", "db.internal"}});
  EXPECT_LT(observe().at("state.credential.missing").strength, 0.5);
}

struct CredentialCase {
  const char* key;
  const char* value;
};

TEST_F(Configuration, CredentialsOfAnyForm) {
  for (const CredentialCase& c :
       {CredentialCase{"DB_PASSWORD", "secret:arn/password"}, CredentialCase{"DB_PASS", "x"},
        CredentialCase{"API_TOKEN", "[redacted]"}, CredentialCase{"DATABASE_URL", "postgres://app@db/shop"},
        CredentialCase{"CONNECTION", "secret:x/"}}) {
    builder_ = topology::TopologyBuilder();
    add("api", "workload",
        {{"container.api.env.DB_HOST", "db.internal"}, {std::string("container.api.env.") + c.key, c.value}});
    add("secret", "secret", {{"secret.last_read", ""}});
    EXPECT_FALSE(observe().contains("state.credential.missing")) << c.key;
  }
}

TEST_F(Configuration, SecretsThatWereReadAreNothing) {
  add("secret", "secret", {{"secret.last_read", "2026-01-01T00:00:00Z"}});
  add("other", "secret", {});
  EXPECT_TRUE(observe().empty());
}

TEST_F(Configuration, AnImageThatItsTagNoLongerNames) {
  add("api", "workload", {});
  add("task", "task",
      {{"container.api.image", "r/api:latest"},
       {"container.api.image_digest", "sha256:a"},
       {"container.api.image_tag_digest", "sha256:b"},
       {"container.api.image_tag_pushed", base::format_rfc3339(at(20))}});
  relate("api", "task", RelationKind::kContains);
  const auto seen = observe();
  EXPECT_EQ(seen.at("state.image.moved").entity, "api");
  EXPECT_GT(seen.at("state.image.moved").strength, 0.9);
  EXPECT_EQ(seen.at("state.image.moved").onset, at(20));
}

TEST_F(Configuration, ChecksCertificatesAndSwitches) {
  add("group", "target_group", {{"health_check.codes", "200-499"}, {"health_check.path", "/"}});
  add("api", "workload", {});
  relate("group", "api", RelationKind::kRoutesTo);
  add("certificate", "certificate",
      {{"certificate.not_after", base::format_rfc3339(at(40))}, {"certificate.domain", "shop.example"}});
  add("valid", "certificate", {{"certificate.not_after", base::format_rfc3339(at(900))}});
  add("off", "function", {{"limit.concurrency", "0"}});
  add("on", "function", {{"limit.concurrency", "5"}});
  const auto seen = observe();
  EXPECT_EQ(seen.at("state.health_check.shallow").entity, "api");
  EXPECT_EQ(seen.at("state.certificate.expired").facts.at("domain"), "shop.example");
  EXPECT_EQ(seen.at("state.function.switched_off").entity, "off");
  EXPECT_EQ(seen.size(), 3U);
}

constexpr const char* kRole = "arn:aws:iam::1:role/reader";

struct DenyCase {
  const char* principal;
  const char* except;
  const char* action;
  const char* condition;
  bool denies;
};

TEST_F(Configuration, ABucketPolicyThatDeniesTheRoleOfACaller) {
  for (const DenyCase& c :
       {DenyCase{"*", "", "s3:*", "", true},
        DenyCase{"*", "arn:aws:iam::1:role/admin", "s3:GetObject", "", true},
        DenyCase{"arn:aws:iam::1:root", "", "s3:PutObject", "", true}, DenyCase{"1", "", "s3:Get*", "", true},
        DenyCase{kRole, "", "s3:ListBucket, s3:GetObject", "", true}, DenyCase{"*", kRole, "s3:*", "", false},
        DenyCase{"*", "arn:aws:iam::1:role/*", "s3:*", "", false},
        DenyCase{"arn:aws:iam::2:root", "", "s3:*", "", false},
        DenyCase{"*", "", "s3:DeleteBucket", "", false},
        DenyCase{"*", "", "s3:*", "aws:SecureTransport Bool false", false}}) {
    builder_ = topology::TopologyBuilder();
    add("bucket", "bucket",
        {{"deny.0.principal", c.principal},
         {"deny.0.action", c.action},
         {"deny.0.statement", "Deny …"},
         {"deny.0.except", c.except},
         {"deny.0.condition", c.condition}});
    add("reader", "function", {});
    add(kRole, "identity", {});
    relate("reader", "bucket", RelationKind::kCalls);
    relate("reader", kRole, RelationKind::kAssumesRole);
    const auto seen = observe();
    EXPECT_EQ(seen.contains("state.bucket_policy.denies"), c.denies) << c.principal << " " << c.action;
    if (!c.denies) continue;
    EXPECT_EQ(seen.at("state.bucket_policy.denies").entity, "bucket");
    EXPECT_EQ(seen.at("state.bucket_policy.denies").facts.at("role"), "reader");
  }
}

TEST_F(Configuration, ABucketThatMayCallAFunctionAndTellsItNothing) {
  for (const char* target : {"function:importer", "function:other", ""}) {
    builder_ = topology::TopologyBuilder();
    add("function:importer", "function", {{"permission.0.source", "bucket"}});
    std::vector<std::pair<std::string, std::string>> told{{"notification.count", *target == 0 ? "0" : "1"}};
    if (*target != 0) told.emplace_back("notification.0.target", target);
    add("bucket", "bucket", told);
    EXPECT_EQ(observe().contains("state.bucket_notification.missing"),
              std::string(target) != "function:importer")
        << target;
  }
  builder_ = topology::TopologyBuilder();
  add("function:importer", "function", {{"permission.0.source", "bucket"}});
  add("bucket", "bucket", {{"notification.count", "0"}, {"notification.event_bus", "true"}});
  EXPECT_FALSE(observe().contains("state.bucket_notification.missing")) << "the event bus may tell it";
  builder_ = topology::TopologyBuilder();
  add("function:importer", "function", {{"permission.0.source", "bucket"}});
  add("bucket", "bucket", {});
  EXPECT_FALSE(observe().contains("state.bucket_notification.missing")) << "nobody asked the bucket";
}

TEST_F(Configuration, ANameThatItsZoneHasNot) {
  add("route53/stock.core.example", "dns_record", {{"record.values", ""}, {"record.zone", "Z1"}});
  auto seen = observe();
  EXPECT_EQ(seen.at("state.dns_record.missing").facts.at("zone"), "Z1");
  EXPECT_GT(seen.at("state.dns_record.missing").strength, 0.9);
  builder_ = topology::TopologyBuilder();
  add("route53/stock.core.example", "dns_record", {{"record.values", "A 10.0.0.1"}, {"record.zone", "Z1"}});
  add("route53/changed.core.example", "dns_record", {});
  seen = observe();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen.at("state.dns_record.present").facts.at("leads_to"), "A 10.0.0.1");
  EXPECT_LT(seen.at("state.dns_record.present").strength, 0.5);
}

telemetry::MetricSeries throttles(const std::string& entity, double early, double late) {
  telemetry::MetricSeries series;
  series.key.entity = entity;
  series.key.metric = "Throttles";
  for (int m = 0; m < 60; ++m) series.points.push_back({at(m), m < 40 ? early : late});
  return series;
}

TEST_F(Configuration, ATableThatRefusesWhileItsCapacityIsUnused) {
  const auto seen_with = [this](double used_each_minute, const char* capacity) {
    builder_ = topology::TopologyBuilder();
    add("table", "database", {{"limit.write_capacity", capacity}});
    auto refused = throttles("table", 0, 30);
    refused.key.metric = "WriteThrottleEvents";
    auto used = throttles("table", 100, used_each_minute);
    used.key.metric = "ConsumedWriteCapacityUnits";
    series_ = {refused, used};
    return observe();
  };
  const auto hot = seen_with(60, "10");  // one unit a second of ten
  ASSERT_TRUE(hot.contains("state.table.hot_partition"));
  EXPECT_EQ(hot.at("state.table.hot_partition").facts.at("used"), "10%");
  EXPECT_EQ(hot.at("state.table.hot_partition").onset, at(40));
  EXPECT_FALSE(seen_with(590, "10").contains("state.table.hot_partition")) << "all of it is used";
  EXPECT_FALSE(seen_with(60, "0").contains("state.table.hot_partition")) << "on demand";
}

TEST_F(Configuration, RefusedInvocationsOfAFunctionThatHadNone) {
  add("busy", "function", {{"limit.concurrency", "3"}});
  add("always", "function", {});
  add("table", "database", {});
  series_ = {throttles("busy", 0, 20), throttles("always", 18, 20), throttles("table", 0, 20)};
  baseline_ = {throttles("busy", 0, 0), throttles("always", 18, 18), throttles("table", 0, 0)};
  const auto seen = observe();
  ASSERT_EQ(seen.size(), 1U);
  const auto& o = seen.at("sign.lambda_throttled");
  EXPECT_EQ(o.entity, "busy");
  EXPECT_EQ(o.onset, at(40));
  EXPECT_EQ(o.facts.at("limit"), "3");
  EXPECT_EQ(o.facts.at("refused"), "400");
}

/// The most runs at once in each minute of an hour.
telemetry::MetricSeries runs_at_once(const std::string& function, double early, double late) {
  telemetry::MetricSeries series = throttles(function, early, late);
  series.key.metric = "ConcurrentExecutions";
  series.key.stat = "Maximum";
  return series;
}

class SharedConcurrency : public Configuration {
 protected:
  void SetUp() override {
    add("quota", "quota", {{"quota.limit", "120"}, {"quota.unreserved", "100"}});
    for (const char* function : {"small", "backfill", "steady"}) {
      add(function, "function", {});
      relate(function, "quota", RelationKind::kRunsOn);
    }
    baseline_ = {throttles("small", 0, 0), runs_at_once("small", 4, 4), runs_at_once("backfill", 10, 10),
                 runs_at_once("steady", 40, 40)};
  }
};

TEST_F(SharedConcurrency, WhoGrewAndHoldsMostOfItTakesItFromWhoIsRefused) {
  series_ = {throttles("small", 0, 20), runs_at_once("small", 4, 3), runs_at_once("backfill", 10, 88),
             runs_at_once("steady", 40, 9)};
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.function.takes_concurrency"));
  const auto& o = seen.at("state.function.takes_concurrency");
  EXPECT_EQ(o.entity, "backfill");
  EXPECT_EQ(o.onset, at(40));
  EXPECT_EQ(o.facts.at("taken"), "88");
  EXPECT_EQ(o.facts.at("limit"), "100") << "what is reserved is not shared";
  EXPECT_EQ(o.facts.at("caller"), "small");
  EXPECT_EQ(o.facts.at("bound"), "50");
  EXPECT_EQ(seen.at("state.function.starved").entity, "small");
}

TEST_F(SharedConcurrency, WhoOutgrowsItByItselfIsNobodysVictim) {
  auto calls = throttles("small", 100, 280);
  calls.key.metric = "Invocations";
  calls.key.stat = "Sum";
  baseline_.push_back(calls);
  for (auto& point : baseline_.back().points) point.value = 100;
  series_ = {throttles("small", 0, 120), calls, runs_at_once("small", 4, 30),
             runs_at_once("backfill", 10, 70)};
  series_.front().key.stat = "Sum";
  EXPECT_FALSE(observe().contains("state.function.starved"));
  builder_ = topology::TopologyBuilder();
  SetUp();
  // Who always held as much refuses nobody now.
  baseline_.back() = runs_at_once("steady", 80, 80);
  series_ = {throttles("small", 0, 20), runs_at_once("small", 4, 5), runs_at_once("steady", 80, 80)};
  EXPECT_FALSE(observe().contains("state.function.starved"));
}

TEST_F(Configuration, AGatewayThatHasNoPortLeft) {
  add("nat", "nat_gateway", {});
  add("spare", "nat_gateway", {});
  series_ = {throttles("nat", 0, 9), throttles("spare", 0, 0)};
  for (auto& series : series_) series.key.metric = "ErrorPortAllocation";
  const auto seen = observe();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen.at("sign.nat_ports_exhausted").entity, "nat");
  EXPECT_EQ(seen.at("sign.nat_ports_exhausted").facts.at("refused"), "180");
  EXPECT_EQ(seen.at("sign.nat_ports_exhausted").onset, at(40));
}

telemetry::MetricSeries series_of(const std::string& entity, const std::string& metric,
                                  const std::string& stat, const std::string& unit,
                                  const std::vector<double>& values) {
  telemetry::MetricSeries series;
  series.key.entity = entity;
  series.key.metric = metric;
  series.key.stat = stat;
  series.key.unit = unit;
  for (std::size_t m = 0; m < values.size(); ++m)
    series.points.push_back({at(static_cast<int>(m)), values[m]});
  return series;
}

struct MemoryCase {
  const char* name;
  std::vector<double> values;
  bool growing;
};

std::vector<double> sawtooth(double from, double step, int life, int minutes) {
  std::vector<double> values;
  for (int m = 0; m < minutes; ++m) values.push_back(from + step * (m % life));
  return values;
}

TEST_F(Configuration, MemoryThatGrowsToItsLimit) {
  for (const MemoryCase& c :
       {MemoryCase{"sawtooth", sawtooth(20, 4, 20, 60), true},
        MemoryCase{"flat", sawtooth(70, 0, 20, 60), false},
        MemoryCase{"warm-up", {20, 60, 70, 71, 71, 72, 71, 72, 72, 72, 71, 72, 72, 71, 72, 72}, false},
        MemoryCase{"short", sawtooth(20, 10, 6, 6), false}}) {
    builder_ = topology::TopologyBuilder();
    add("api", "workload", {{"limit.memory", "536870912"}});
    series_ = {series_of("api", "MemoryUtilization", "Maximum", "Percent", c.values)};
    const auto seen = observe();
    ASSERT_EQ(seen.contains("state.memory.growing"), c.growing) << c.name;
    if (!c.growing) continue;
    const auto& facts = seen.at("state.memory.growing").facts;
    EXPECT_EQ(facts.at("rate"), "20.5 MiB/min");
    EXPECT_EQ(facts.at("limit_memory"), "512 MiB");
    EXPECT_EQ(facts.at("time_to_limit"), "19 min");
    EXPECT_EQ(facts.at("time_bought"), "44 min");
    EXPECT_EQ(facts.at("lives"), "3");
  }
}

TEST_F(Configuration, WhatWasMeasuredAndNeverShortIsSaid) {
  add("api", "workload", {{"limit.memory", "536870912"}, {"limit.cpu", "0.25"}});
  add("free", "workload", {});
  add("db", "database", {});
  add("used", "database", {});
  series_ = {series_of("api", "CPUUtilization", "Maximum", "Percent", sawtooth(1, 0, 9, 30)),
             series_of("api", "MemoryUtilization", "Maximum", "Percent", sawtooth(61, 0, 9, 30)),
             series_of("free", "CPUUtilization", "Maximum", "Percent", sawtooth(1, 0, 9, 30)),
             series_of("db", "DatabaseConnections", "Maximum", "Count", sawtooth(0, 0, 9, 30)),
             series_of("used", "DatabaseConnections", "Maximum", "Count", sawtooth(0, 1, 2, 30))};
  const auto seen = observe();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen.at("absent.cpu_shortage").entity, "api");
  EXPECT_EQ(seen.at("absent.cpu_shortage").facts.at("most"), "1%");
  EXPECT_EQ(seen.at("absent.connections").entity, "db");
}

TEST_F(Configuration, AHealthCheckThatFindsWellWhoHasNoDatabase) {
  add("api", "workload", {{"container.api.env.DB_HOST", "db.internal"}});
  add("definition", "config",
      {{"definition.family", "api"},
       {"definition.revision", "7"},
       {"executionRoleArn", "arn:aws:iam::1:role/exec"}});
  add("db", "database", {});
  add("group", "target_group", {{"health_check.path", "/health"}});
  relate("api", "db", RelationKind::kCalls);
  relate("api", "definition", RelationKind::kReadsConfig);
  relate("group", "api", RelationKind::kRoutesTo);
  series_ = {series_of("db", "DatabaseConnections", "Maximum", "Count", sawtooth(0, 0, 9, 30)),
             series_of("group", "HealthyHostCount", "Minimum", "Count", sawtooth(1, 0, 9, 30))};
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.health_check.shallow"));
  EXPECT_EQ(seen.at("state.health_check.shallow").entity, "api");
  EXPECT_EQ(seen.at("state.health_check.shallow").facts.at("path"), "/health");
  EXPECT_EQ(seen.at("state.credential.missing").facts.at("execution_role"), "exec");
  EXPECT_EQ(seen.at("state.credential.missing").facts.at("family"), "api");
}

TEST_F(Configuration, FirstRunsAfterALongSilence) {
  struct Row {
    int silent;
    double before;
    bool told;
  };
  for (const Row& row : {Row{150, 0, true}, Row{30, 0, false}, Row{150, 1, false}}) {
    builder_ = topology::TopologyBuilder();
    add("signup", "function", {{"limit.timeout", "10"}});
    auto runs = series_of("signup", "Invocations", "Sum", "Count",
                          std::vector<double>(static_cast<std::size_t>(row.silent), row.before));
    auto durations = series_of("signup", "Duration", "Average", "Milliseconds", {});
    for (int m = 0; m < 10; ++m) {
      runs.points.push_back({at(row.silent + m), 2});
      durations.points.push_back({at(row.silent + m), 60});
    }
    for (auto* series : {&runs, &durations}) {
      for (auto& point : series->points) point.time -= std::chrono::minutes(row.silent - 20);
    }
    series_ = {runs, durations};
    const auto seen = observe();
    ASSERT_EQ(seen.contains("state.function.first_runs"), row.told) << row.silent << " " << row.before;
    if (!row.told) continue;
    EXPECT_EQ(seen.at("state.function.first_runs").facts.at("silent_for"), "2.5 h");
    EXPECT_EQ(seen.at("state.function.first_runs").facts.at("typical"), "60 ms");
    EXPECT_EQ(seen.at("state.function.first_runs").facts.at("timeout"), "10 s");
  }
}

class Releases : public Configuration {
 protected:
  void SetUp() override {
    add("api", "workload", {});
    add_definition("6", "r/api:1.0", at(-9000));
    add_definition("7", "r/api:1.1", at(20));
    relate("api", "definition7", RelationKind::kReadsConfig);
  }
  void add_definition(const std::string& revision, const std::string& image, base::Timestamp pushed) {
    add("definition" + revision, "config",
        {{"definition.family", "api"},
         {"definition.revision", revision},
         {"container.api.image", image},
         {"container.api.image_tag_pushed", base::format_rfc3339(pushed)}});
  }
  void add_task(const std::string& id, const std::string& image, const std::string& exit_code) {
    add(id, "task",
        {{"container.api.image", image},
         {"container.api.exit_code", exit_code},
         {"platform.reason", "EssentialContainerExited"},
         {"platform.stopped", base::format_rfc3339(at(30))}});
    relate("api", id, RelationKind::kContains);
  }
};

TEST_F(Releases, TasksOfTheNewImageAloneEnd) {
  add_task("a", "r/api:1.1", "2");
  add_task("b", "r/api:1.1", "2");
  add_task("c", "r/api:1.0", "143");
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.release.failing"));
  const auto& facts = seen.at("state.release.failing").facts;
  EXPECT_EQ(facts.at("failed"), "2");
  EXPECT_EQ(facts.at("release"), "api:7");
  EXPECT_EQ(facts.at("previous"), "api:6");
  EXPECT_EQ(facts.at("new_image"), "api:1.1");
  EXPECT_EQ(facts.at("previous_pushed"), base::format_rfc3339(at(-9000)));
  EXPECT_EQ(facts.at("exit_code"), "2");
}

TEST_F(Releases, WhatEndedBeforeAsWellIsNotTheReleases) {
  add_task("a", "r/api:1.1", "2");
  add_task("b", "r/api:1.0", "2");
  EXPECT_FALSE(observe().contains("state.release.failing"));
}

/// A service behind a balancer whose tasks are ended for their health checks.
class ShortGrace : public Configuration {
 protected:
  void SetUp() override {
    add("api", "workload", {{"health_check.grace", "60"}});
    add("group", "target_group", {{"health_check.interval", "30"}, {"health_check.failures", "2"}});
    relate("group", "api", RelationKind::kRoutesTo);
  }
  void add_task(const std::string& id, base::Timestamp started, int seconds) {
    std::vector<std::pair<std::string, std::string>> attributes{
        {"platform.started", base::format_rfc3339(started)}};
    if (seconds > 0) {
      attributes.emplace_back("platform.stopped",
                              base::format_rfc3339(started + std::chrono::seconds(seconds)));
      attributes.emplace_back("platform.ended_by", "health_check");
    }
    add(id, "task", attributes);
    relate("api", id, RelationKind::kContains);
  }
};

TEST_F(ShortGrace, TasksThatAreEndedAtOneAgeAreEndedWhileTheyStart) {
  add_task("old", at(-900), 0);
  add_task("a", at(10), 92);
  add_task("b", at(13), 84);
  add_task("c", at(16), 97);
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.start.cut_short"));
  const auto& o = seen.at("state.start.cut_short");
  EXPECT_EQ(o.entity, "api");
  EXPECT_EQ(o.onset, at(10) + std::chrono::seconds(92));
  EXPECT_EQ(o.facts, (model::Facts{{"count", "3"},
                                   {"age", "92"},
                                   {"age_doubled", "184"},
                                   {"least", "84"},
                                   {"most", "97"},
                                   {"grace", "60"},
                                   {"older", "1"}}));
}

TEST_F(ShortGrace, ATaskThatWasInServiceIsNotEndedByTheClockOfItsStart) {
  add_task("old", at(-900), 54500);
  add_task("a", at(10), 92);
  add_task("b", at(13), 84);
  add_task("c", at(16), 97);
  EXPECT_FALSE(observe().contains("state.start.cut_short"));
}

TEST_F(ShortGrace, FewOrUnevenEndsSayNothing) {
  add_task("a", at(10), 92);
  add_task("b", at(13), 84);
  add_task("c", at(16), 20);
  EXPECT_FALSE(observe().contains("state.start.cut_short"));
}

class CpuLimit : public Configuration {
 protected:
  void measure(const std::string& entity, const std::string& metric, const std::string& unit, double before,
               double after) {
    telemetry::MetricSeries series;
    series.key.entity = entity;
    series.key.metric = metric;
    series.key.unit = unit;
    for (int m = 0; m < 60; ++m) series.points.push_back({at(m), m < 40 ? before : after});
    series_.push_back(std::move(series));
  }
  void SetUp() override {
    add("balancer", "load_balancer", {});
    add("group", "target_group", {});
    add("api", "workload", {{"limit.cpu", "0.25"}});
    relate("balancer", "group", RelationKind::kRoutesTo);
    relate("group", "api", RelationKind::kRoutesTo);
    measure("api", "CPUUtilization", "Percent", 12, 99.5);
  }
};

TEST_F(CpuLimit, DrivenByRequests) {
  measure("balancer", "RequestCount", "Count", 40, 400);
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.limit.cpu_reached.by_requests"));
  EXPECT_EQ(seen.at("state.limit.cpu_reached.by_requests").facts.at("factor"), "10.0");
  EXPECT_EQ(seen.at("state.limit.cpu_reached.by_requests").onset, at(40));
}

TEST_F(CpuLimit, TheRequestsGoAndTheProcessorIsFree) {
  measure("balancer", "RequestCount", "Count", 40, 400);
  for (auto& series : series_) {
    for (int m = 52; m < 60; ++m) series.points[static_cast<std::size_t>(m)].value = 14;
  }
  const auto seen = observe();
  ASSERT_TRUE(seen.contains("state.limit.cpu_reached.by_requests"));
  const auto& facts = seen.at("state.limit.cpu_reached.by_requests").facts;
  EXPECT_EQ(facts.at("cpu_after"), "14%");
  EXPECT_EQ(facts.at("requests_after"), "14");
  EXPECT_EQ(facts.at("until"), base::format_rfc3339(at(51)));
}

TEST_F(CpuLimit, ShortPeaksAreNoLimit) {
  for (std::size_t m = 42; m < 60; ++m) series_.front().points[m].value = m % 3 == 0 ? 40 : 99;
  EXPECT_TRUE(observe().empty());
}

TEST_F(CpuLimit, BusyFromTheStartOn) {
  measure("balancer", "RequestCount", "Count", 40, 41);
  add("task", "task", {{"platform.started", base::format_rfc3339(at(39))}});
  relate("api", "task", RelationKind::kContains);
  EXPECT_TRUE(observe().contains("state.limit.cpu_reached.at_start"));
}

TEST_F(CpuLimit, BusyWithoutEither) {
  EXPECT_TRUE(observe().contains("state.limit.cpu_reached.alone"));
}

TEST_F(CpuLimit, WithoutALimitNothingIsReached) {
  add("free", "workload", {});
  measure("free", "CPUUtilization", "Percent", 12, 99.5);
  const auto seen = observe();
  EXPECT_EQ(seen.size(), 1U);
}

}  // namespace
}  // namespace midwatch::observe::configuration
