// The same incident gives the same report, byte for byte, however it is kept and however many threads read
// it.
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/bundle_investigation.h"
#include "src/base/json.h"
#include "src/connectors/bundle/bundle_files.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"
#include "src/report/json_report.h"

namespace midwatch::app {
namespace {

namespace fs = std::filesystem;
namespace bundle = connectors::bundle;
using base::Json;
using bundle::testing::Container;
using bundle::testing::Files;
using bundle::testing::Members;

const base::ManualClock kClock{base::Timestamp(std::chrono::hours(1))};

/// The report without what may differ from run to run (docs/incident-bundle.md).
Json report_of(const std::string& path, unsigned threads,
               model::Language language = model::Language::kEnglish) {
  const auto record = investigate_bundle({path, "", threads, {}}, kClock);
  if (!record) return {{"error", record.error().describe()}};
  Json report = report::json_report(*record, language);
  for (const char* name : {"id", "started", "duration_ms"}) report.erase(name);
  for (const char* name : {"wall_ms", "cpu_ms"}) report["stats"].erase(name);
  return report;
}

/// The files of a bundle, decompressed.
Files files_of(const std::string& path) {
  const auto context = runtime::RequestContext::unlimited(kClock);
  Files files;
  const auto opened = bundle::BundleFiles::open_bundle(path, context);
  if (!opened) return files;
  for (const auto& file : (*opened)->files()) {
    const auto source = (*opened)->open(file, context);
    files[file.name] = source ? bundle::read_all(**source, 1U << 30U).value_or("") : "";
  }
  return files;
}

/// The demo, and where the development data is at hand, one incident of each set.
std::vector<std::string> incidents() {
  const std::string root = MIDWATCH_SOURCE_DIR;
  std::vector<std::string> paths{root + "/demo/pool-too-small"};
  std::error_code error;
  for (const auto& set : fs::directory_iterator(root + "/../shared/data/incidents", error)) {
    std::vector<fs::path> cases;
    for (const auto& one : fs::directory_iterator(set.path(), error)) {
      if (fs::exists(one.path() / "bundle.json")) cases.push_back(one.path());
    }
    if (!cases.empty()) paths.push_back(std::min_element(cases.begin(), cases.end())->string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class Determinism : public ::testing::TestWithParam<std::string> {};

std::string name_of(const ::testing::TestParamInfo<std::string>& info) {
  const fs::path path = info.param;
  std::string name = path.parent_path().filename().string() + "_" + path.filename().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Incidents, Determinism, ::testing::ValuesIn(incidents()), name_of);

TEST_P(Determinism, ThreadsContainerAndCompressionChangeNothing) {
  const Files files = files_of(GetParam());
  ASSERT_FALSE(files.empty());
  const std::string expected = base::dump_json_indented(report_of(GetParam(), 1));
  ASSERT_NE(expected.find("\"hypotheses\""), std::string::npos) << expected;
  EXPECT_EQ(base::dump_json_indented(report_of(GetParam(), 8)), expected);
  const std::pair<Container, Members> forms[] = {
      {Container::kFolder, Members::kPlain}, {Container::kFolder, Members::kGzip},
      {Container::kFolder, Members::kZstd},  {Container::kTarGz, Members::kPlain},
      {Container::kTarGz, Members::kZstd},   {Container::kTarZst, Members::kPlain}};
  for (const auto& [container, members] : forms) {
    const bundle::testing::TemporaryFolder folder;
    EXPECT_EQ(base::dump_json_indented(report_of(write_bundle(folder, files, container, members), 4)),
              expected)
        << static_cast<int>(container) << " " << static_cast<int>(members);
  }
}

/// Splits every record file into parts of about a third; a table keeps its header in each.
Files in_parts(const Files& files) {
  Files parts;
  for (const auto& [name, content] : files) {
    const bool is_table = name == "metrics.csv" || name == "baseline.csv";
    if (name.find('/') != std::string::npos || (!is_table && !name.ends_with(".ndjson"))) {
      parts[name] = content;
      continue;
    }
    const std::size_t dot = name.rfind('.');
    std::size_t at = is_table ? content.find('\n') + 1 : 0;
    const std::string header = content.substr(0, at);
    for (int part = 1; part == 1 || at < content.size(); ++part) {
      std::size_t end = content.find('\n', std::min(at + content.size() / 3, content.size()));
      end = end == std::string::npos ? content.size() : end + 1;
      parts[fmt::format("{}/part-{:03}{}", name.substr(0, dot), part, name.substr(dot))] =
          header + content.substr(at, end - at);
      at = end;
    }
  }
  return parts;
}

/// What a report concludes, without where its records lie.
std::string conclusions_of(const Json& report) {
  Json conclusions;
  for (const char* name : {"outcome", "headline", "root_causes", "hypotheses", "ruled_out", "impact",
                           "timeline", "mitigation", "spec"})
    conclusions[name] = report.at(name);
  for (const auto& o : report.at("observations"))
    conclusions["observations"].push_back(
        {o.at("id"), o.at("entity"), o.at("type"), o.at("statement"), o.at("strength")});
  return base::dump_json_indented(conclusions);
}

TEST_P(Determinism, PartsChangeOnlyWhereARecordLies) {
  const Json whole = report_of(GetParam(), 1);
  ASSERT_TRUE(whole.contains("hypotheses")) << base::dump_json(whole);
  const Files parts = in_parts(files_of(GetParam()));
  std::string first;
  for (const auto& [container, members] : {std::pair{Container::kFolder, Members::kPlain},
                                           {Container::kFolder, Members::kGzip},
                                           {Container::kTarGz, Members::kPlain},
                                           {Container::kTarZst, Members::kZstd}}) {
    const bundle::testing::TemporaryFolder folder;
    const Json report = report_of(write_bundle(folder, parts, container, members), 4);
    ASSERT_TRUE(report.contains("hypotheses")) << base::dump_json(report);
    EXPECT_EQ(conclusions_of(report), conclusions_of(whole));
    if (first.empty()) first = base::dump_json_indented(report);
    EXPECT_EQ(base::dump_json_indented(report), first);
  }
}

TEST(Languages, BothLanguagesComeFromOneRecord) {
  const std::string demo = std::string(MIDWATCH_SOURCE_DIR) + "/demo/pool-too-small";
  const Json english = report_of(demo, 1);
  const Json japanese = report_of(demo, 1, model::Language::kJapanese);
  ASSERT_EQ(english.at("hypotheses").size(), japanese.at("hypotheses").size());
  EXPECT_NE(english.at("headline"), japanese.at("headline"));
  EXPECT_EQ(english.at("evidence").size(), japanese.at("evidence").size());
  EXPECT_EQ(english.at("stats"), japanese.at("stats"));
}

}  // namespace
}  // namespace midwatch::app
