// No secret of an account, of its resources, or of who asks it leaves the program: all are planted where real
// ones stand, and everything that an investigation writes is searched for them.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/aws_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/app/world_loading.h"
#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/clients/aws/api/credentials/open_account.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"
#include "src/http/server/server.h"
#include "src/report/html_report.h"
#include "src/report/json_report.h"
#include "src/report/text_report.h"
#include "src/sandbox/wire/gateway.h"
#include "src/sandbox/world/world_account.h"

namespace midwatch::app {
namespace {

using base::Json;
using ::testing::HasSubstr;

constexpr const char* kAccessKey = "ASIAPLANTEDKEY000001";
constexpr const char* kSecretKey = "plantedSecretAccessKey/of+who+asks00000001";
constexpr const char* kSessionToken = "plantedSessionToken/of+who+asks/000000000000000002==";
constexpr const char* kVariable = "planted-in-a-variable-3";
constexpr const char* kUrlPassword = "planted-in-a-url-4";
constexpr const char* kLogToken = "planted-in-a-log-line-5";
constexpr const char* kLogBearer = "planted.bearer.in.a.log.line.6";
constexpr const char* kSecretString = "planted-secret-string-7";
constexpr const char* kTrailToken = "planted-token-of-a-session-8";
constexpr const char* kTraceToken = "planted-in-a-trace-9";
constexpr const char* kDescription = "planted-in-a-description-10";
constexpr const char* kArgument = "planted-in-an-argument-11";

/// An account whose answers hold secrets wherever a careless owner leaves them.
class CarelessAccount final : public sandbox::Account {
 public:
  explicit CarelessAccount(sandbox::Account& inner) : inner_(inner) {}

  tl::expected<Json, sandbox::AccountError> answer(const sandbox::AccountCall& call) override {
    auto answer = inner_.answer(call);
    if (answer) plant(call.operation, *answer);
    return answer;
  }
  /// The secrets that somebody was told.
  std::set<std::string> told() const {
    const std::lock_guard lock(mutex_);
    return told_;
  }

 private:
  void plant(const std::string& operation, Json& answer) {
    if (operation == "GetFunctionConfiguration") {
      answer["Environment"]["Variables"]["DB_PASSWORD"] = tell(kVariable);
      answer["Environment"]["Variables"]["DATABASE_URL"] = "postgres://app:" + tell(kUrlPassword) + "@db/app";
    } else if (operation == "DescribeTaskDefinition") {
      for (Json& container : answer["taskDefinition"]["containerDefinitions"]) {
        container["environment"].push_back({{"name", "API_TOKEN"}, {"value", tell(kVariable)}});
        container["command"] = {"serve", "--password=" + tell(kArgument), "--verbose"};
      }
    } else if (operation == "FilterLogEvents" && !answer["events"].empty()) {
      Json event = answer["events"].back();
      event["message"] = "ERROR login refused, auth_token=" + tell(kLogToken) +
                         " sent as Authorization: Bearer " + tell(kLogBearer) + "\n";
      for (int i = 0; i < kRepeats; ++i) answer["events"].push_back(event);
    } else if (operation == "LookupEvents") {
      plant_change(answer["Events"]);
    } else if (operation == "BatchGetTraces") {
      plant_address(answer["Traces"]);
    } else if (operation == "DescribeAlarms") {
      for (Json& alarm : answer["MetricAlarms"])
        alarm["AlarmDescription"] = "told to https://hook:" + tell(kDescription) + "@pager.example/x";
    }
  }

  void plant_change(Json& events) {
    if (events.empty()) return;
    Json event = events.front();
    auto detail = base::parse_json(base::text_at(event, "CloudTrailEvent"));
    ASSERT_TRUE(detail);
    (*detail)["requestParameters"]["secretString"] =
        R"({"user":"app","password":")" + tell(kSecretString) + "\"}";
    (*detail)["requestParameters"]["SecretString"] = kSecretString;
    (*detail)["responseElements"] = {
        {"credentials", {{"accessKeyId", kAccessKey}, {"sessionToken", tell(kTrailToken)}}}};
    event["CloudTrailEvent"] = base::dump_json(*detail);
    event["EventId"] = "00000000-0000-4000-8000-00000000000a";
    events.push_back(event);
  }

