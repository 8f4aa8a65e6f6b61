#include "src/investigation/gatherer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/knowledge/knowledge_base.h"

namespace midwatch::investigation {
namespace {

using connectors::Episode;
using connectors::ReadSummary;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const base::ManualClock kClock{base::Timestamp{}};

/// A source of logs and metrics that gives some records and then fails.
class FailingConnector final : public connectors::Connector,
                               public connectors::LogSource,
                               public connectors::MetricSource {
 public:
  FailingConnector(std::size_t lines, std::optional<base::Error> error)
      : lines_(lines), error_(std::move(error)) {}

  std::string_view name() const override { return "failing"; }
  std::string source_name(std::uint32_t) const override { return "memory"; }
  connectors::LogSource* logs() override { return this; }
  connectors::MetricSource* metrics() override { return this; }

  base::Result<ReadSummary> read_logs(const runtime::RequestContext&, Episode episode,
                                      const connectors::LogVisitor& visit) override {
    ReadSummary summary;
    if (episode == Episode::kBaseline) return summary;
    for (std::size_t i = 0; i < lines_; ++i) {
      telemetry::LogRecord record{};
      record.time = base::from_seconds(200 + static_cast<double>(i));
      record.entity = "web";
      record.body = "ERROR cannot reach the database";
      record.ref = {0, i + 1};
      visit(record);
    }
    if (error_) return *error_;
    summary.looked = true;
    summary.records = lines_;
    return summary;
  }

  base::Result<ReadSummary> read_metrics(const runtime::RequestContext&, Episode,
                                         std::vector<telemetry::MetricSeries>&) override {
    if (error_) return *error_;
    return ReadSummary();
  }

 private:
  std::size_t lines_;
  std::optional<base::Error> error_;
};

/// Output of tools, saved: an error that is there in the baseline too, and one that is not.
class SavedOutput final : public connectors::Connector, public connectors::InventorySource {
 public:
  std::string_view name() const override { return "saved"; }
  std::string source_name(std::uint32_t) const override { return "memory"; }
  connectors::InventorySource* inventory() override { return this; }
  base::Result<ReadSummary> read_inventory(const runtime::RequestContext&,
                                           telemetry::TelemetryBatch& batch) override {
    for (const double time : {10.0, 20.0, 30.0, 200.0, 210.0}) {
      add(batch, time, "ERROR no card for the order");
      if (time > 100) add(batch, time, "ERROR connection refused by the database");
    }
    ReadSummary summary;
    summary.looked = true;
    summary.records = batch.logs.size();
    return summary;
  }

 private:
  static void add(telemetry::TelemetryBatch& batch, double time, const char* body) {
    auto& line = batch.logs.emplace_back();
    line.time = base::from_seconds(time);
    line.entity = "web";
    line.body = body;
    line.ref = {0, batch.logs.size()};
  }
};

/// A pod that is ready, and a warning of when it was not yet.
class RecoveredPod final : public connectors::Connector, public connectors::InventorySource {
 public:
  std::string_view name() const override { return "recovered"; }
  std::string source_name(std::uint32_t) const override { return "memory"; }
  connectors::InventorySource* inventory() override { return this; }
  base::Result<ReadSummary> read_inventory(const runtime::RequestContext&,
                                           telemetry::TelemetryBatch& batch) override {
    auto& pod = batch.entities.emplace_back();
    pod.id = "web";
    pod.name = "web";
    pod.attributes.set("platform.kind", "pod");
    pod.attributes.set("platform.phase", "Running");
    pod.attributes.set("condition.Ready.status", "True");
    auto& event = batch.events.emplace_back();
    event.time = base::from_seconds(200);
    event.entity = "web";
    event.source = "kubernetes";
    event.type = "Warning";
    event.reason = "Unhealthy";
    event.message = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    ReadSummary summary;
    summary.looked = true;
    summary.records = 2;
    return summary;
  }
};

/// Two services that are known by a relation alone, and a line of trouble that names one of them.
class NamedPeer final : public connectors::Connector, public connectors::InventorySource {
 public:
  std::string_view name() const override { return "peers"; }
  std::string source_name(std::uint32_t) const override { return "memory"; }
  connectors::InventorySource* inventory() override { return this; }
  base::Result<ReadSummary> read_inventory(const runtime::RequestContext&,
                                           telemetry::TelemetryBatch& batch) override {
    batch.relations.push_back({"scan-gate", "bus", telemetry::RelationKind::kCalls, {}});
    auto& line = batch.logs.emplace_back();
    line.time = base::from_seconds(200);
    line.entity = "web";
    line.body = "ERROR dead letter: event 7 from scan-gate: name is required";
    ReadSummary summary;
    summary.looked = true;
    summary.records = 2;
    return summary;
  }
};

class Gathering : public ::testing::TestWithParam<unsigned> {
 protected:
  base::Result<Gathered> gather_from(
      connectors::Connector& connector,
      const runtime::RequestContext& context = runtime::RequestContext::unlimited(kClock)) {
    InvestigationOptions options;
    options.threads = GetParam();
    return gather(context, connector, scope_, knowledge_, options);
  }

