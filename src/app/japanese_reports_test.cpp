// A report in Japanese is in Japanese: what is English in it was said by the account, or is code or a name.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "src/app/testing/simulated_account.h"
#include "src/base/try.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"
#include "src/report/text_report.h"

namespace midwatch::app {
namespace {

struct Told {
  std::string report;
  std::string account;  ///< everything that the account said, as it was recorded
};

/// The texts of the documents of a recording, without the escapes of JSON.
std::string documents_in(const std::string& folder) {
  static const RE2 kEscapes(R"(\\+(?:[nrt]|u00[0-9a-f]{2})?)");
  std::string all;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder + "/raw")) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    RE2::GlobalReplace(&text, kEscapes, " ");
    all += text;
  }
  return all;
}

base::Result<Told> tell(const std::string& world) {
  const connectors::bundle::testing::TemporaryFolder folder;
  AwsInvestigation what;
  what.record_folder = folder.path() + "/recording";
  MIDWATCH_TRY(const auto record, testing::investigate_simulated({world, 0, {}, 3}, what));
  return Told{report::markdown_report(record, model::Language::kJapanese), documents_in(what.record_folder)};
}

/// The words of a report that are ours: without code, quotations and the escapes of Markdown. The records
/// under the evidence are quotations as well.
std::vector<std::string> prose_of(const std::string& report) {
  static const RE2 kQuoted("`[^`]*`|「[^」]*」|“[^”]*”");
  static const RE2 kNames(R"(\b(?:target group|task definition) \S+)");  // of entities
  std::vector<std::string> lines;
  std::istringstream in(report);
  bool code = false;
  bool evidence = false;
  for (std::string line; std::getline(in, line);) {
    if (line.find("```") != std::string::npos) {
      code = !code;
      continue;
    }
    if (line.starts_with("#")) evidence = line.ends_with("証拠");
    if (code || (evidence && line.starts_with("  "))) continue;
    std::string own;
    std::copy_if(line.begin(), line.end(), std::back_inserter(own), [](char c) { return c != '\\'; });
    RE2::GlobalReplace(&own, kQuoted, "・");
    RE2::GlobalReplace(&own, kNames, "・");
    lines.push_back(std::move(own));
  }
  return lines;
}

/// Three English words in a row, or more, the last of them in small letters: names and terms are not like
/// that.
std::vector<std::string> english_in(const std::string& line) {
  static const RE2 kWords(R"(((?:\b[A-Za-z][a-z']*,? ){2,}[a-z']+\b))");
  std::vector<std::string> found;
  re2::StringPiece rest(line);
  for (std::string words; RE2::FindAndConsume(&rest, kWords, &words);) found.push_back(words);
  return found;
}

class JapaneseReport : public ::testing::TestWithParam<const char*> {};

TEST_P(JapaneseReport, SaysNothingInEnglishThatTheAccountDidNotSay) {
  const auto told = tell(GetParam());
  ASSERT_TRUE(told) << told.error().describe();
  for (const std::string& line : prose_of(told->report)) {
    for (const std::string& words : english_in(line))
      EXPECT_NE(told->account.find(words), std::string::npos) << words << "\n  in: " << line;
  }
}

TEST(JapaneseProse, ASentenceInEnglishIsFound) {
  const auto found = [](const std::string& report) {
    std::size_t count = 0;
    for (const std::string& line : prose_of(report)) count += english_in(line).size();
    return count;
  };
  EXPECT_EQ(found("- デプロイ x: image pushed to billing, tags 1.9.0"), 1U);
  EXPECT_EQ(found("- デプロイ x: ECS deployment of billing:7 \\(2 tasks\\)"), 1U);
  EXPECT_EQ(found("- デプロイ x: billing:7 の ECS デプロイ（タスク 2 個）"), 0U);
  EXPECT_EQ(found("- AWS Step Functions の状態マシン checkout が Performance Insights"), 0U) << "names";
  EXPECT_EQ(found("- 設定変更 x: changed beside its template: Size is 20"), 1U);
  EXPECT_EQ(found("- ログ 「changed beside its template」"), 0U) << "a quotation";
  EXPECT_EQ(found("```\naws put what is in it\n```"), 0U) << "code";
}

std::string name_of(const ::testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Worlds, JapaneseReport,
                         ::testing::Values("lambda-null-body", "lambda-memory", "lambda-unknown-host",
                                           "lambda-timeout", "ecs-memory-leak", "ecs-cpu-requests",
                                           "ecs-panic", "ecs-credential-missing", "template-drift",
                                           "iam-role-narrowed", "ecs-circuit-breaker", "s3-policy-denies",
                                           "event-source-disabled", "dns-record-deleted", "aurora-failover",
                                           "control-refused-reads", "ecs-grace-period"),
                         name_of);

}  // namespace
}  // namespace midwatch::app
