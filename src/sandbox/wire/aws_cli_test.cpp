#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "src/base/clock.h"
#include "src/base/json_access.h"
#include "src/sandbox/wire/sandbox_server.h"
#include "src/sandbox/wire/testing/fake_account.h"

namespace midwatch::sandbox::wire {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

/// The client that Debian ships, which nobody here wrote.
constexpr const char* kCli = "/usr/bin/aws";

struct CliResult {
  int status = 0;
  std::string text;  ///< standard output and standard error

  Json json() const { return Json::parse(text, nullptr, false); }
};

/// A sandbox, and the AWS CLI that talks to it. Everything that could lead the CLI elsewhere is switched off.
class AwsCli : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(kCli)) << kCli << " is missing; './run test' installs awscli";
    auto started = SandboxServer::start(account_, clock_, clock_, {});
    ASSERT_TRUE(started) << started.error().describe();
    sandbox_ = *std::move(started);
  }

  CliResult aws(const std::string& arguments, const std::string& environment = "") const {
    const Credentials key = sandbox_credentials();
    const std::string line = fmt::format(
        "env -i PATH=/usr/bin:/bin HOME=/nonexistent AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=1 "
        "AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_ACCESS_KEY_ID={} "
        "AWS_SECRET_ACCESS_KEY={} AWS_DEFAULT_REGION=us-east-1 {} {} --endpoint-url {} --output json "
        "--no-cli-pager {} 2>&1",
        key.access_key, key.secret_key, environment, kCli, sandbox_->address(), arguments);
    CliResult result;
    FILE* pipe = popen(line.c_str(), "r");
    if (pipe == nullptr) return {.status = -1, .text = "popen failed"};
    std::array<char, 4096> buffer{};
    while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe))
      result.text.append(buffer.data(), count);
    result.status = pclose(pipe);
    return result;
  }

  testing::FakeAccount account_;
  base::SystemClock clock_;
  std::unique_ptr<SandboxServer> sandbox_;
};

/// A list of `count` objects, each with its number under `key`.
Json numbered(std::size_t count, const std::string& key) {
  Json out = Json::array();
  for (std::size_t i = 0; i < count; ++i) out.push_back({{key, fmt::format("{}-{}", key, i)}});
  return out;
}

TEST_F(AwsCli, SpeaksJson11) {
  account_.say("ecs DescribeTasks",
               {{"tasks", {{{"taskArn", "arn:t"}, {"stoppedAt", "2026-01-05T02:11:00.250Z"}}}},
                {"failures", Json::array()}});
  const CliResult result = aws("ecs describe-tasks --cluster web --tasks t1 t2");
  EXPECT_EQ(result.status, 0) << result.text;
  EXPECT_EQ(text_at(list_at(result.json(), "tasks")[0], "stoppedAt"), "2026-01-05T02:11:00.250000+00:00")
      << result.text;
  ASSERT_EQ(account_.calls().size(), 1U);
  const AccountCall call = account_.calls()[0];
  EXPECT_EQ(call.region, "us-east-1");
  EXPECT_EQ(call.input, (Json{{"cluster", "web"}, {"tasks", {"t1", "t2"}}}));
}

TEST_F(AwsCli, PagesJson11) {
  account_.say("ecs ListTasks", {{"taskArns", Json::array({"a", "b", "c", "d", "e"})}});
  const CliResult result = aws("ecs list-tasks --cluster web --page-size 2");
  EXPECT_EQ(result.status, 0) << result.text;
  EXPECT_EQ(list_at(result.json(), "taskArns").size(), 5U) << result.text;
  EXPECT_EQ(account_.calls().size(), 3U);
}

TEST_F(AwsCli, SpeaksQuery) {
  account_.say("cloudwatch DescribeAlarms",
               {{"MetricAlarms", numbered(3, "AlarmName")}, {"CompositeAlarms", Json::array()}});
  const CliResult result =
      aws("cloudwatch describe-alarms --state-value ALARM --alarm-names a b --page-size 2");
  EXPECT_EQ(result.status, 0) << result.text;
  EXPECT_EQ(list_at(result.json(), "MetricAlarms").size(), 3U) << result.text;
  EXPECT_EQ(account_.calls()[0].input, (Json{{"AlarmNames", {"a", "b"}}, {"StateValue", "ALARM"}}));
}

TEST_F(AwsCli, SpeaksQueryWithNamedLists) {
  account_.say("rds DescribeEvents", {{"Events",
                                       {{{"Message", "full & \"done\" <now>"},
                                         {"EventCategories", {"low storage", "backup"}},
                                         {"Date", "2026-01-05T02:11:00Z"}}}}});
  const CliResult result = aws("rds describe-events --duration 60 --event-categories 'low storage' backup");
  EXPECT_EQ(result.status, 0) << result.text;
  const Json event = list_at(result.json(), "Events")[0];
  EXPECT_EQ(text_at(event, "Message"), "full & \"done\" <now>");
  EXPECT_EQ(at(event, "EventCategories"), (Json{"low storage", "backup"}));
  EXPECT_EQ(account_.calls()[0].input,
            (Json{{"Duration", 60}, {"EventCategories", {"low storage", "backup"}}}));
}

TEST_F(AwsCli, SpeaksEc2) {
  account_.say(
      "ec2 DescribeSecurityGroups",
      {{"SecurityGroups",
        {{{"GroupId", "sg-1"},
          {"IpPermissions",
           {{{"IpProtocol", "tcp"}, {"FromPort", 5432}, {"IpRanges", {{{"CidrIp", "10.0.0.0/8"}}}}}}},
          {"Tags", {{{"Key", "k"}, {"Value", "v"}}}}}}}});
  const CliResult result =
      aws("ec2 describe-security-groups --group-ids sg-1 --filters Name=vpc-id,Values=vpc-1,vpc-2");
  EXPECT_EQ(result.status, 0) << result.text;
  const Json group = list_at(result.json(), "SecurityGroups")[0];
  EXPECT_EQ(text_at(group["IpPermissions"][0]["IpRanges"][0], "CidrIp"), "10.0.0.0/8") << result.text;
  EXPECT_EQ(group["IpPermissions"][0]["FromPort"], 5432);
  EXPECT_EQ(text_at(group["Tags"][0], "Value"), "v");
  EXPECT_EQ(
      account_.calls()[0].input,
      (Json{{"Filters", {{{"Name", "vpc-id"}, {"Values", {"vpc-1", "vpc-2"}}}}}, {"GroupIds", {"sg-1"}}}));
}

TEST_F(AwsCli, SpeaksRestJson) {
  account_.say("lambda GetFunctionConfiguration", {{"FunctionName", "f"}, {"Timeout", 30}});
  const CliResult result = aws(
      "lambda get-function-configuration --function-name arn:aws:lambda:us-east-1:123456789012:function:f "
      "--qualifier live");
  EXPECT_EQ(result.status, 0) << result.text;
  EXPECT_EQ(at(result.json(), "Timeout"), 30) << result.text;
  EXPECT_EQ(
      account_.calls()[0].input,
      (Json{{"FunctionName", "arn:aws:lambda:us-east-1:123456789012:function:f"}, {"Qualifier", "live"}}));
}

}  // namespace
}  // namespace midwatch::sandbox::wire