  void plant_address(Json& traces) {
    for (Json& trace : traces) {
      for (Json& segment : trace["Segments"]) {
        auto document = base::parse_json(base::text_at(segment, "Document"));
        ASSERT_TRUE(document);
        (*document)["http"]["request"]["url"] = "https://api.example/v1?access_token=" + tell(kTraceToken);
        segment["Document"] = base::dump_json(*document);
      }
    }
  }

  std::string tell(const char* secret) {
    const std::lock_guard lock(mutex_);
    return *told_.insert(secret).first;
  }

  static constexpr int kRepeats = 30;  // an error that is seen so often is quoted in the report
  sandbox::Account& inner_;
  mutable std::mutex mutex_;
  std::set<std::string> told_;
};

/// The world's account on loopback; what `refused` names is refused with all that the request's headers held,
/// as services do that explain why a signature does not match.
class CarelessCloud {
 public:
  CarelessCloud(const std::string& world, const base::Clock& clock, std::string refused)
      : world_(*load_world(world, 1, clock.now()), 1),
        gateway_(careless_, clock, clock, {}),
        refused_(std::move(refused)) {
    sandbox::wire::Credentials key{kAccessKey, kSecretKey, kSessionToken};
    key.arn = "arn:aws:sts::123456789012:assumed-role/reader/planted";
    gateway_.keys().add(key);
    server_ =
        *http::Server::start({}, [this](const http::ServerRequest& request) { return answer(request); });
  }

  clients::aws::api::Environment environment() const {
    return clients::aws::api::Environment(
        {{"AWS_ACCESS_KEY_ID", kAccessKey},
         {"AWS_SECRET_ACCESS_KEY", kSecretKey},
         {"AWS_SESSION_TOKEN", kSessionToken},
         {"AWS_REGION", world_.world().region},
         {"AWS_ENDPOINT_URL", "http://127.0.0.1:" + std::to_string(server_->port())},
         {"AWS_EC2_METADATA_DISABLED", "true"}});
  }
  std::vector<std::string> secrets() const {
    std::vector<std::string> all{kAccessKey, kSecretKey, kSessionToken};
    for (const auto& secret : careless_.told()) all.push_back(secret);
    const std::lock_guard lock(mutex_);
    all.insert(all.end(), signatures_.begin(), signatures_.end());
    return all;
  }
  const CarelessAccount& account() const { return careless_; }

 private:
  http::ServerResponse answer(const http::ServerRequest& request) {
    constexpr std::string_view kMark = "Signature=";
    const std::string signed_by(request.header("authorization"));
    const auto at = signed_by.rfind(kMark);
    {
      const std::lock_guard lock(mutex_);
      if (at != std::string::npos) signatures_.insert(signed_by.substr(at + kMark.size()));
    }
    if (request.header("x-amz-target").find(refused_) == std::string_view::npos)
      return gateway_.answer(request);
    std::string echo = "The request signature we calculated does not match. The canonical string should be ";
    for (const auto& [name, value] : request.headers) echo += name + ":" + value + "\n";
    http::ServerResponse response;
    response.status = 400;
    response.body =
        base::dump_json({{"__type", "InvalidSignatureException"}, {"message", echo + kSecretKey}});
    return response;
  }

