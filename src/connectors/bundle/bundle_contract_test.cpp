#include <fmt/format.h>

#include "src/base/try.h"
#include "src/connectors/bundle/bundle_connector.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"
#include "src/connectors/contract/connector_contract.h"

namespace midwatch::connectors::contract {
namespace {

using bundle::testing::bundle_json;
using bundle::testing::Container;
using bundle::testing::Files;
using bundle::testing::Members;
using bundle::testing::TemporaryFolder;
using bundle::testing::write_bundle;

constexpr std::string_view kLog =
    R"({{"timestamp":{0},"entity":"web","body":"line {0} of {1}","instance":"web-1"}})";
constexpr std::string_view kSpan =
    R"({{"trace_id":"t{0}","span_id":"s{0}","entity":"web","name":"GET {1}","start":{0},"duration_ms":1}})";
constexpr std::string_view kPoint = "{0},web,{1},{0}";
constexpr std::string_view kEntity = R"({{"id":"e{0}","type":"service","name":"{1}"}})";
constexpr std::string_view kRelation = R"({{"from":"e{0}","to":"e{1}","kind":"calls"}})";
constexpr std::string_view kChange = R"({{"timestamp":{0},"id":"c{0}","kind":"commit","summary":"{1}"}})";
constexpr std::string_view kEvent = R"({{"timestamp":{0},"entity":"web","source":"ecs","message":"{1}"}})";

/// So many records of a pattern, a line each.
std::string lines(std::string_view pattern, std::size_t count, std::string_view filler = "x",
                  std::string_view header = "") {
  std::string text(header);
  for (std::size_t i = 1; i <= count; ++i) text += fmt::format(fmt::runtime(pattern), i, filler) + "\n";
  return text;
}

class BundleSubject final : public Subject {
 public:
  BundleSubject(Container container, Members members) : container_(container), members_(members) {}

  Connect full() override { return connect(files(2, "x", 2)); }
  Connect empty() override { return connect(files(0, "", 0)); }
  Connect absent() override { return connect({{"bundle.json", bundle_json()}}); }
  // About 3 MB a signal: a file is read in pieces of 256 KiB.
  Connect large() override {
    return connect(files(1000, std::string(3000, 'x'), 40, std::string(100'000, 'c')));
  }

  std::vector<Fault> faults() override {
    std::vector<Fault> faults;
    faults.push_back(
        {"no such file", Shows::kWhenConnecting, base::ErrorCode::kNotFound, opener("/nowhere")});
    const struct {
      const char* name;
      base::ErrorCode code;
      std::string file, content;
    } fatal[] = {
        {"no bundle.json", base::ErrorCode::kMalformed, "logs.ndjson", "{}"},
        {"bundle.json is no JSON", base::ErrorCode::kMalformed, "bundle.json", "{"},
        {"another format", base::ErrorCode::kUnsupported, "bundle.json", "{\"format\":\"other\"}"},
    };
    for (const auto& f : fatal)
      faults.push_back({f.name, Shows::kWhenConnecting, f.code, connect({{f.file, f.content}})});
    const struct {
      const char* name;
      std::string file, content;
    } gaps[] = {
        {"logs of nonsense", "logs.ndjson", "nonsense\n"},
        {"cut gzip", "traces.ndjson.gz", bundle::testing::gzip("{\"a\":1}\n").substr(0, 12)},
        {"no zstd", "metrics.csv.zst", "timestamp,entity,metric,value\n"},
        {"a header without columns", "baseline.csv", "a,b,c\n1,2,3\n"},
        {"a row without value", "metrics.csv", "timestamp,entity,metric,value\n1,web,cpu,\n"},
        {"UTF-16", "events.ndjson", std::string("\xFF\xFE{\0", 4)},
        {"a raw document too large", "raw/kubernetes/x.txt", std::string((32U << 20U) + 1, 'x')},
        {"a tool that nobody knows", "raw/quasar/x.txt", "x"},
        {"an unknown file", "verdict.txt", "it was the database"},
    };
    for (const auto& g : gaps)
      faults.push_back(
          {g.name, Shows::kAsGap, {}, connect({{"bundle.json", bundle_json()}, {g.file, g.content}})});
    return faults;
  }

 private:
  static Connect opener(const std::string& path) {
    return [path](const runtime::RequestContext& context) -> base::Result<std::unique_ptr<Connector>> {
      MIDWATCH_TRY(std::unique_ptr<Connector> opened, bundle::BundleConnector::open(path, context));
      return opened;
    };
  }

  Connect connect(const Files& files) {
    folders_.push_back(std::make_unique<TemporaryFolder>());
    return opener(write_bundle(*folders_.back(), files, container_, members_));
  }

  static Files files(std::size_t count, std::string_view filler, std::size_t code,
                     std::string_view text = "x") {
    Files files{{"bundle.json", bundle_json()}};
    const std::string header = "timestamp,entity,metric,value\n";
    files["metrics.csv"] = files["baseline.csv"] = header;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string name = fmt::format("{}{}", filler.substr(0, 200), i);
      for (const char* file : {"metrics.csv", "baseline.csv"}) files[file] += lines(kPoint, 10, name);
    }
    files["logs.ndjson"] = files["baseline_logs.ndjson"] = lines(kLog, count, filler);
    files["traces.ndjson"] = files["baseline_traces.ndjson"] = lines(kSpan, count, filler);
    files["entities.ndjson"] = lines(kEntity, count, filler);
    files["relations.ndjson"] = lines(kRelation, count, "1");
    files["changes.ndjson"] = lines(kChange, count, filler);
    files["events.ndjson"] = lines(kEvent, count, filler);
    for (std::size_t i = 0; i < code; ++i) files[fmt::format("code/web/{}.ts", i)] = text;
    return files;
  }

  Container container_;
  Members members_;
  std::vector<std::unique_ptr<TemporaryFolder>> folders_;
};

Case form(const std::string& name, Container container, Members members) {
  return {name, [=] { return std::make_unique<BundleSubject>(container, members); }};
}

INSTANTIATE_TEST_SUITE_P(Bundle, ConnectorContract,
                         ::testing::Values(form("Folder", Container::kFolder, Members::kPlain),
                                           form("FolderOfGzip", Container::kFolder, Members::kGzip),
                                           form("FolderOfZstd", Container::kFolder, Members::kZstd),
                                           form("TarGz", Container::kTarGz, Members::kPlain),
                                           form("TarZst", Container::kTarZst, Members::kPlain),
                                           form("TarOfZstd", Container::kTar, Members::kZstd)),
                         case_name);

}  // namespace
}  // namespace midwatch::connectors::contract
