#include "src/clients/aws/api/credentials/account_settings.h"

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/api/api.h"
#include "src/clients/aws/api/credentials/child_process.h"
#include "src/clients/aws/api/credentials/open_account.h"
#include "src/clients/aws/api/credentials/testing/home_fixture.h"
#include "src/http/testing/imposter_server.h"

namespace midwatch::clients::aws::api {
namespace {

using AccountSettingsTest = testing::HomeFixture;

TEST_F(AccountSettingsTest, FindsTheRegionInOrder) {
  const auto region = [this] {
    return configured_region(environment(), *read_shared_config(environment()), "p");
  };
  EXPECT_EQ(region(), "");
  write_credentials("[p]\nregion = r4\n");
  EXPECT_EQ(region(), "r4");
  write_config("[profile p]\nregion = r3\n");
  EXPECT_EQ(region(), "r3");
  variables_["AWS_DEFAULT_REGION"] = "r2";
  EXPECT_EQ(region(), "r2");
  variables_["AWS_REGION"] = "r1";
  EXPECT_EQ(region(), "r1");
}

TEST_F(AccountSettingsTest, FindsTheEndpointInOrder) {
  const auto endpoint = [this] {
    return configured_endpoint(environment(), *read_shared_config(environment()), "p", "CLOUDWATCH_LOGS");
  };
  EXPECT_EQ(endpoint(), "");
  write_config("[profile p]\nendpoint_url = u4\n");
  EXPECT_EQ(endpoint(), "u4");
  write_config(
      "[profile p]\nendpoint_url = u4\nservices = local\n\n[services local]\n# a comment\nsqs =\n"
      "  endpoint_url = other\ncloudwatch_logs =\n  endpoint_url = u3\n");
  EXPECT_EQ(endpoint(), "u3");
  variables_["AWS_ENDPOINT_URL"] = "u2";
  EXPECT_EQ(endpoint(), "u2");
  variables_["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"] = "u1";
  EXPECT_EQ(endpoint(), "u1");
  variables_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "TRUE";
  EXPECT_EQ(endpoint(), "");
}

TEST_F(AccountSettingsTest, BoundsTheAttempts) {
  const auto attempts = [this] {
    return configured_attempts(environment(), *read_shared_config(environment()), "default");
  };
  EXPECT_EQ(attempts(), 3);
  write_config("[default]\nmax_attempts = 5\n");
  EXPECT_EQ(attempts(), 5);
  for (const auto& [text, want] : std::map<std::string, int>{{"2", 2}, {"0", 1}, {"1000", 10}, {"x", 3}}) {
    variables_["AWS_MAX_ATTEMPTS"] = text;
    EXPECT_EQ(attempts(), want) << text;
  }
}

TEST_F(AccountSettingsTest, ReadsQuotedProfilesAndOtherFiles) {
  write("elsewhere", "\xEF\xBB\xBF");
  write("config", "; comment\n[profile \"my own\"]\nREGION = r\n[default]\nregion=d\n[plugins]\nx=y\n");
  variables_["AWS_CONFIG_FILE"] = "~/config";
  const auto config = read_shared_config(environment());
  ASSERT_TRUE(config.has_value()) << config.error().describe();
  EXPECT_EQ(setting(config->profile("my own"), "region"), "r");
  EXPECT_EQ(setting(config->profile("default"), "region"), "d");
  EXPECT_FALSE(config->has_profile("plugins"));
}

TEST_F(AccountSettingsTest, AFileThatCannotBeReadIsAnError) {
  std::filesystem::create_directories(home_ / ".aws/config");
  EXPECT_FALSE(read_shared_config(environment()).has_value());
  std::filesystem::remove_all(home_ / ".aws/config");
  write_config(std::string((1U << 20U) + 1, '#'));
  const auto config = read_shared_config(environment());
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().code, base::ErrorCode::kResourceExhausted);
}

TEST(ChildProcessTest, SplitsAsAShellButExpandsNothing) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(split_command(R"(a  "b c" 'd "e' f\ g "h\"i\j" '' $X)"),
            (Words{"a", "b c", "d \"e", "f g", "h\"i\\j", "", "$X"}));
  EXPECT_EQ(split_command("  "), Words{});
  EXPECT_EQ(split_command("a 'b"), Words{});
}

TEST(ChildProcessTest, GivesTheOutputAndBoundsIt) {
  const base::SystemClock clock;
  const auto unlimited = runtime::RequestContext::unlimited(clock);
  EXPECT_EQ(*run_child(unlimited, {"printf", "a b"}), "a b");
  EXPECT_FALSE(run_child(unlimited, {"sh", "-c", "echo out; exit 3"}).has_value());
  EXPECT_FALSE(run_child(unlimited, {"head", "-c", "2000000", "/dev/zero"}).has_value());
  const auto late = run_child(unlimited.within(std::chrono::milliseconds(20)), {"tail", "-f", "/dev/null"});
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, base::ErrorCode::kTimeout);
}

TEST_F(AccountSettingsTest, AnAccountIsAskedEndToEnd) {
  const http::testing::ImposterServer service([](const http::testing::ReceivedRequest& request) {
    const bool is_signed =
        request.header("authorization").find("Credential=AKIDENV/") != std::string_view::npos;
    return http::testing::ImposterAnswer{.status = is_signed ? 200 : 403, .body = R"({"taskArns":["a"]})"};
  });
  variables_["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  variables_["AWS_REGION"] = "eu-west-1";
  variables_["AWS_ENDPOINT_URL_ECS"] = service.url();
  const base::SystemClock clock;
  const auto unlimited = runtime::RequestContext::unlimited(clock);
  const auto account = open_account(unlimited, clock, environment(), {});
  ASSERT_TRUE(account.has_value()) << account.error().describe();
  const auto answer = (*account)->call(
      unlimited, {.service = "ecs", .operation = "ListTasks", .region = "", .input = base::Json::object()});
  ASSERT_TRUE(answer.has_value()) << answer.error().describe();
  EXPECT_EQ(base::list_at(*answer, "taskArns").size(), 1U);
}

}  // namespace
}  // namespace midwatch::clients::aws::api
