#include "src/app/report_verification.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/bundle_investigation.h"
#include "src/app/sandbox_export.h"
#include "src/base/json.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"
#include "src/report/json_report.h"

namespace midwatch::app {
namespace {

namespace fs = std::filesystem;
using base::Json;

const std::string kDemo = std::string(MIDWATCH_SOURCE_DIR) + "/demo/pool-too-small";
const base::ManualClock kClock{base::Timestamp(std::chrono::hours(1))};

/// A folder that is gone when the test is.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "midwatch-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string operator/(const std::string& name) const { return (fs::path(path_) / name).string(); }

 private:
  std::string path_;
};

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Json report_of(const std::string& bundle, model::Language language = model::Language::kEnglish) {
  const auto record = investigate_bundle({bundle, "", 1, {}}, kClock);
  EXPECT_TRUE(record) << record.error().describe();
  return report::json_report(*record, language);
}

/// What verification says: empty where every claim holds.
std::string verdict_of(const Json& report, const std::string& bundle) {
  const TemporaryFolder folder;
  write(folder / "report.json", base::dump_json(report));
  const auto verdict = verify_bundle_report({folder / "report.json", bundle, ""}, kClock);
  if (!verdict) return "error: " + verdict.error().describe();
  EXPECT_GT(verdict->claims, 0U);
  return verdict->failure ? verdict->failure->claim + ": " + verdict->failure->what : "";
}

TEST(VerifyReport, TheDemoHoldsInBothLanguages) {
  for (const auto language : {model::Language::kEnglish, model::Language::kJapanese})
    EXPECT_EQ(verdict_of(report_of(kDemo, language), kDemo), "");
}

/// The first observation whose evidence is of a kind.
Json& observation_with(Json& report, const std::string& kind) {
  for (auto& o : report["observations"]) {
    for (const auto& e : report["evidence"]) {
      if (e["id"] == o["evidence"][0] && e["locator"]["kind"] == kind) return o;
    }
  }
  throw std::runtime_error("no observation with evidence of kind " + kind);
}

/// A metric that rose.
Json& risen(Json& report) {
  for (auto& o : report["observations"]) {
    const std::string type = o["type"];
    if (type.starts_with("metric.") && type.ends_with(".up")) return o;
  }
  throw std::runtime_error("nothing rose");
}

Json& evidence_of(Json& report, const Json& observation) {
  for (auto& e : report["evidence"]) {
    if (e["id"] == observation["evidence"][0]) return e;
  }
  throw std::runtime_error("no evidence");
}

void replace_first(std::string& text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), with);
}

struct Tampering {
  std::string name;
  std::function<void(Json&)> change;
  std::string noticed;  ///< a part of what verification says
};

std::ostream& operator<<(std::ostream& out, const Tampering& tampering) {
  return out << tampering.name;
}

class TamperedReport : public testing::TestWithParam<Tampering> {};

TEST_P(TamperedReport, IsNoticed) {
  Json report = report_of(kDemo);
  GetParam().change(report);
  EXPECT_THAT(verdict_of(report, kDemo), testing::HasSubstr(GetParam().noticed));
}

