#include "src/sandbox/wire/gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/sandbox/wire/cbor.h"
#include "src/sandbox/wire/testing/fake_account.h"
#include "src/sandbox/wire/testing/signed_request.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;
using base::text_at;
using ::testing::HasSubstr;
using testing::signed_post;

constexpr const char* kForm = "application/x-www-form-urlencoded";

class GatewayTest : public ::testing::Test {
 protected:
  http::ServerResponse json(const std::string& service, const std::string& target, const Json& input,
                            const std::vector<std::pair<std::string, std::string>>& more = {}) {
    auto headers = more;
    headers.emplace_back("X-Amz-Target", target);
    return gateway_.answer(signed_post(key_, service, headers, base::dump_json(input)));
  }
  http::ServerResponse form(const std::string& service, const std::string& body) {
    return gateway_.answer(signed_post(key_, service, {{"Content-Type", kForm}}, body));
  }
  http::ServerResponse get(const std::string& service, const std::string& target,
                           const std::vector<std::pair<std::string, std::string>>& headers = {}) {
    return gateway_.answer(testing::signed_request(key_, service, "GET", target, headers, ""));
  }
  http::ServerResponse of_bucket(const std::string& target) {
    return get("s3", target, {{"x-amz-content-sha256", base::sha256_hex("")}});
  }
  http::ServerResponse list_tasks(const Json& input) {
    return json("ecs", "AmazonEC2ContainerServiceV20141113.ListTasks", input);
  }

  Credentials key_ = sandbox_credentials();
  base::ManualClock clock_{*base::parse_rfc3339(testing::kSignedAt)};
  testing::FakeAccount account_;
  Gateway gateway_{account_, clock_, clock_, {}};
};

