// What must be established of the eight incidents of docs/aws-incidents.md: each fact stands in the report,
// as text and as Markdown, in English and in Japanese, of one and the same record.
#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "src/app/testing/simulated_account.h"
#include "src/report/text_report.h"

namespace midwatch::app {
namespace {

using model::Language;

/// A fact as it reads in either language. Shape: RE2; spaces do not count, as lines are wrapped anywhere.
struct Fact {
  const char* what;
  const char* english;
  const char* japanese;
};

struct Incident {
  const char* world;
  std::vector<Fact> facts;
  std::vector<Fact> absent;  ///< what must not be said
};

const std::vector<Incident>& incidents() {
  static const std::vector<Incident> kIncidents{
      {"lambda-null-body",
       {{"the place", R"(index\.js:4:64)", R"(index\.js:4:64)"},
        {"a null access", "fails on a null value that nobody checks", "チェックされていない null の値で失敗"},
        {"the missing check", "reads body.*without a check that there is a body", "body の有無を確認せず"},
        {"that it fails fast", R"(they end after \d+ ms of the 10 s they may take)",
         R"(制限 10 s に対し \d+ ms で終了)"},
        {"that it never ran before, so that there is nothing to roll back to",
         "Nobody invoked it in the 3.5 h before.*no version to go back to",
         "までの 3.5 h は呼び出しがなく.*戻すべき版はありません"},
        {"no operation helps", "Operations cannot help here", "運用操作では解決しません"},
        {"what is specified", "THE SYSTEM SHALL answer with status 400",
         "システムは項目名とともに 400 を返すものとする"}},
       {{"a way back", "--publish-version|roll back:", "切り戻し:"}}},
      {"lambda-memory",
       {{"memory first, with its share", R"(runs out of memory: 128 MB of 128 MB used \(100%\))",
         "上限 128 MB に対し 128 MB（100%）を使用"},
        {"although the status is timeout", "they were cut off at 30 s only because of that",
         "30 s での打ち切りはその結果"},
        {"the size to set, from what was used", "256 MB leaves room above the 128 MB that it used",
         "使用量 128 MB に余裕を持たせた 256 MB"},
        {"the command", "update-function-configuration --function-name [a-z-]+ --memory-size 256",
         "update-function-configuration --function-name [a-z-]+ --memory-size 256"},
        {"the check", "wait function-updated-v2.*errors must go to zero",
         "wait function-updated-v2.*エラーが 0 になり"},
        {"the way back", "--memory-size 128", "--memory-size 128"},
        {"the growing array", R"(index\.js:3:39 adds to rows in a loop.*rows\.push)",
         R"(index\.js:3:39 が上限のないループ内で rows に追加.*rows\.push)"}},
       {}},
      {"lambda-unknown-host",
       {{"the error", "ENOTFOUND", "ENOTFOUND"},
        {"the host", "cannot resolve the DNS name old-[a-z]+-host.internal",
         "DNS 名 old-[a-z]+-host.internal を解決できません"},
        {"the VPC", "It runs in vpc-[0-9a-f]+", "vpc-[0-9a-f]+ 内で動作して"},
        {"a literal in the code beside the right variable",
         R"(index\.js:3:37 names the host old-[a-z]+-host.internal, where DB_HOST in its environment says [a-z]+\.)",
         R"(index\.js:3:37 にホスト old-[a-z]+-host.internal が直書きされています（環境変数 DB_HOST は [a-z]+\.)"},
        {"the quote", R"(new Client\(\{ host: "old-)", R"(new Client\(\{ host: "old-)"},
        {"what is specified", "THE SYSTEM SHALL name it in its log", "システムはそれを記録し"}},
       {}},
      {"lambda-timeout",
       {{"every run at exactly the limit", R"(\d+ of \d+ runs were cut off at the time limit of 5 s)",
         R"(\d+ 回中 \d+ 回の実行が制限時間 5 s で打ち切り)"},
        {"no line of the application", "with 0 lines of the application", "アプリのログ 0 行"},
        {"the wait in the code",
         R"(index\.js:2:34 waits 30 s, where a run may take 5 s.*setTimeout\(resolve, 30000\))",
         R"(index\.js:2:34 で 30 s 待機（制限時間は 5 s）.*setTimeout\(resolve, 30000\))"},
        {"the size of the package", R"(code \d+ bytes)", R"(コード \d+ バイト)"},
        {"no connection to the database",
         R"(nobody was connected in all the time since .* \(connections: 0\))",
         "以降、接続は一度もありません（接続数 0）"},
        {"neither a missing handler nor a blocked import",
         "The handler exists and was loaded.*neither missing nor blocked at import",
         "ハンドラーは存在し読み込まれています.*欠落や import での停止ではありません"}},
       {}},
      {"ecs-memory-leak",
       {{"exit code and reason", "OutOfMemoryError: Container killed due to memory usage.*exit code 137",
         "OutOfMemoryError: Container killed due to memory usage.*終了コード 137"},
        {"growth and time to the limit",
         R"([\d.]+ MiB/min a task, \d+ min from start to the limit of 512 MiB)",
         R"(1 タスクあたり [\d.]+ MiB/min 増加し、起動から \d+ min で上限 512 MiB に到達)"},
        {"that it is not the CPU", R"(is short of CPU — .*CPU use stayed at [\d.]+% or below)",
         R"(CPU が逼迫しています — .*CPU 使用率は [\d.]+% 以下で推移)"},
        {"the image that began it, and its push", R"(It began with [a-z]+:1\.9\.0 \(pushed 20)",
         R"([a-z]+:1\.9\.0（20.* に push）から始まり)"},
        {"the deployment", R"(ECS deployment of [a-z]+:\d+)", R"([a-z]+:\d+ の ECS デプロイ)"},
        {"why requests are answered with 502", "are answered with 502", "502 が返ります"},
        {"that more memory is temporary, and what it buys",
         R"(More memory is temporary: 1 GiB instead of 512 MiB only lasts \d+ min)",
         R"(メモリ増量は一時的です。512 MiB を 1 GiB にしても、\d+ min が \d+ min に延びるだけ)"},
        {"that the code has to be corrected for good", "For good.*Correct the code: bound what it keeps",
         "恒久対策.*コードの修正が必要です"}},
       {}},
      {"ecs-cpu-requests",
       {{"driven by requests", R"(requests grew [\d.]+ times \(\d+ to \d+\): driven by requests)",
         R"(リクエストが [\d.]+ 倍（\d+ → \d+）に増加。リクエスト起因)"},
        {"not by the code itself", "the code does not work by itself", "コード自身の処理ではなく"},
        {"the limit", R"(CPU limit of 0\.25 vCPU)", R"(上限 0\.25 vCPU)"},
        {"that the replaced tasks are an effect", "That tasks are replaced follows from it",
         "タスクの入れ替わりは結果であり"}},
       {{"a former image, which nothing supports", "update-service .{0,160}--task-definition",
         "update-service .{0,160}--task-definition"}}},
      {"ecs-cpu-startup",
       {{"busy from the start", R"(is at its CPU limit of 0\.25 vCPU from the start of its tasks on)",
         R"(タスク起動（20[0-9T:.Z-]+）から CPU 上限 0\.25 vCPU に達しています)"},
        {"that requests did not grow", R"(requests did not grow \(\d+ before, \d+ then\))",
         R"(リクエストは増えていません（前 \d+、発生中 \d+）)"},
        {"the former image, and why", R"(Go back to [a-z]+:\d+ \([a-z]+:5\.1\.0, pushed)",
         R"([a-z]+:\d+（[a-z]+:5\.1\.0、.* に push）)"}},
       {}},
      {"ecs-panic",
       {{"the exit code", "exit code 2", "終了コード 2"},
        {"the message", "panic: Intentional panic for testing", "panic: Intentional panic for testing"},
        {"file and line", R"(/app/[a-z]+\.go:\d+)", R"(/app/[a-z]+\.go:\d+)"},
        {"tasks and their times", "Tasks that ended: [0-9a-f]{32} 20[0-9T:Z-]+",
         "終了したタスク: [0-9a-f]{32} 20[0-9T:Z-]+"},
        {"that code of a test was left in", "code of a test was left in", "テスト用コードが残っています"},
        {"that it is not the CPU", R"(CPU use stayed at [\d.]+% or below)",
         R"(CPU 使用率は [\d.]+% 以下で推移)"},
        {"that it is not the memory", R"(memory use stayed at [\d.]+% or below)",
         R"(メモリ使用率は [\d.]+% 以下で推移)"},
        {"that the way back is older than the code", "it is older than the code that fails",
         "失敗するコードより古い"}},
       {}},
      {"ecs-credential-missing",
       {{"no connection", R"(nobody was connected in all the time since .* \(connections: 0\))",
         "以降、接続は一度もありません（接続数 0）"},
        {"a host without a credential", R"(is given a database host and no credential \(DB_HOST\))",
         "データベースのホストだけがあり、認証情報がありません（DB_HOST）"},
        {"a secret that nobody read", "The secret arn:aws:secretsmanager:.* was created 20.* and never read",
         "シークレット arn:aws:secretsmanager:.* は 20.* に作成され、一度も読まれていません"},
        {"what the health check does not test", R"(its health check \(/health\) does not test the database)",
         "ヘルスチェック（/health）はデータベースを検査していません"},
        {"the change of the task definition", "aws ecs register-task-definition --cli-input-json",
         "aws ecs register-task-definition --cli-input-json"},
        {"the change of the role", "aws iam put-role-policy --role-name [a-z-]+-execution",
         "aws iam put-role-policy --role-name [a-z-]+-execution"},
        {"that nothing is logged", "no log line between", "ログ(の記録)?はありません"}},
       {}}};
  return kIncidents;
}

std::string without(std::string_view characters, std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [&](char c) { return characters.find(c) == std::string_view::npos; });
  return out;
}

constexpr std::string_view kSpaces = " \n";
constexpr std::string_view kSpacesAndEscapes = " \n\\";  // of Markdown

base::Result<model::InvestigationRecord> investigate_world(const std::string& world, std::uint64_t seed) {
  return testing::investigate_simulated({world, 0, {}, seed});
}

/// A report in one of its forms, with its name.
struct Page {
  std::string name;
  bool english;
  std::string text;
};

std::vector<Page> pages_of(const model::InvestigationRecord& record) {
  std::vector<Page> pages;
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const bool english = language == Language::kEnglish;
    pages.push_back({english ? "English text" : "Japanese text", english,
                     without(kSpaces, report::text_report(record, {language, false, true}))});
    pages.push_back({english ? "English Markdown" : "Japanese Markdown", english,
                     without(kSpacesAndEscapes, report::markdown_report(record, language))});
  }
  return pages;
}

bool says(const Page& page, const Fact& fact) {
  RE2::Options options;
  options.set_dot_nl(true);
  options.set_log_errors(false);
  const RE2 pattern(without(kSpaces, page.english ? fact.english : fact.japanese), options);
  EXPECT_TRUE(pattern.ok()) << fact.what << ": " << pattern.error();
  return RE2::PartialMatch(page.text, pattern);
}

class EstablishedFacts : public ::testing::TestWithParam<Incident> {};

TEST_P(EstablishedFacts, StandInEveryReportInBothLanguages) {
  const Incident& incident = GetParam();
  const auto record = investigate_world(incident.world, 7);
  ASSERT_TRUE(record) << record.error().describe();
  for (const Page& page : pages_of(*record)) {
    for (const Fact& fact : incident.facts)
      EXPECT_TRUE(says(page, fact)) << incident.world << ", " << page.name << ": " << fact.what;
    for (const Fact& fact : incident.absent)
      EXPECT_FALSE(says(page, fact)) << incident.world << ", " << page.name << ": " << fact.what;
  }
}

std::string name_of(const ::testing::TestParamInfo<Incident>& info) {
  std::string name = info.param.world;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Worlds, EstablishedFacts, ::testing::ValuesIn(incidents()), name_of);

}  // namespace
}  // namespace midwatch::app