const std::vector<Tampering> kTamperings{
    {"another_bundle", [](Json& r) { r["bundle"] = "other"; }, "the report is about other"},
    {"digit_of_a_digest",
     [](Json& r) {
       std::string digest = r["evidence"][0]["digest"];
       digest[5] = digest[5] == '0' ? '1' : '0';
       r["evidence"][0]["digest"] = digest;
     },
     "its id does not belong to its content"},
    {"excerpt_of_a_line",
     [](Json& r) {
       Json& e = evidence_of(r, observation_with(r, "record"));
       e["excerpt"] = e["excerpt"].get<std::string>() + " and more";
     },
     "which is not in the record"},
    {"point_of_a_series",
     [](Json& r) {
       Json& e = evidence_of(r, observation_with(r, "series"));
       std::string excerpt = e["excerpt"];
       excerpt.back() = excerpt.back() == '1' ? '2' : '1';
       e["excerpt"] = excerpt;
     },
     "its excerpt does not show the points"},
    {"count_of_a_series",
     [](Json& r) { evidence_of(r, observation_with(r, "series"))["locator"]["count"] = 3; },
     "points in the window, not 3"},
    {"line_number", [](Json& r) { evidence_of(r, observation_with(r, "record"))["locator"]["line"] = 1; },
     "is another one"},
    {"invented_evidence", [](Json& r) { r["observations"][0]["evidence"].push_back("ev-0123456789abcdef"); },
     "ev-0123456789abcdef is not in the report"},
    {"no_evidence", [](Json& r) { r["observations"][0]["evidence"] = Json::array(); }, "it has no evidence"},
    {"value_and_sentence",
     [](Json& r) {
       Json& o = risen(r);
       o["value"] = o["value"].get<double>() * 3;
     },
     "lies outside what the series measured"},
    {"digit_of_a_sentence",
     [](Json& r) {
       std::string statement = r["observations"][0]["statement"];
       for (char& c : statement) {
         if (c >= '0' && c <= '8') {
           c = static_cast<char>(c + 1);
           break;
         }
       }
       r["observations"][0]["statement"] = statement;
     },
     "its sentence is not what its facts say"},
    {"direction",
     [](Json& r) {
       Json& o = risen(r);
       std::string type = o["type"];
       replace_first(type, ".up", ".down");
       o["type"] = type;
     },
     "it says down"},
    {"quoted_line", [](Json& r) { observation_with(r, "record")["facts"]["sample"] = "all is well here"; },
     "stands in none of its records"},
    {"other_entity", [](Json& r) { r["observations"][0]["entity"] = "payments-of-somebody"; },
     "no record names the entity payments-of-somebody"},
    {"onset_of_another_year", [](Json& r) { r["observations"][0]["onset"] = "2031-01-01T00:00:00Z"; },
     "lies outside all that was recorded"},
    {"probabilities",
     [](Json& r) {
       for (auto& h : r["hypotheses"]) h["probability"] = 0.9;
     },
     "their probabilities sum to"},
    {"order_of_hypotheses", [](Json& r) { r["hypotheses"][0]["rank"] = 2; }, "stands at place 1"},
    {"support", [](Json& r) { r["hypotheses"][0]["for"][0]["observation"] = "o9999"; },
     "o9999 is not in the report"},
    {"unknown_mode", [](Json& r) { r["hypotheses"][0]["mode"] = "gremlins"; }, "no failure mode gremlins"},
    {"title", [](Json& r) { r["hypotheses"][0]["title"] = "It was the weather"; }, "is not the title of"},
    {"time_of_a_change",
     [](Json& r) {
       for (auto& t : r["timeline"]) {
         if (t["kind"] == "change") t["time"] = "2026-01-05T00:00:01Z";
       }
     },
     "at that time"},
    {"all_is_well",
     [](Json& r) {
       r["outcome"] = "nothing_wrong";
       r["root_causes"] = Json::array();
     },
     "nothing_wrong against observation"},
    {"a_cause_from_nowhere",
     [](Json& r) {
       r["outcome"] = "root_cause";
       r["root_causes"] = Json::array();
     },
     "names none"},
    {"affected_entity", [](Json& r) { r["impact"]["entities"].push_back("nobody-at-all"); },
     "no record names the entity nobody-at-all"},
    {"open_command",
     [](Json& r) {
       r["mitigation"]["steps"].push_back({{"phase", "apply"}, {"command", "kubectl delete {name}"}});
     },
     "has an open place"},
    {"invented_command",
     [](Json& r) {
       r["mitigation"]["steps"].push_back({{"phase", "apply"}, {"command", "rm -rf /"}});
     },
     "is none of its failure mode"},
    {"missing_part", [](Json& r) { r.erase("impact"); }, "impact is missing"},
    {"no_report",
     [](Json& r) {
       r = Json{{"format", "something else"}};
     },
     "not a report"},
};

INSTANTIATE_TEST_SUITE_P(, TamperedReport, testing::ValuesIn(kTamperings),
                         [](const auto& tampering) { return tampering.param.name; });