std::string header_of(const http::ServerResponse& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

TEST_F(GatewayTest, BindsATokenToItsQuestionAndMoment) {
  account_.say("ecs ListTasks", {{"taskArns", {"a", "b", "c"}}});
  const Json first = Json::parse(list_tasks({{"cluster", "web"}, {"maxResults", 2}}).body);
  EXPECT_EQ(first["taskArns"], (Json{"a", "b"}));
  const std::string token = text_at(first, "nextToken");
  clock_.advance(std::chrono::minutes(5));
  const Json second =
      Json::parse(list_tasks({{"cluster", "web"}, {"maxResults", 2}, {"nextToken", token}}).body);
  EXPECT_EQ(second, (Json{{"taskArns", {"c"}}}));
  EXPECT_EQ(account_.calls()[0].now, account_.calls()[1].now);

  const auto other = list_tasks({{"cluster", "other"}, {"nextToken", token}});
  EXPECT_EQ(other.status, 400);
  EXPECT_THAT(other.body, HasSubstr("InvalidParameterException"));
  EXPECT_EQ(list_tasks({{"cluster", "web"}, {"nextToken", "1-2-3"}}).status, 400);
  EXPECT_EQ(list_tasks({{"cluster", "web"}, {"maxResults", 0}}).status, 400);
  EXPECT_EQ(list_tasks({{"cluster", "web"}, {"maxResults", 101}}).status, 400);
}

TEST_F(GatewayTest, PagesByTheMembersOfTheNextItemWhereTheServiceDoes) {
  Json records = Json::array();
  for (const char* name : {"a.example.", "b.example.", "c.example."})
    records.push_back({{"Name", name}, {"Type", "A"}});
  account_.say("route53 ListResourceRecordSets", {{"ResourceRecordSets", records}});
  const std::string zone = "/2013-04-01/hostedzone/Z1/rrset?maxitems=2";
  const auto first = get("route53", zone);
  EXPECT_THAT(first.body, HasSubstr("<IsTruncated>true</IsTruncated>"));
  EXPECT_THAT(first.body, HasSubstr("<NextRecordName>c.example.</NextRecordName>"
                                    "<NextRecordType>A</NextRecordType>"));
  const auto last = get("route53", zone + "&name=c.example.&type=A");
  EXPECT_THAT(last.body, HasSubstr("<ResourceRecordSets><ResourceRecordSet><Name>c.example.</Name>"));
  EXPECT_THAT(last.body, HasSubstr("<IsTruncated>false</IsTruncated>"));
  EXPECT_EQ(text_at(account_.calls()[1].input, "StartRecordName"), "c.example.");
}

TEST_F(GatewayTest, AnswersABucketWithAnElementOrWithItsText) {
  account_.say("s3 GetBucketPolicy", {{"Policy", R"({"Version":"2012-10-17"})"}});
  account_.say("s3 GetBucketLocation", {{"LocationConstraint", "eu-west-1"}});
  account_.say("s3 GetPublicAccessBlock",
               {{"PublicAccessBlockConfiguration", {{"BlockPublicPolicy", true}}}});
  EXPECT_EQ(of_bucket("/acme-receipts?policy").body, R"({"Version":"2012-10-17"})");
  EXPECT_THAT(of_bucket("/acme-receipts?location").body,
              HasSubstr("<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">eu-west-1<"));
  EXPECT_THAT(of_bucket("/acme-receipts?publicAccessBlock").body,
              HasSubstr("<BlockPublicPolicy>true</BlockPublicPolicy></PublicAccessBlockConfiguration>"));
  EXPECT_EQ(account_.calls()[0].input, (Json{{"Bucket", "acme-receipts"}}));
}

TEST_F(GatewayTest, RefusesInRestXmlWithAnEnvelopeAndOfS3WithoutOne) {
  account_.refuse("s3 GetBucketPolicy", {"NoSuchBucketPolicy", "The bucket policy does not exist", 404});
  account_.refuse("route53 ListHostedZones", {"InvalidInput", "no", 400});
  const auto none = of_bucket("/acme-receipts?policy");
  EXPECT_EQ(none.status, 404);
  EXPECT_THAT(none.body, HasSubstr("\n<Error><Code>NoSuchBucketPolicy</Code>"));
  EXPECT_THAT(get("route53", "/2013-04-01/hostedzone").body,
              HasSubstr("<Error><Type>Sender</Type><Code>InvalidInput</Code>"));
  EXPECT_THAT(of_bucket("/acme-receipts?acl").body,
              HasSubstr("<Error><Code>UnknownOperationException</Code>"));
  EXPECT_THAT(get("s3", "/acme-receipts?policy").body, HasSubstr("<Error><Code>InvalidRequest</Code>"));
  key_.secret_key = "wrong";
  EXPECT_THAT(of_bucket("/acme-receipts?policy").body, HasSubstr("<Code>SignatureDoesNotMatch</Code>"));
  key_.access_key = "AKIAUNKNOWN";
  EXPECT_THAT(of_bucket("/acme-receipts?policy").body, HasSubstr("<Code>InvalidAccessKeyId</Code>"));
  EXPECT_THAT(get("route53", "/2013-04-01/hostedzone").body, HasSubstr("<Code>InvalidClientTokenId</Code>"));
}

TEST_F(GatewayTest, ThrottlesAtThePublishedLimit) {
  account_.say("cloudtrail LookupEvents", {{"Events", Json::array()}});
  const std::string target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
  EXPECT_EQ(json("cloudtrail", target, Json::object()).status, 200);
  EXPECT_EQ(json("cloudtrail", target, Json::object()).status, 200);
  EXPECT_THAT(json("cloudtrail", target, Json::object()).body, HasSubstr("ThrottlingException"));
  clock_.advance(std::chrono::milliseconds(500));
  EXPECT_EQ(json("cloudtrail", target, Json::object()).status, 200);
}

TEST_F(GatewayTest, ReadsAndWritesTimesAsTheProtocolHasThem) {
  account_.say("cloudtrail LookupEvents", {{"Events", {{{"EventTime", "2026-01-05T02:00:00.500Z"}}}}});
  const auto response =
      json("cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
           {{"StartTime", 1767578400.25}});
  EXPECT_EQ(Json::parse(response.body)["Events"][0]["EventTime"], 1767578400.5);
  EXPECT_EQ(text_at(account_.calls()[0].input, "StartTime"), "2026-01-05T02:00:00.250Z");
}

TEST_F(GatewayTest, SpeaksCborWithTaggedTimes) {
  account_.say("cloudwatch DescribeAlarms",
               {{"MetricAlarms", {{{"AlarmName", "a"}, {"StateUpdatedTimestamp", "2026-01-05T02:00:00Z"}}}}});
  const std::string body = encode_cbor({{"AlarmNames", {"a"}}}, nullptr);
  const auto response = gateway_.answer(signed_post(
      key_, "monitoring", {{"smithy-protocol", "rpc-v2-cbor"}, {"Content-Type", "application/cbor"}}, body,
      "/service/GraniteServiceVersion20100801/operation/DescribeAlarms"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header_of(response, "smithy-protocol"), "rpc-v2-cbor");
  EXPECT_THAT(response.body, HasSubstr("\xc1\xfb"));  // tag 1, then a double
  const auto answer = decode_cbor(response.body);
  ASSERT_TRUE(answer);
  EXPECT_EQ((*answer)["MetricAlarms"][0]["StateUpdatedTimestamp"], 1767578400.0);
  EXPECT_EQ(account_.calls()[0].input, (Json{{"AlarmNames", {"a"}}}));
}

TEST_F(GatewayTest, NamesTheQueryCodeBesideJsonWhereItIsAskedTo) {
  account_.refuse("sqs GetQueueUrl", {"QueueDoesNotExist", "The specified queue does not exist.", 400});
  const auto response =
      json("sqs", "AmazonSQS.GetQueueUrl", {{"QueueName", "q"}}, {{"x-amzn-query-mode", "true"}});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(header_of(response, "x-amzn-query-error"), "AWS.SimpleQueueService.NonExistentQueue;Sender");
  EXPECT_THAT(response.body, HasSubstr("com.amazonaws.sqs#QueueDoesNotExist"));
  const auto old = form("sqs", "Action=GetQueueUrl&Version=2012-11-05&QueueName=q");
  EXPECT_THAT(old.body, HasSubstr("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"));
}

TEST_F(GatewayTest, RefusesWhatItDoesNotKnowInTheProtocolOfTheClient) {
  EXPECT_THAT(json("ecs", "AmazonEC2ContainerServiceV20141113.DeleteCluster", Json::object()).body,
              HasSubstr("UnknownOperationException"));
  EXPECT_THAT(json("logs", "AmazonEC2ContainerServiceV20141113.ListTasks", Json::object()).body,
              HasSubstr("UnknownOperationException"));
  EXPECT_THAT(form("rds", "Action=Nothing&Version=2014-10-31").body, HasSubstr("<Code>InvalidAction</Code>"));
  EXPECT_THAT(form("rds", "Action=DescribeEvents&Version=2014-10-31&Duration=x").body,
              HasSubstr("<Code>MalformedInput</Code>"));
  EXPECT_THAT(form("ec2", "Action=Nothing&Version=2016-11-15").body, HasSubstr("<Response><Errors>"));
  EXPECT_EQ(account_.calls().size(), 0U);
}

TEST_F(GatewayTest, NamesAWrongKeyAsEachProtocolDoes) {
  key_.secret_key = "wrong";
  EXPECT_THAT(list_tasks(Json::object()).body, HasSubstr("InvalidSignatureException"));
  EXPECT_THAT(form("rds", "Action=DescribeEvents&Version=2014-10-31").body,
              HasSubstr("SignatureDoesNotMatch"));
  EXPECT_THAT(form("ec2", "Action=DescribeVpcs&Version=2016-11-15").body, HasSubstr("AuthFailure"));
  key_.access_key = "AKIAUNKNOWN";
  EXPECT_THAT(list_tasks(Json::object()).body, HasSubstr("UnrecognizedClientException"));
  EXPECT_EQ(account_.calls().size(), 0U);
}

TEST_F(GatewayTest, GivesKeysOfARoleThatWorkUntilTheyExpire) {
  account_.say("sts AssumeRole", Json::object());
  account_.say("ecs ListTasks", {{"taskArns", Json::array()}});
  const auto response =
      form("sts",
           "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2F"
           "Reader&RoleSessionName=watch&DurationSeconds=900");
  EXPECT_EQ(response.status, 200);
  const auto between = [&](const std::string& tag) {
    const std::size_t begin = response.body.find("<" + tag + ">") + tag.size() + 2;
    return response.body.substr(begin, response.body.find("</" + tag + ">") - begin);
  };
  key_ = {.access_key = between("AccessKeyId"),
          .secret_key = between("SecretAccessKey"),
          .session_token = between("SessionToken")};
  EXPECT_EQ(list_tasks(Json::object()).status, 200);
  EXPECT_THAT(form("sts", "Action=GetCallerIdentity&Version=2011-06-15").body,
              HasSubstr("arn:aws:sts::123456789012:assumed-role/Reader/watch"));
  clock_.advance(std::chrono::minutes(15));
  EXPECT_THAT(list_tasks(Json::object()).body, HasSubstr("ExpiredTokenException"));
}

/// A plan as people write it.
std::vector<Fault> plan(std::string_view text) {
  auto faults = read_fault_plan(text, "plan.yaml");
  EXPECT_TRUE(faults) << (faults ? "" : faults.error().describe());
  return faults ? *std::move(faults) : std::vector<Fault>();
}

TEST_F(GatewayTest, RefusesTheCallsOfAFaultPlan) {
  account_.say("ecs ListTasks", {{"taskArns", Json::array()}});
  account_.say("rds DescribeEvents", {{"Events", Json::array()}});
  gateway_.set_faults(plan(R"(
faults:
  - {fault: throttled, operations: [ecs ListTasks, lambda], calls: 2-3, retry_after: 1500ms, status: 429}
  - {fault: server-error, operations: ecs, calls: 4, status: 503}
  - {fault: denied, operations: ecs, calls: 5-}
)"));
  std::vector<int> statuses;
  std::vector<http::ServerResponse> answers;
  for (int i = 0; i < 6; ++i) answers.push_back(list_tasks(Json::object()));
  for (const auto& answer : answers) statuses.push_back(answer.status);
  EXPECT_EQ(statuses, (std::vector{200, 429, 429, 503, 400, 400}));
  EXPECT_THAT(answers[1].body, HasSubstr("ThrottlingException"));
  EXPECT_EQ(header_of(answers[1], "Retry-After"), "2");
  EXPECT_THAT(answers[3].body, HasSubstr("InternalFailure"));
  EXPECT_THAT(answers[4].body, HasSubstr("AccessDeniedException"));
  EXPECT_EQ(form("rds", "Action=DescribeEvents&Version=2014-10-31").status, 200);
  EXPECT_EQ(account_.calls().size(), 2U);
}

TEST_F(GatewayTest, SpoilsTheAnswersOfAFaultPlan) {
  account_.say("ecs ListTasks", {{"taskArns", {"abcdefgh"}}});
  gateway_.set_faults(plan(R"(
faults:
  - {fault: stalled, calls: 1, for: 10s}
  - {fault: truncated, calls: 2}
  - {fault: truncated, calls: 3, bytes: 7}
  - {fault: closed, calls: 4}
)"));
  const auto stalled = list_tasks(Json::object());
  EXPECT_EQ(stalled.delay, std::chrono::seconds(10));
  EXPECT_FALSE(stalled.cut_after.has_value());
  EXPECT_EQ(list_tasks(Json::object()).cut_after, stalled.body.size() / 2);
  EXPECT_EQ(list_tasks(Json::object()).cut_after, 7U);
  EXPECT_TRUE(list_tasks(Json::object()).hang_up);
  EXPECT_FALSE(list_tasks(Json::object()).hang_up);
}

TEST(FaultPlan, NamesWhatIsWrongByLineAndColumn) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"faults:\n  - fault: slow\n", "plan.yaml:2:5: 'fault' must be throttled"},
      {"faults:\n  - fault: closed\n    for: 1s\n", "plan.yaml:3:5: fault: unknown key 'for'"},
      {"faults: []\nfault: 1\n", "plan.yaml:2:1: fault plan: unknown key 'fault'"},
      {"faults:\n  - {fault: closed, operations: [s4]}\n", "plan.yaml:2:5: the sandbox has no 's4'"},
      {"faults:\n  - {fault: closed, operations: [logs Describe]}\n", "has no 'logs Describe'"},
      {"faults:\n  - {fault: closed, calls: 0}\n", "'calls' must be a range"},
      {"faults:\n  - {fault: closed, calls: 3-2}\n", "'calls' must be a range"},
      {"faults:\n  - {fault: stalled}\n", "needs 'for'"},
      {"faults:\n  - {fault: stalled, for: 2h}\n", "between 0s and 1h"},
      {"faults:\n  - {fault: throttled, status: 200}\n", "between 400 and 599"},
      {"faults:\n  - {fault: truncated, bytes: -1}\n", "'bytes' must lie between"},
  };
  for (const auto& [text, expected] : cases) {
    const auto faults = read_fault_plan(text, "plan.yaml");
    ASSERT_FALSE(faults) << text;
    EXPECT_THAT(faults.error().describe(), HasSubstr(expected)) << text;
  }
}

TEST(CodeStore, ServesAPackageOnlyByItsSignedAddress) {
  KeyRing keys("seed");
  keys.add(sandbox_credentials());
  const base::Timestamp now = *base::parse_rfc3339(testing::kSignedAt);
  const auto packages = [](const std::string& function, base::Timestamp) -> std::optional<std::string> {
    if (function == "f") return "PK";
    return {};
  };
  const auto status_of = [&](const std::string& address, base::Timestamp at) {
    http::ServerRequest request;
    request.method = "GET";
    request.target = address.substr(std::string("http://h").size());
    request.headers = {{"Host", "h"}};
    return answer_package(request, keys, packages, at, at).status;
  };
  const std::string address = presigned_address("h", "/packages/f", sandbox_credentials(), now);
  EXPECT_EQ(status_of(address, now), 200);
  EXPECT_EQ(status_of(address, now + std::chrono::minutes(11)), 403);
  EXPECT_EQ(status_of(address + "0", now), 403);
  EXPECT_EQ(status_of("http://h/packages/f", now), 403);
  EXPECT_EQ(status_of(presigned_address("h", "/packages/g", sandbox_credentials(), now), now), 404);
}

TEST(Cbor, RefusesWhatIsNotWellFormed) {
  for (const char* bytes : {"\x18", "\xa1\x01\x02", "\x82\x01", "\x62\x61", "\xff", "\x5f"})
    EXPECT_FALSE(decode_cbor(bytes)) << bytes;
  EXPECT_FALSE(decode_cbor(std::string(100'000, '\x81')));
  EXPECT_EQ(*decode_cbor("\xbf\x61\x61\x9f\x20\xf5\xff\xff"), (Json{{"a", {-1, true}}}));
}

}  // namespace
}  // namespace midwatch::sandbox::wire
