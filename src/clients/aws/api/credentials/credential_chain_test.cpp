#include "src/clients/aws/api/credentials/credential_chain.h"

#include "src/clients/aws/api/credentials/testing/home_fixture.h"

namespace midwatch::clients::aws::api {
namespace {

using base::ErrorCode;
using CredentialChainTest = testing::HomeFixture;

TEST_F(CredentialChainTest, SaysWhereItLookedWhenThereAreNone) {
  const auto found = find();
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, ErrorCode::kUnauthenticated);
  EXPECT_NE(found.error().message.find("environment"), std::string::npos);
  EXPECT_TRUE(http_.requests().empty());
}

TEST_F(CredentialChainTest, TheEnvironmentGoesFirstUnlessAProfileIsNamed) {
  variables_["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  variables_["AWS_SECRET_ACCESS_KEY"] = "planted-env-secret";
  variables_["AWS_SESSION_TOKEN"] = "t";
  variables_["AWS_PROFILE"] = "p";
  write_credentials("[p]\naws_access_key_id = AKIDFILE\naws_secret_access_key = planted-file-secret\n");
  const auto found = find();
  ASSERT_TRUE(found.has_value()) << found.error().describe();
  EXPECT_EQ(found->access_key_id, "AKIDENV");
  EXPECT_EQ(found->session_token, "t");
  const auto named = find("p");
  ASSERT_TRUE(named.has_value()) << named.error().describe();
  EXPECT_EQ(named->access_key_id, "AKIDFILE");
  EXPECT_EQ(named->source, "profile p");
}

TEST_F(CredentialChainTest, TheCredentialsFileGoesBeforeProcessAndConfig) {
  const std::string keys = "aws_access_key_id = AKIDCONFIG\naws_secret_access_key = s\n";
  write_config("[default]\n" + keys);
  EXPECT_EQ(find()->access_key_id, "AKIDCONFIG");
  write("print.json", R"({"Version":1,"AccessKeyId":"AKIDPROCESS","SecretAccessKey":"s"})");
  write_config("[default]\ncredential_process = cat '" + (home_ / "print.json").string() + "'\n" + keys);
  EXPECT_EQ(find()->access_key_id, "AKIDPROCESS");
  write_credentials("[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=s\n");
  EXPECT_EQ(find()->access_key_id, "AKIDFILE");
}

TEST_F(CredentialChainTest, FollowsAChainOfRoles) {
  write_config(
      "[profile target]\nrole_arn = arn:aws:iam::2:role/target\nsource_profile = middle\nexternal_id = e&x\n"
      "duration_seconds = 900\nregion = eu-west-1\n"
      "[profile middle]\nrole_arn = arn:aws:iam::1:role/middle\nsource_profile = base\nrole_session_name = "
      "n\n");
  write_credentials("[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = planted-base-secret\n");
  http_.then(200, sts_answer("AssumeRole", "ASIAMIDDLE")).then(200, sts_answer("AssumeRole", "ASIATARGET"));
  const auto found = find("target");
  ASSERT_TRUE(found.has_value()) << found.error().describe();
  EXPECT_EQ(found->access_key_id, "ASIATARGET");
  EXPECT_EQ(found->expires_at, base::parse_rfc3339("2025-12-17T02:39:00Z"));
  const auto requests = http_.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(requests[0].body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fmiddle&"
            "RoleSessionName=n");
  EXPECT_NE(http::header_value(requests[0].headers, "authorization").find("AKIDBASE/"), std::string::npos);
  EXPECT_NE(http::header_value(requests[1].headers, "authorization").find("ASIAMIDDLE/"), std::string::npos);
  EXPECT_EQ(http::header_value(requests[1].headers, "x-amz-security-token"), "planted-role-token");
  EXPECT_TRUE(requests[1].body.ends_with("&RoleSessionName=midwatch&ExternalId=e%26x&DurationSeconds=900"));
}

TEST_F(CredentialChainTest, WhateverIsFoundTakesOnTheRoleOfTheChain) {
  variables_["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  variables_["AWS_SECRET_ACCESS_KEY"] = "planted-env-secret";
  http_.then(200, sts_answer("AssumeRole", "ASIASPACE"));
  CredentialChain chain(http_, Environment(variables_), "",
                        RoleRequest{.role_arn = "arn:aws:iam::2:role/reader",
                                    .session_name = "midwatch",
                                    .external_id = "shop",
                                    .duration_seconds = {}});
  for (int i = 0; i < 2; ++i) {
    const auto found = chain.credentials(runtime::RequestContext::unlimited(clock_));
    ASSERT_TRUE(found.has_value()) << found.error().describe();
    EXPECT_EQ(found->access_key_id, "ASIASPACE");
    EXPECT_EQ(found->source, "role arn:aws:iam::2:role/reader by environment");
  }
  const auto requests = http_.requests();
  ASSERT_EQ(requests.size(), 1U) << "it is kept until shortly before it ends";
  EXPECT_TRUE(requests[0].body.ends_with("&RoleSessionName=midwatch&ExternalId=shop"));
  EXPECT_NE(http::header_value(requests[0].headers, "authorization").find("AKIDENV/"), std::string::npos);
}

TEST_F(CredentialChainTest, AProfileMayTakeOnARoleWithItsOwnKeys) {
  write_config("[default]\nrole_arn = r\nsource_profile = default\n");
  write_credentials("[default]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s\n");
  http_.then(200, sts_answer("AssumeRole", "ASIA"));
  const auto found = find();
  ASSERT_TRUE(found.has_value()) << found.error().describe();
  EXPECT_EQ(found->access_key_id, "ASIA");
}

TEST_F(CredentialChainTest, TakesTheFirstCredentialsFromTheEnvironment) {
  write_config("[profile p]\nrole_arn = r\ncredential_source = Environment\n");
  variables_["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  http_.then(200, sts_answer("AssumeRole", "ASIA"));
  ASSERT_TRUE(find("p").has_value());
  EXPECT_NE(http::header_value(http_.requests()[0].headers, "authorization").find("AKIDENV/"),
            std::string::npos);
}

TEST_F(CredentialChainTest, SaysWhatIsWrongWithAProfile) {
  const struct {
    const char* config;
    const char* says;
  } cases[] = {
      {"[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\nsource_profile = a\n",
       "leads back to itself"},
      {"[profile a]\nrole_arn = r\nsource_profile = nosuch\n", "no profile nosuch"},
      {"[profile a]\nrole_arn = r\n", "either source_profile or credential_source"},
      {"[profile a]\nrole_arn = r\nsource_profile = b\ncredential_source = Environment\n[profile b]\n",
       "either source_profile or credential_source"},
      {"[profile a]\nrole_arn = r\ncredential_source = Other\n", "credential_source is none of"},
      {"[profile a]\nrole_arn = r\ncredential_source = Environment\n", "Environment has none"},
      {"[profile a]\nrole_arn = r\nsource_profile = b\nmfa_serial = m\n[profile b]\n", "one-time password"},
      {"[profile a]\naws_access_key_id = x\n", "aws_secret_access_key is not"},
      {"[profile a]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n", "no [sso-session s]"},
      {"[profile a]\nsso_account_id = 1\nsso_role_name = r\n", "is missing"},
      {"[profile a]\nsso_account_id = 1\nsso_role_name = r\nsso_region = us-east-1\nsso_start_url = u\n",
       "aws sso login --profile a"},
      {"[profile a]\ncredential_process = 'open\n", "open quote"},
      {"[profile a]\ncredential_process = /nosuch/program\n", "cannot be started"},
      {"[profile a]\ncredential_process = false\n", "failed"},
      {"[profile a]\ncredential_process = echo planted-output\n", "no JSON"},
      {"[profile other]\n", "has no profile a"},
      {"[profile a\n", "config:1"},
      {"key = value\n", "before the first section at"},
      {"[profile a]\nplanted-line\n", "config:2"},
  };
  for (const auto& each : cases) {
    write_config(each.config);
    const auto found = find("a");
    ASSERT_FALSE(found.has_value()) << each.config;
    const auto text = found.error().describe();
    EXPECT_NE(text.find(each.says), std::string::npos) << text;
    EXPECT_EQ(text.find("planted"), std::string::npos) << text;
  }
  EXPECT_TRUE(http_.requests().empty());
}

TEST_F(CredentialChainTest, ARefusedRoleEndsTheSearchAndTellsNoSecret) {
  write_config("[profile p]\nrole_arn = r\nsource_profile = base\n");
  write_credentials(
      "[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = planted-base-secret\n"
      "aws_session_token = planted-base-token\n");
  http_.then(403,
             "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized: planted-base-secret "
             "planted-base-token</Message></Error></ErrorResponse>");
  const auto found = find("p");
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, ErrorCode::kPermissionDenied);
  const auto text = found.error().describe();
  EXPECT_NE(text.find("sts:AssumeRole"), std::string::npos) << text;
  EXPECT_EQ(text.find("planted"), std::string::npos) << text;
}

TEST_F(CredentialChainTest, TakesOnARoleWithAWebIdentity) {
  write("token", "planted.web.token\n");
  variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = (home_ / "token").string();
  variables_["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/pod";
  variables_["AWS_REGION"] = "eu-west-1";
  http_.then(200, sts_answer("AssumeRoleWithWebIdentity", "ASIAPOD"));
  const auto found = find();
  ASSERT_TRUE(found.has_value()) << found.error().describe();
  EXPECT_EQ(found->access_key_id, "ASIAPOD");
  const auto request = http_.requests().at(0);
  EXPECT_TRUE(request.body.ends_with("&WebIdentityToken=planted.web.token"));
  EXPECT_TRUE(http::header_value(request.headers, "authorization").empty()) << "the call is not signed";
}

TEST_F(CredentialChainTest, ExchangesTheTokenOfASignIn) {
  write_config(
      "[profile p]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Read Only\n"
      "[sso-session corp]\nsso_region = us-east-2\nsso_start_url = https://corp.example/start\n");
  // The name is the SHA-1 of `corp`.
  write(".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
        R"({"accessToken":"planted-sso-token","expiresAt":"2025-12-17T02:00:00Z"})");
  http_.then(200, R"({"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t",)"
                  R"("expiration":1765940000000}})");
  const auto found = find("p");
  ASSERT_TRUE(found.has_value()) << found.error().describe();
  EXPECT_EQ(found->access_key_id, "ASIASSO");
  EXPECT_EQ(found->expires_at, base::parse_epoch_seconds("1765940000"));
  const auto request = http_.requests().at(0);
  EXPECT_EQ(request.url,
            "https://portal.sso.us-east-2.amazonaws.com/federation/credentials?role_name=Read%20Only&"
            "account_id=123456789012");
  EXPECT_EQ(http::header_value(request.headers, "x-amz-sso_bearer_token"), "planted-sso-token");
  clock_.advance(std::chrono::hours(1));
  const auto late = find("p");
  ASSERT_FALSE(late.has_value());
  EXPECT_NE(late.error().message.find("aws sso login --profile p"), std::string::npos);
}

TEST_F(CredentialChainTest, RenewsBeforeTheEndAndKeepsWhatHoldsWhenTheIssuerIsAway) {
  write_config("[default]\nrole_arn = r\nsource_profile = base\n");
  write_credentials("[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s\n");
  CredentialChain chain(http_, environment(), "");
  http_.then(200, sts_answer("AssumeRole", "ASIA1"));
  EXPECT_EQ(chain.credentials(context())->access_key_id, "ASIA1");
  clock_.advance(std::chrono::minutes(44));
  EXPECT_EQ(chain.credentials(context())->access_key_id, "ASIA1");
  EXPECT_EQ(http_.requests().size(), 1U);
  clock_.advance(std::chrono::minutes(2));  // 14 minutes before the end
  http_.then(base::external_error(ErrorCode::kUnavailable, "away"));
  EXPECT_EQ(chain.credentials(context())->access_key_id, "ASIA1");
  http_.then(200, sts_answer("AssumeRole", "ASIA2", "2025-12-17T03:39:00Z"));
  EXPECT_EQ(chain.credentials(context())->access_key_id, "ASIA2");
  chain.forget();
  http_.then(200, sts_answer("AssumeRole", "ASIA3", "2025-12-17T03:39:00Z"));
  EXPECT_EQ(chain.credentials(context())->access_key_id, "ASIA3");
  clock_.advance(std::chrono::hours(3));
  http_.then(base::external_error(ErrorCode::kUnavailable, "away"));
  EXPECT_FALSE(chain.credentials(context()).has_value());
}

TEST_F(CredentialChainTest, AShortLifeIsNotRenewedAtEachCall) {
  write_config("[default]\nrole_arn = r\nsource_profile = base\n");
  write_credentials("[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s\n");
  CredentialChain chain(http_, environment(), "");
  http_.then(200, sts_answer("AssumeRole", "ASIA1", "2025-12-17T01:49:00Z"));
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(chain.credentials(context())->access_key_id, "ASIA1");
    clock_.advance(std::chrono::minutes(1));
  }
  EXPECT_EQ(http_.requests().size(), 1U);
}

}  // namespace
}  // namespace midwatch::clients::aws::api