struct BundleTampering {
  std::string name;
  std::string file;
  std::function<void(std::string&)> change;
  std::string noticed;
};

std::ostream& operator<<(std::ostream& out, const BundleTampering& tampering) {
  return out << tampering.name;
}

class TamperedBundle : public testing::TestWithParam<BundleTampering> {};

TEST_P(TamperedBundle, IsNoticed) {
  const Json report = report_of(kDemo);
  const TemporaryFolder folder;
  fs::copy(kDemo, folder / "bundle", fs::copy_options::recursive);
  const std::string path = folder / ("bundle/" + GetParam().file);
  std::string text = read(path);
  const std::string before = text;
  GetParam().change(text);
  ASSERT_NE(text, before);
  write(path, text);
  EXPECT_THAT(verdict_of(report, folder / "bundle"), testing::HasSubstr(GetParam().noticed));
}

const std::vector<BundleTampering> kBundleTamperings{
    {"log_line_removed", "logs.ndjson", [](std::string& t) { t.erase(0, t.find('\n') + 1); }, "evidence ev-"},
    {"log_line_changed", "logs.ndjson",
     [](std::string& t) {
       for (std::size_t at = t.find("in_use=5"); at != std::string::npos; at = t.find("in_use=5"))
         t.replace(at, 8, "in_use=4");
     },
     "its digest differs"},
    {"points_changed", "metrics.csv",
     [](std::string& t) {
       const std::size_t last = t.rfind(",ordering,errors_per_minute,");
       t.insert(last + std::string(",ordering,errors_per_minute,").size(), "1");
     },
     "are others: their digest differs"},
    {"change_forgotten", "changes.ndjson", [](std::string& t) { t.clear(); }, "no record at changes.ndjson"},
};

INSTANTIATE_TEST_SUITE_P(, TamperedBundle, testing::ValuesIn(kBundleTamperings),
                         [](const auto& tampering) { return tampering.param.name; });

// Sanitizers make everything many times slower, and look for what two bundles of a kind show as well as
// sixteen.
#ifdef MIDWATCH_SANITIZED
constexpr std::size_t kOfEachSet = 2;
#else
constexpr std::size_t kOfEachSet = 16;
#endif

/// Some bundles of each set: all of a small one, evenly spread over a large one.
std::vector<std::string> development_bundles(const fs::path& incidents) {
  std::map<std::string, std::set<std::string>> sets;
  for (fs::recursive_directory_iterator at(incidents), end; at != end; ++at) {
    if (at->path().filename() == "bundle.json")
      sets[at->path().parent_path().parent_path().string()].insert(at->path().parent_path().string());
  }
  std::vector<std::string> chosen;
  for (const auto& [set, bundles] : sets) {
    const std::size_t step = std::max<std::size_t>(1, bundles.size() / kOfEachSet);
    std::size_t i = 0;
    for (const auto& bundle : bundles) {
      if (i++ % step == 0) chosen.push_back(bundle);
    }
  }
  return chosen;
}

// What an account answers holds traces in the same documents as everything else, and titles say what was
// counted.
TEST(VerifyReport, SavedWorldsHold) {
  for (const char* world :
       {"lambda-null-body", "ecs-credential-missing", "ecs-circuit-breaker", "control-two-faults"}) {
    const connectors::bundle::testing::TemporaryFolder folder;
    const std::string saved = folder.path() + "/saved";
    ASSERT_TRUE(export_world({world, 2, saved})) << world;
    EXPECT_EQ(verdict_of(report_of(saved), saved), "") << world;
  }
}

TEST(VerifyReport, DevelopmentBundlesHold) {
  const fs::path incidents = fs::path(MIDWATCH_SOURCE_DIR) / "../shared/data/incidents";
  if (!fs::exists(incidents)) GTEST_SKIP() << incidents << " is not here";
  const auto bundles = development_bundles(incidents);
  EXPECT_FALSE(bundles.empty());
  for (const auto& bundle : bundles) EXPECT_EQ(verdict_of(report_of(bundle), bundle), "") << bundle;
}

}  // namespace
}  // namespace midwatch::app
