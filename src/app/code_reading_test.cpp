#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/aws_investigation.h"
#include "src/app/bundle_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/app/testing/aws_incidents.h"
#include "src/app/testing/simulated_account.h"
#include "src/base/try.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"
#include "src/report/json_report.h"
#include "src/report/text_report.h"
#include "src/sandbox/world/code_package.h"

namespace midwatch::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const knowledge::KnowledgeBase& known() {
  static const auto kKnowledge = load_knowledge("");
  return *kKnowledge;
}

/// What an engineer reads, and what replays to it.
struct Read {
  model::InvestigationRecord record;
  std::string english;
  std::string japanese;
  std::string replayed;
};

std::string report_of(model::InvestigationRecord record) {
  record.id.clear();
  record.started = {};
  record.stats = {};
  return base::dump_json_indented(report::json_report(record, model::Language::kEnglish));
}

/// Investigates a world over HTTP, as an account would be; the code comes from a presigned address.
base::Result<Read> read_world(const std::string& world, bool read_code) {
  const base::SystemClock clock;
  const connectors::bundle::testing::TemporaryFolder folder;
  AwsInvestigation what;
  what.options.space.read_code = read_code;
  what.record_folder = folder.path() + "/recording";
  Read out;
  MIDWATCH_TRY(out.record, testing::investigate_simulated({world, 0, {}, 3}, what));
  out.english = report::text_report(out.record, {model::Language::kEnglish, false, true});
  out.japanese = report::text_report(out.record, {model::Language::kJapanese, false, true});
  MIDWATCH_TRY(const auto again, investigate_bundle({what.record_folder, "", 1, {}}, known(), clock));
  out.replayed = report_of(again);
  return out;
}

std::vector<std::string> statements_of(const model::InvestigationRecord& record) {
  std::vector<std::string> out;
  for (const auto& o : record.observations) out.push_back(o.statement.en);
  return out;
}

TEST(CodeReading, TheReportQuotesTheLine) {
  struct Row {
    const char* world;
    const char* location;
    const char* says;
  };
  for (const Row& row : {
           Row{"lambda-timeout", "index.js:2:34",
               "index.js:2:34 waits 30 s, where a run may take 5 s: “await new Promise("},
           Row{"lambda-memory", "index.js:3:39",
               "index.js:3:39 adds to rows in a loop without a bound of its own: “for (const record"},
           Row{"lambda-unknown-host", "index.js:3:37",
               "-host.internal, where DB_HOST in its environment says "},
       }) {
    const auto read = read_world(row.world, true);
    ASSERT_TRUE(read) << row.world << ": " << read.error().describe();
    ASSERT_FALSE(read->record.root_causes.empty()) << row.world;
    EXPECT_EQ(read->record.root_causes.front().location, row.location) << row.world;
    EXPECT_THAT(statements_of(read->record), ::testing::Contains(HasSubstr(row.says))) << row.world;
    EXPECT_THAT(read->record.spec.files, ::testing::ElementsAre("index.js")) << row.world;
    EXPECT_THAT(read->japanese, HasSubstr(row.location)) << row.world;
    EXPECT_THAT(read->english, Not(HasSubstr("X-Amz-Signature"))) << row.world;
    EXPECT_EQ(read->replayed, report_of(read->record)) << row.world;
  }
}

TEST(CodeReading, ASpaceMayKeepItUnread) {
  const auto read = read_world("lambda-timeout", false);
  ASSERT_TRUE(read) << read.error().describe();
  ASSERT_FALSE(read->record.root_causes.empty());
  EXPECT_EQ(read->record.root_causes.front().mode, "lambda-timeout");
  EXPECT_EQ(read->record.root_causes.front().location, "");
}

base::Result<model::InvestigationRecord> investigate(clients::aws::api::testing::ScriptedApi& api) {
  const base::ManualClock clock(testing::kAlarmTime + std::chrono::minutes(10));
  AwsInvestigation what;
  what.wanted.alarm = "intake-errors";
  return investigate_aws(what, api, known(), clock);
}

bool has_gap(const model::InvestigationRecord& record, const std::string& part) {
  return std::any_of(record.gaps.begin(), record.gaps.end(),
                     [&](const model::Gap& gap) { return gap.what.en.find(part) != std::string::npos; });
}

TEST(CodeReading, WhatCannotBeReadIsAGap) {
  struct Row {
    std::string package;
    const char* says;
  };
  std::string cut = sandbox::world::zip_of({{"index.js", "exports.handler = 1;"}});
  cut.resize(cut.size() / 2);
  for (const Row& row : {
           Row{"", "the function is an image"},
           Row{"no archive", "no source code that can be read"},
           Row{cut, "no source code that can be read"},
           Row{sandbox::world::zip_of({{"org/App.class", "x"}, {"lib/a.jar", "x"}}),
               "only compiled code is in the package"},
           Row{sandbox::world::zip_of({{"bootstrap", "x"}}), "only compiled code is in the package"},
           Row{sandbox::world::zip_of(
                   {{"index.js", "go();"}, {"../../etc/passwd.js", "x"}, {"/etc/passwd.js", "x"}}),
               "not all of the code was read, left out are 2 of 3 files"},
           Row{sandbox::world::zip_of({{"index.js", "go();"}, {"big.js", std::string(2U << 20U, ' ')}}),
               "not all of the code was read, left out are 1 of 2 files"},
       }) {
    clients::aws::api::testing::ScriptedApi api;
    testing::write_lambda_timeout(api);
    api.packs(row.package);
    const auto record = investigate(api);
    ASSERT_TRUE(record) << record.error().describe();
    EXPECT_TRUE(has_gap(*record, row.says)) << row.says;
    EXPECT_LE(api.count("GetFunction"), 1U);
  }
  clients::aws::api::testing::ScriptedApi api;
  testing::write_lambda_timeout(api);
  api.refuses("GetFunction", base::external_error(
                                 base::ErrorCode::kPermissionDenied,
                                 "User: u is not authorized to perform: lambda:GetFunction on resource: r"));
  const auto record = investigate(api);
  ASSERT_TRUE(record) << record.error().describe();
  EXPECT_TRUE(has_gap(*record, "the permission lambda:GetFunction is missing"));
}

TEST(CodeReading, NoSecretOfTheCodeIsKept) {
  clients::aws::api::testing::ScriptedApi api;
  testing::write_lambda_timeout(api);
  api.packs(sandbox::world::zip_of({{"index.js",
                                     "const password = 'hunter2secret'; const key = `-----BEGIN RSA PRIVATE "
                                     "KEY-----\nMIIEsecretsecret\n-----END "
                                     "RSA PRIVATE KEY-----`;\nexports.handler = async () => {\n  await "
                                     "sleep(30000, 'password=hunter2secret');\n};\n"}}));
  const auto record = investigate(api);
  ASSERT_TRUE(record) << record.error().describe();
  ASSERT_FALSE(record->root_causes.empty());
  EXPECT_EQ(record->root_causes.front().location, "index.js:5:9");
  const std::string report = report_of(*record);
  EXPECT_THAT(report, Not(HasSubstr("hunter2secret")));
  EXPECT_THAT(report, Not(HasSubstr("MIIEsecret")));
}

}  // namespace
}  // namespace midwatch::app
