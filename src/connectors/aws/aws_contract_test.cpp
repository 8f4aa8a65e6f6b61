#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/try.h"
#include "src/clients/aws/api/testing/scripted_api.h"
#include "src/connectors/aws/aws_connector.h"
#include "src/connectors/contract/connector_contract.h"
#include "src/sandbox/world/code_package.h"

namespace midwatch::connectors::contract {
namespace {

using clients::aws::api::testing::ScriptedApi;

/// So many functions behind an alarm, as an account would tell of them.
std::shared_ptr<ScriptedApi> account(int functions) {
  auto api = std::make_shared<ScriptedApi>();
  api->answers(
      "DescribeAlarms",
      R"({"MetricAlarms":[{"AlarmName":"slow","StateValue":"ALARM","StateTransitionedTimestamp":"2026-03-03T10:00:00Z",
                   "Namespace":"AWS/Lambda","MetricName":"Errors","Statistic":"Sum","Period":60,"EvaluationPeriods":1,
                   "Dimensions":[{"Name":"FunctionName","Value":"intake"}]}]})");
  std::string sources;
  for (int i = 0; i < functions; ++i) {
    sources +=
        fmt::format(R"({}{{"UUID":"u{}","FunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:intake",
                               "EventSourceArn":"arn:aws:sqs:us-east-1:123456789012:jobs-{}"}})",
                    i > 0 ? "," : "", i, i);
  }
  api->packs(sandbox::world::zip_of({{"index.js", "go();"}, {"lib/part.js", "rest();"}}));
  api->answers("ListEventSourceMappings", fmt::format(R"({{"EventSourceMappings":[{}]}})", sources));
  return api;
}

/// Asks the account about its alarm.
Connect asking(std::shared_ptr<ScriptedApi> api, const std::string& alarm = "slow") {
  return [api = std::move(api),
          alarm](const runtime::RequestContext& context) -> base::Result<std::unique_ptr<Connector>> {
    aws::Wanted wanted;
    wanted.alarm = alarm;
    MIDWATCH_TRY(auto collected, aws::collect(context, *api, wanted, {}));
    return std::unique_ptr<Connector>(std::make_unique<aws::AwsConnector>(std::move(collected)));
  };
}

/// Has the code of one function.
std::vector<CodeFile> code(int files) {
  std::vector<CodeFile> out;
  for (int i = 0; i < files; ++i) {
    out.push_back(
        {"arn:aws:lambda:us-east-1:123456789012:function:intake", fmt::format("part{:03}.js", i), "go();"});
  }
  return out;
}

/// Has these documents, whoever asked for them.
Connect holding(std::vector<std::string> texts, int files = 0) {
  return [texts = std::move(texts),
          files](const runtime::RequestContext& /*context*/) -> base::Result<std::unique_ptr<Connector>> {
    aws::Collected collected;
    for (const std::string& text : texts) {
      aws::Answer answer;
      answer.question.request = {"dynamodb", "ListTables", "us-east-1", base::Json::object()};
      answer.text = text;
      if (collected.answers.empty()) answer.code = code(files);
      collected.answers.push_back(std::move(answer));
    }
    return std::unique_ptr<Connector>(std::make_unique<aws::AwsConnector>(std::move(collected)));
  };
}

class AwsSubject final : public Subject {
 public:
  Connect full() override { return asking(account(2)); }
  Connect empty() override { return holding({"# aws dynamodb list-tables\n{\"TableNames\": []}\n"}); }
  Connect absent() override { return holding({}); }
  Connect large() override {
    std::vector<std::string> texts;
    for (int i = 0; i < kLeastChecks * 2; ++i) {
      texts.push_back(
          fmt::format("# aws dynamodb describe-table --table-name t{0}\n{{\"Table\":{{\"TableName\":\"t{0}\","
                      "\"TableArn\":\"arn:aws:dynamodb:us-east-1:123456789012:table/t{0}\"}}}}\n",
                      i));
    }
    return holding(std::move(texts), kLeastChecks * 2);
  }

  std::vector<Fault> faults() override {
    std::vector<Fault> faults;
    faults.push_back({"no such alarm", Shows::kWhenConnecting, base::ErrorCode::kNotFound,
                      asking(std::make_shared<ScriptedApi>(), "nobody")});
    const auto refusing = [](base::ErrorCode code) {
      auto api = account(2);
      api->refuses("ListEventSourceMappings", base::external_error(code, "what the service says of it"));
      return asking(std::move(api));
    };
    using base::ErrorCode;
    for (const auto code : {ErrorCode::kPermissionDenied, ErrorCode::kUnauthenticated, ErrorCode::kNotFound,
                            ErrorCode::kRateLimited, ErrorCode::kTimeout, ErrorCode::kUnavailable,
                            ErrorCode::kMalformed, ErrorCode::kResourceExhausted})
      faults.push_back({std::string(base::to_string(code)), Shows::kAsGap, {}, refusing(code)});
    for (const char* text :
         {"# aws dynamodb list-tables\n{\"TableNames\":", "# aws quasar list-stars\n{}\n", "\xff\xfe"})
      faults.push_back({text, Shows::kAsGap, {}, holding({text})});
    return faults;
  }
};

INSTANTIATE_TEST_SUITE_P(Aws, ConnectorContract,
                         ::testing::Values(Case{"Account", [] { return std::make_unique<AwsSubject>(); }}),
                         case_name);

}  // namespace
}  // namespace midwatch::connectors::contract
