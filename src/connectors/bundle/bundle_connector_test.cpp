#include "src/connectors/bundle/bundle_connector.h"

#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/connectors/bundle/testing/bundle_fixture.h"

namespace midwatch::connectors::bundle {
namespace {

using ::testing::AllOf;
using testing::bundle_json;
using testing::Container;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Files;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Members;
using ::testing::Pair;
using testing::TemporaryFolder;
using testing::write_bundle;

const base::ManualClock kClock{base::Timestamp{}};

/// A bundle that was written and opened.
class Opened {
 public:
  explicit Opened(Files files, Container container = Container::kFolder, Members members = Members::kPlain,
                  Reading reading = Reading::kInStep) {
    files.emplace("bundle.json", bundle_json());
    auto opened = BundleConnector::open(write_bundle(folder_, files, container, members), context, reading);
    EXPECT_TRUE(opened) << opened.error().describe();
    connector = *std::move(opened);
  }

  std::vector<std::string> log_lines(Episode episode = Episode::kIncident) {
    std::vector<std::string> lines;
    auto read = connector->read_logs(context, episode, [&](const telemetry::LogRecord& r) {
      lines.push_back(connector->source_name(r.ref.source) + ":" + std::to_string(r.ref.line) + " " +
                      std::string(r.body));
    });
    EXPECT_TRUE(read);
    summary = *std::move(read);
    return lines;
  }

  telemetry::TelemetryBatch inventory() {
    telemetry::TelemetryBatch batch;
    auto read = connector->read_inventory(context, batch);
    EXPECT_TRUE(read);
    summary = *std::move(read);
    return batch;
  }

  std::vector<std::string> gaps() const {
    std::vector<std::string> texts;
    for (const auto& gap : summary.gaps) texts.push_back(gap.what.en);
    return texts;
  }

  runtime::RequestContext context = runtime::RequestContext::unlimited(kClock);
  std::unique_ptr<BundleConnector> connector;
  ReadSummary summary;