  static std::vector<std::string> gaps_of(const Gathered& gathered) {
    std::vector<std::string> gaps;
    for (const auto& gap : gathered.gaps) gaps.push_back(gap.what.en);
    return gaps;
  }

  telemetry::IncidentScope scope_ = [] {
    telemetry::IncidentScope scope;
    scope.alarm.entity = "web";
    scope.alarm.time = base::from_seconds(300);
    scope.window = {base::from_seconds(100), base::from_seconds(1000)};
    return scope;
  }();
  knowledge::KnowledgeBase knowledge_ = *knowledge::embedded_knowledge();
};
INSTANTIATE_TEST_SUITE_P(Threads, Gathering, ::testing::Values(1U, 4U));

TEST_P(Gathering, ASourceThatFailsIsAGapAndTheOthersGoOn) {
  FailingConnector connector(0, base::external_error(base::ErrorCode::kUnavailable, "connection refused"));
  const auto gathered = gather_from(connector);
  ASSERT_TRUE(gathered) << gathered.error().describe();
  EXPECT_THAT(gaps_of(*gathered),
              ElementsAre(HasSubstr("the baseline's metrics"), HasSubstr("metrics could not be read"),
                          AllOf(HasSubstr("logs could not be read"), HasSubstr("connection refused"))));
  EXPECT_THAT(gathered->file.coverage.signals, IsEmpty());
}

TEST_P(Gathering, WhatCameBeforeADeadlineCounts) {
  FailingConnector connector(50,
                             base::environment_error(base::ErrorCode::kTimeout, "the deadline has passed"));
  const auto gathered = gather_from(connector);
  ASSERT_TRUE(gathered) << gathered.error().describe();
  EXPECT_EQ(gathered->stats.records, 50U);
  EXPECT_TRUE(gathered->file.coverage.signals.contains("log"));
  EXPECT_FALSE(gathered->file.observations.empty());
  EXPECT_THAT(gaps_of(*gathered), ::testing::Contains(AllOf(HasSubstr("logs"), HasSubstr("50 records were"),
                                                            HasSubstr("deadline"))));
}

TEST_P(Gathering, WhoCancelsWantsNoAnswer) {
  FailingConnector connector(50, base::user_error(base::ErrorCode::kCancelled, "cancelled"));
  std::stop_source stop;
  stop.request_stop();
  const auto gathered = gather_from(connector, {kClock, std::nullopt, stop.get_token()});
  ASSERT_FALSE(gathered);
  EXPECT_EQ(gathered.error().code, base::ErrorCode::kCancelled);
}

TEST_P(Gathering, SavedLinesOfANamedBaselineAreOrdinary) {
  SavedOutput connector;
  const auto new_ones = [&] {
    const auto gathered = gather_from(connector);
    std::vector<std::string> found;
    for (const auto& o : gathered->file.observations) {
      if (o.type.starts_with("log.") && o.type.ends_with(".new")) found.push_back(o.subject);
    }
    return found;
  };
  EXPECT_THAT(new_ones(), ::testing::SizeIs(2)) << "the lines are all that is known";
  scope_.baseline = base::TimeRange{base::from_seconds(0), base::from_seconds(100)};
  EXPECT_THAT(new_ones(), ElementsAre(HasSubstr("connection refused")));
}

TEST_P(Gathering, WhoIsOnlyNamedByARelationIsAPeerToo) {
  NamedPeer connector;
  const auto gathered = gather_from(connector);
  ASSERT_TRUE(gathered);
  const auto& topology = gathered->file.topology;
  const auto web = topology.find("web");
  const auto gate = topology.find("scan-gate");
  ASSERT_TRUE(web && gate);
  EXPECT_THAT(topology.dependencies(*web), ElementsAre(*gate));
}

TEST_P(Gathering, AWarningOfWhatIsWellNowIsHardlyTrouble) {
  RecoveredPod connector;
  const auto gathered = gather_from(connector);
  ASSERT_TRUE(gathered);
  double well = 0;
  double failing = 0;
  for (const auto& o : gathered->file.observations) {
    if (o.type == "state.healthy") well = o.strength;
    if (o.type == "sign.readiness_probe_failed") failing = o.strength;
  }
  EXPECT_EQ(well, 1);
  EXPECT_GT(failing, 0);
  EXPECT_LT(failing, 0.5);
}

TEST_P(Gathering, ThreadsChangeNothing) {
  FailingConnector connector(80, std::nullopt);
  const auto gathered = gather_from(connector);
  ASSERT_TRUE(gathered);
  ASSERT_FALSE(gathered->file.observations.empty());
  EXPECT_EQ(gathered->file.observations.front().id, "o1");
  EXPECT_EQ(gathered->file.observations.front().entity, "web");
  EXPECT_THAT(gathered->gaps, IsEmpty());
}

}  // namespace
}  // namespace midwatch::investigation