  sandbox::world::WorldAccount world_;
  CarelessAccount careless_{world_};
  sandbox::wire::Gateway gateway_;
  std::string refused_;
  mutable std::mutex mutex_;
  std::set<std::string> signatures_;
  std::unique_ptr<http::Server> server_;
};

/// Everything that one investigation wrote: by name of where.
using Written = std::map<std::string, std::string>;

std::string all_forms(const model::InvestigationRecord& record) {
  std::string all;
  for (const auto language : {model::Language::kEnglish, model::Language::kJapanese}) {
    all += report::text_report(record, {language, true, true});
    all += report::markdown_report(record, language);
    all += report::html_report(record, language);
    all += base::dump_json_indented(report::json_report(record, language));
  }
  return all;
}

void read_files(const std::string& folder, Written& written) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    written["file " + entry.path().filename().string()] =
        entry.path().string() + std::string((std::istreambuf_iterator<char>(in)), {});
  }
}

Written investigate(const CarelessCloud& cloud, const base::Clock& clock) {
  static const auto kKnowledge = load_knowledge("");
  const connectors::bundle::testing::TemporaryFolder folder;
  Written written;
  AwsInvestigation what;
  what.wanted.latest = true;
  what.record_folder = folder.path() + "/recording";
  what.options.on_answer = [&](const auto& progress) {
    written["answers"] += progress.answer->command + "\n" + progress.answer->text;
  };
  what.on_progress = [&](const auto& progress) { written["progress"] += progress.phase; };
  what.on_weighed = [&](const auto& record) { written["rounds"] += all_forms(record); };
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const auto account = clients::aws::api::open_account(runtime::RequestContext::unlimited(clock), clock,
                                                       cloud.environment(), {});
  EXPECT_TRUE(account);
  const auto record = investigate_aws(what, **account, *kKnowledge, clock);
  written["standard output"] = ::testing::internal::GetCapturedStdout();
  written["standard error"] = ::testing::internal::GetCapturedStderr();
  if (record) {
    written["report"] = all_forms(*record);
    read_files(what.record_folder, written);
  } else {
    written["error"] = record.error().describe();
  }
  return written;
}

void expect_no_secret(const Written& written, const std::vector<std::string>& secrets) {
  for (const auto& [where, text] : written) {
    for (const std::string& secret : secrets) {
      const auto at = text.find(secret);
      EXPECT_EQ(at, std::string::npos) << where << " holds " << secret << ": "
                                       << text.substr(at < 200 ? 0 : at - 200, 400);  // what stands around it
    }
  }
}

TEST(Secrecy, NoSecretLeavesAnInvestigation) {
  struct Row {
    const char* world;
    std::vector<std::string> told;  ///< besides those that every world tells
  };
  const base::SystemClock clock;
  for (const Row& row : {Row{"lambda-memory", {kVariable, kUrlPassword}},
                         Row{"ecs-memory-leak", {kVariable, kArgument, kSecretString, kTrailToken}},
                         Row{"lambda-timeout", {kTraceToken}}}) {
    const CarelessCloud cloud(row.world, clock, "no such operation");
    const Written written = investigate(cloud, clock);
    const auto told = cloud.account().told();
    for (const auto& secret : row.told)
      EXPECT_TRUE(told.contains(secret)) << row.world << " never told " << secret;
    for (const char* secret : {kLogToken, kLogBearer, kDescription})
      EXPECT_TRUE(told.contains(secret)) << row.world << " never told " << secret;
    ASSERT_TRUE(written.contains("report")) << row.world;
    EXPECT_GT(written.size(), 10U) << "the recording was searched";
    EXPECT_THAT(written.at("answers"), HasSubstr(std::string(base::kRedacted)));
    expect_no_secret(written, cloud.secrets());
  }
}

TEST(Secrecy, NoSecretLeavesWhereCallsFail) {
  const base::SystemClock clock;
  for (const char* refused : {"FilterLogEvents", "LookupEvents", "DescribeAlarms", ""}) {
    const CarelessCloud cloud("lambda-memory", clock, refused);
    const Written written = investigate(cloud, clock);
    EXPECT_THAT(written.at("answers"), HasSubstr("signature we calculated")) << refused;
    expect_no_secret(written, cloud.secrets());
  }
}

}  // namespace
}  // namespace midwatch::app