 private:
  TemporaryFolder folder_;
};

std::string log(const std::string& body) {
  return R"({"timestamp":1767574800,"entity":"web","body":")" + body + "\"}\n";
}

TEST(BundleConnector, SourcesAreCalledAlikeHoweverTheyAreKept) {
  for (const Members members : {Members::kPlain, Members::kGzip, Members::kZstd}) {
    Opened bundle({{"logs.ndjson", log("a") + log("b")}, {"baseline_logs.ndjson", log("c")}},
                  Container::kTarGz, members);
    EXPECT_THAT(bundle.log_lines(), ElementsAre("logs.ndjson:1 a", "logs.ndjson:2 b"));
    EXPECT_THAT(bundle.log_lines(Episode::kBaseline), ElementsAre("baseline_logs.ndjson:1 c"));
  }
}

TEST(BundleConnector, PartsAreReadInTheOrderOfTheirNames) {
  Opened bundle({{"logs/2.ndjson", log("c")}, {"logs/1.ndjson.gz", testing::gzip(log("a") + log("b"))}});
  EXPECT_THAT(bundle.log_lines(), ElementsAre("logs/1.ndjson:1 a", "logs/1.ndjson:2 b", "logs/2.ndjson:1 c"));
  EXPECT_EQ(bundle.summary.records, 3U);
}

TEST(BundleConnector, MissingAndEmptyAreTwoThings) {
  Opened missing(Files{});
  EXPECT_THAT(missing.log_lines(), IsEmpty());
  EXPECT_FALSE(missing.summary.looked);
  Opened empty(Files{{"logs.ndjson", ""}});
  EXPECT_THAT(empty.log_lines(), IsEmpty());
  EXPECT_TRUE(empty.summary.looked);
  EXPECT_THAT(empty.gaps(), IsEmpty());
}

TEST(BundleConnector, AFileThatBreaksOffIsReadUpToThereAndNamedWithItsLine) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += log(std::to_string(i * 7919 % 50'021));
  const std::string packed = testing::gzip(text);
  Opened bundle(Files{{"logs.ndjson.gz", packed.substr(0, packed.size() / 2)}});
  const auto lines = bundle.log_lines();
  EXPECT_GT(lines.size(), 10'000U);
  EXPECT_LT(lines.size(), 50'000U);
  EXPECT_EQ(bundle.summary.records, lines.size());
  EXPECT_THAT(
      bundle.gaps(),
      ElementsAre(AllOf(HasSubstr("logs.ndjson cannot be read beyond line " + std::to_string(lines.size())),
                        HasSubstr("gzip data that is cut off"))));
}

TEST(BundleConnector, ReadingAheadGivesWhatReadingInStepGives) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += log(std::to_string(i * 7919 % 50'021));
  const std::string packed = testing::gzip(text);
  for (const std::string& stored : {packed, packed.substr(0, packed.size() / 2)}) {
    Opened in_step(Files{{"logs.ndjson.gz", stored}});
    Opened ahead(Files{{"logs.ndjson.gz", stored}}, Container::kFolder, Members::kPlain, Reading::kAhead);
    EXPECT_EQ(ahead.log_lines(), in_step.log_lines());
    EXPECT_EQ(ahead.gaps(), in_step.gaps());
  }
}

TEST(BundleConnector, MetricsReadEarlyAreGivenOnce) {
  Opened bundle(Files{{"metrics.csv", "timestamp,entity,metric,value\n1767574800,web,cpu,1\n1,web,cpu,\n"},
                      {"baseline.csv", "timestamp,entity,metric,value\n1767488400,db,cpu,2\n"}});
  const auto read = [&](Episode episode) {
    std::vector<telemetry::MetricSeries> series;
    const auto summary = bundle.connector->read_metrics(bundle.context, episode, series);
    EXPECT_TRUE(summary);
    return std::tuple(series.size() == 1 ? series.front().key.entity : "", summary->records,
                      summary->malformed);
  };
  bundle.connector->read_metrics_early(bundle.context);
  for (int time = 0; time < 2; ++time) {  // the second time from the file again
    EXPECT_EQ(read(Episode::kIncident), std::tuple("web", 2U, 1U));
    EXPECT_EQ(read(Episode::kBaseline), std::tuple("db", 1U, 0U));
  }
}

TEST(BundleConnector, WhatOpeningMetIsToldWithTheInventory) {
  Opened bundle({{"verdict.txt", "db"},
                 {"logs/readme.md", "x"},
                 {"code/stray.ts", "x"},
                 {"bundle.json", bundle_json("\"colour\":1")}});
  bundle.inventory();
  EXPECT_THAT(bundle.gaps(),
              ElementsAre(HasSubstr("nobody reads, ignored: colour"),
                          AllOf(HasSubstr("logs/readme.md, verdict.txt"), HasSubstr("no file of a bundle")),
                          AllOf(HasSubstr("code/stray.ts"), HasSubstr("code/<entity>/"))));
}

TEST(BundleConnector, InventoryIsEntitiesRelationsChangesEventsAndInstances) {
  Opened bundle({{"bundle.json", bundle_json("\"instances\":{\"web-1\":\"web\"}")},
                 {"entities.ndjson", "{\"id\":\"web\"}\n"},
                 {"relations.ndjson", "{\"from\":\"web\",\"to\":\"db\",\"kind\":\"calls\"}\n"},
                 {"changes/a.ndjson", "{\"timestamp\":1,\"id\":\"c\",\"kind\":\"commit\"}\n"},
                 {"changes/b.ndjson", "{\"timestamp\":1,\"id\":\"c\",\"kind\":\"commit\"}\n"},
                 {"events.ndjson", "{\"timestamp\":1,\"entity\":\"web\"}\n"}});
  const auto batch = bundle.inventory();
  EXPECT_EQ(batch.entities.size(), 1U);
  EXPECT_EQ(batch.relations.size(), 1U);
  EXPECT_EQ(batch.changes.size(), 1U);
  EXPECT_EQ(batch.events.size(), 1U);
  EXPECT_THAT(batch.instances, ElementsAre(Pair("web-1", "web")));
  EXPECT_THAT(bundle.gaps(), ElementsAre(AllOf(HasSubstr("changes/b.ndjson"), HasSubstr("occurred before"))));
  EXPECT_EQ(bundle.connector->source_name(batch.events[0].ref.source), "events.ndjson");
  EXPECT_EQ(bundle.summary.records, 5U);
  EXPECT_EQ(bundle.summary.malformed, 1U);
}

TEST(BundleConnector, RawOutputIsReadWhereItsToolIsKnownAndAGapElsewhere) {
  Opened bundle({{"raw/kubernetes/pods.txt.gz",
                  testing::gzip("# kubectl get pods -n shop\nNAME    READY   STATUS    RESTARTS   AGE\nweb-1 "
                                "  1/1     Running   0          2d\n")},
                 {"raw/quasar/state.txt", "?"}});
  const auto batch = bundle.inventory();
  EXPECT_FALSE(batch.entities.empty());
  EXPECT_EQ(bundle.connector->source_name(batch.entities[0].ref.source), "raw/kubernetes/pods.txt");
  EXPECT_THAT(bundle.gaps(), Contains(HasSubstr("raw/quasar/state.txt")));
}

TEST(BundleConnector, CodeIsGivenByEntity) {
  Opened bundle({{"code/web/src/app.ts", "let a = \"\xFF\";"},
                 {"code/db/schema.sql", "create"},
                 {"code/db/big.sql", std::string((1U << 20U) + 1, 'x')}});
  std::vector<CodeFile> files;
  const auto summary = bundle.connector->read_code(bundle.context, files);
  ASSERT_TRUE(summary);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].entity + " " + files[0].path, "db schema.sql");
  EXPECT_EQ(files[1].entity + " " + files[1].path, "web src/app.ts");
  EXPECT_EQ(files[1].content, "let a = \"\xEF\xBF\xBD\";");
  ASSERT_EQ(summary->gaps.size(), 1U);
  EXPECT_THAT(summary->gaps[0].what.en, AllOf(HasSubstr("code/db/big.sql"), HasSubstr("larger than")));
}

TEST(BundleConnector, HostileNamesAreMadePrintable) {
  Opened bundle(Files{{"raw/kubernetes/\x1b[31mred.txt", "Error from server"}});
  bundle.inventory();
  for (const auto& gap : bundle.gaps()) EXPECT_EQ(gap.find('\x1b'), std::string::npos) << gap;
  EXPECT_EQ(bundle.connector->source_name(1), "raw/kubernetes/\\u{1b}[31mred.txt");
  EXPECT_EQ(bundle.connector->source_name(999), "bundle.json");
}

TEST(BundleConnector, AHugeBundleJsonIsRefused) {
  const TemporaryFolder folder;
  const std::string path = write_bundle(
      folder, {{"bundle.json", bundle_json() + std::string(20UL << 20U, ' ')}}, Container::kFolder);
  const auto opened = BundleConnector::open(path, runtime::RequestContext::unlimited(kClock));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_THAT(opened.error().describe(), HasSubstr("bundle.json"));
}

}  // namespace
}  // namespace midwatch::connectors::bundle
