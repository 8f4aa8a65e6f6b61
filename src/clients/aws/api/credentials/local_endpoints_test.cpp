#include "src/clients/aws/api/credentials/instance_metadata.h"
#include "src/clients/aws/api/credentials/testing/home_fixture.h"
#include "src/http/curl_client.h"
#include "src/http/testing/imposter_server.h"

namespace midwatch::clients::aws::api {
namespace {

using http::testing::ImposterAnswer;
using http::testing::ImposterServer;
using http::testing::ReceivedRequest;

constexpr const char* kDocument =
    R"({"AccessKeyId":"ASIALOCAL","SecretAccessKey":"planted-local-secret","Token":"t","Expiration":"2099-01-01T00:00:00Z"})";

/// Real requests to imposters of the endpoints that a machine offers its own processes.
class LocalEndpointsTest : public testing::HomeFixture {
 protected:
  base::Result<Credentials> find_locally() {
    return CredentialChain(curl_, environment(), "")
        .credentials(runtime::RequestContext::unlimited(system_clock_));
  }

  base::SystemClock system_clock_;
  http::CurlClient curl_;
};

TEST_F(LocalEndpointsTest, AContainerAsksItsAgent) {
  const ImposterServer agent([](const ReceivedRequest& request) {
    return request.header("authorization") == "planted-pod-token" ? ImposterAnswer{.body = kDocument}
                                                                  : ImposterAnswer{.status = 401};
  });
  write("token", "planted-pod-token");
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = agent.url() + "/v1/credentials";
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = (home_ / "token").string();
  const auto found = find_locally();
  ASSERT_TRUE(found.has_value()) << found.error().describe();
  EXPECT_EQ(found->access_key_id, "ASIALOCAL");
  EXPECT_EQ(found->source, "container");
}

TEST_F(LocalEndpointsTest, AContainersAgentIsTriedThreeTimesAndNotMore) {
  const ImposterServer agent([](const ReceivedRequest&) { return ImposterAnswer{.status = 500}; });
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = agent.url() + "/planted-path";
  const auto found = find_locally();
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, base::ErrorCode::kUnauthenticated);
  EXPECT_EQ(agent.requests().size(), 3U);
  EXPECT_EQ(found.error().describe().find("planted"), std::string::npos);
}

TEST_F(LocalEndpointsTest, ATokenIsShownToTrustedEndpointsOnly) {
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "planted-pod-token";
  for (const char* uri : {"http://service.example/", "http://169.254.1.1/", "ftp://localhost/"}) {
    variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = uri;
    EXPECT_FALSE(find().has_value()) << uri;
  }
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "planted\r\nX: y";
  EXPECT_FALSE(find().has_value());
  EXPECT_TRUE(http_.requests().empty());
  variables_.erase("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  variables_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/id";
  http_.then(200, kDocument);
  EXPECT_TRUE(find().has_value());
  EXPECT_EQ(http_.requests().at(0).url, "http://169.254.170.2/v2/credentials/id");
}

ImposterAnswer instance(const ReceivedRequest& request, bool knows_tokens) {
  if (request.target == "/latest/api/token") {
    if (!knows_tokens) return {.status = 404};
    return request.method == "PUT" && request.header("x-aws-ec2-metadata-token-ttl-seconds") == "21600"
               ? ImposterAnswer{.body = "planted-session"}
               : ImposterAnswer{.status = 400};
  }
  if (request.header("x-aws-ec2-metadata-token") != (knows_tokens ? "planted-session" : ""))
    return {.status = 401};
  if (request.target == "/latest/meta-data/iam/security-credentials/") return {.body = "my-role\n"};
  if (request.target == "/latest/meta-data/iam/security-credentials/my-role") return {.body = kDocument};
  if (request.target == "/latest/meta-data/placement/region") return {.body = "eu-north-1"};
  return {.status = 404};
}

TEST_F(LocalEndpointsTest, AnInstanceAsksItsMetadataWithASession) {
  const ImposterServer metadata([](const ReceivedRequest& request) { return instance(request, true); });
  variables_["AWS_EC2_METADATA_DISABLED"] = "false";
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadata.url() + "/";
  const auto found = find_locally();
  ASSERT_TRUE(found.has_value()) << found.error().describe();
  EXPECT_EQ(found->source, "instance metadata");
  EXPECT_EQ(metadata.requests().size(), 3U);
  const auto variables = environment();
  InstanceMetadata reader(curl_, variables);
  EXPECT_EQ(
      *reader.read(runtime::RequestContext::unlimited(system_clock_), "/latest/meta-data/placement/region"),
      "eu-north-1");
}

TEST_F(LocalEndpointsTest, AnOldInstanceIsAskedWithoutASessionUnlessForbidden) {
  const ImposterServer metadata([](const ReceivedRequest& request) { return instance(request, false); });
  variables_["AWS_EC2_METADATA_DISABLED"] = "";
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadata.url();
  EXPECT_TRUE(find_locally().has_value());
  variables_["AWS_EC2_METADATA_V1_DISABLED"] = "true";
  const auto found = find_locally();
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, base::ErrorCode::kUnauthenticated);
}

}  // namespace
}  // namespace midwatch::clients::aws::api
