#include "src/clients/aws/api/sigv4.h"

#include <gtest/gtest.h>

namespace midwatch::clients::aws::api {
namespace {

/// The example key of the AWS documentation.
Credentials example(std::string token = {}) {
  return {.access_key_id = "AKIDEXAMPLE",
          .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          .session_token = std::move(token),
          .expires_at = {},
          .source = {}};
}

/// Signatures that botocore 1.43.11 makes of the same requests at 2025-12-17T01:39:35Z.
struct SignedCase {
  const char* name;
  http::HttpRequest request;
  SigningScope scope;
  std::string token;
  SigningRules rules;
  const char* signature;
};

http::HttpRequest get(const std::string& host, const std::string& target) {
  return {.method = "GET", .url = "https://" + host + target, .headers = {{"Host", host}}};
}

http::HttpRequest post(const std::string& host, std::vector<http::Header> headers, std::string body) {
  headers.emplace_back("Host", host);
  return {.method = "POST",
          .url = "https://" + host + "/",
          .headers = std::move(headers),
          .body = std::move(body)};
}

TEST(SigV4Test, SignsAsBotocore) {
  const base::Timestamp time = *base::parse_rfc3339("2025-12-17T01:39:35Z");
  const SignedCase cases[] = {
      {"a path that is encoded already",
       get("lambda.eu-west-1.amazonaws.com",
           "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Af/configuration"
           "?Qualifier=%24LATEST"),
       {"eu-west-1", "lambda", time},
       "",
       {},
       "e3fed19f8f9ab96aa04dadd26b287b8c2d7e3c86170c729771d5efd4bc1486c6"},
      {"JSON with a session token",
       post("ecs.us-east-1.amazonaws.com",
            {{"Content-Type", "application/x-amz-json-1.1"},
             {"X-Amz-Target", "AmazonEC2ContainerServiceV20141113.ListTasks"}},
            R"({"cluster":"c"})"),
       {"us-east-1", "ecs", time},
       "token/with+chars==",
       {},
       "39fe30b51655abf5448017fee789d86351e0201a6b82eab28f84a9cbe4af6ac2"},
      {"a form",
       post("rds.us-east-1.amazonaws.com",
            {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
            "Action=DescribeDBInstances&Version=2014-10-31"),
       {"us-east-1", "rds", time},
       "",
       {},
       "9dc5b90e9473463bb0f26aa8b361376f5b5ed3c09c24cf34cda33abe1fc0e140"},
      {"a query that is not sorted, with an empty value",
       get("apigateway.us-east-1.amazonaws.com", "/restapis?position=b%2Fa%3D&limit=500&empty="),
       {"us-east-1", "apigateway", time},
       "",
       {},
       "12f738cb49b014991c17bded2e0005d57177404c7b2244457d6507a0f8222894"},
      {"S3: the path as it is, a key without a value",
       get("bucket.s3.us-east-1.amazonaws.com", "/a//b/../c%20d%3De?acl&x=1"),
       {"us-east-1", "s3", time},
       "",
       s3_signing_rules(),
       "b2fcab82f025a165c873738290ad0d8e7804d72a3d0b913d48bb8072cd1f9245"},
  };
  for (const auto& each : cases) {
    auto request = each.request;
    const auto signature = sign(request, example(each.token), each.scope, each.rules);
    ASSERT_TRUE(signature.has_value()) << each.name;
    EXPECT_EQ(signature->hex, each.signature) << each.name << "\n" << signature->canonical_request;
    EXPECT_EQ(http::header_value(request.headers, "authorization"), signature->authorization) << each.name;
    EXPECT_EQ(http::header_value(request.headers, "x-amz-security-token"), each.token) << each.name;
  }
}

TEST(SigV4Test, AnyChangeOfWhatIsSignedChangesTheSignature) {
  const SigningScope scope{"us-east-1", "ecs", *base::parse_rfc3339("2025-12-17T01:39:35Z")};
  const auto hex = [&scope](http::HttpRequest request) { return sign(request, example(), scope, {})->hex; };
  const auto base_request = post("ecs.us-east-1.amazonaws.com", {{"X-Amz-Target", "a.B"}}, "{}");
  const auto unchanged = hex(base_request);
  EXPECT_EQ(unchanged, hex(base_request));
  auto changed = base_request;
  changed.body = "{ }";
  EXPECT_NE(hex(changed), unchanged);
  changed = base_request;
  changed.url += "?a=b";
  EXPECT_NE(hex(changed), unchanged);
  changed = base_request;
  changed.headers[0].second = "a.C";
  EXPECT_NE(hex(changed), unchanged);
  changed = base_request;
  changed.headers.emplace_back("User-Agent", "proxies change it");
  EXPECT_EQ(hex(changed), unchanged);
}

}  // namespace
}  // namespace midwatch::clients::aws::api
