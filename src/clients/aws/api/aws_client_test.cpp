#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/clients/aws/api/testing/client_fixture.h"

namespace midwatch::clients::aws::api {
namespace {

using base::ErrorCode;
using base::Json;
using http::HttpResponse;
using AwsClientTest = testing::ClientFixture;

TEST_F(AwsClientTest, SendsASignedCallAndGivesTheAnswerOfTheCli) {
  http_.then(
      200,
      R"({"tasks":[{"lastStatus":"STOPPED","stoppedAt":1766022120.4,"containers":[{"exitCode":137}]}]})");
  const auto answer = call("ecs", "DescribeTasks", {{"cluster", "c"}, {"tasks", {"t1"}}});
  ASSERT_TRUE(answer.has_value()) << answer.error().describe();
  EXPECT_EQ(
      base::dump_json(*answer),
      R"({"tasks":[{"lastStatus":"STOPPED","stoppedAt":"2025-12-18T01:42:00.400Z","containers":[{"exitCode":137}]}]})");
  const auto request = http_.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://ecs.eu-west-1.amazonaws.com/");
  EXPECT_EQ(http::header_value(request.headers, "x-amz-target"),
            "AmazonEC2ContainerServiceV20141113.DescribeTasks");
  EXPECT_EQ(http::header_value(request.headers, "content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(http::header_value(request.headers, "x-amz-date"), "20251217T013900Z");
  EXPECT_EQ(http::header_value(request.headers, "x-amz-security-token"), "planted-session-token");
  EXPECT_TRUE(http::header_value(request.headers, "authorization")
                  .starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20251217/eu-west-1/ecs/aws4_request, "
                               "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;"));
  EXPECT_EQ(request.body, R"({"cluster":"c","tasks":["t1"]})");
}

TEST_F(AwsClientTest, RefusesWhatIsNoReadBeforeAnythingIsSent) {
  for (const auto& [service, operation] : std::vector<std::pair<std::string, std::string>>{
           {"ecs", "UpdateService"},
           {"ecs", "describetasks"},
           {"ecs", "DescribeTasks "},
           {"secretsmanager", "GetSecretValue"},
           {"ssm", "GetParameter"},
           {"sqs", "ReceiveMessage"},
           {"nosuch", "DescribeTasks"},
           {"", ""},
       }) {
    const auto answer = call(service, operation);
    ASSERT_FALSE(answer.has_value()) << service << " " << operation;
    EXPECT_EQ(answer.error().code, ErrorCode::kUnsupported) << service << " " << operation;
  }
  EXPECT_TRUE(http_.requests().empty());
}

TEST_F(AwsClientTest, JoinsAllPages) {
  http_.then(200, R"({"events":[{"message":"a"}],"nextToken":"n1","searchedLogStreams":[]})")
      .then(200, R"({"events":[],"nextToken":"n2"})")
      .then(200, R"({"events":[{"message":"b"},{"message":"c"}]})");
  const auto answer = call("logs", "FilterLogEvents", {{"logGroupName", "g"}});
  ASSERT_TRUE(answer.has_value()) << answer.error().describe();
  EXPECT_EQ(base::dump_json(*answer),
            R"({"events":[{"message":"a"},{"message":"b"},{"message":"c"}],"searchedLogStreams":[]})");
  const auto requests = http_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].body, R"({"logGroupName":"g"})");
  EXPECT_EQ(requests[2].body, R"({"logGroupName":"g","nextToken":"n2"})");
}

TEST_F(AwsClientTest, JoinsPagesWhoseNextIsToldByMembersOfAnItem) {
  const auto page = [](const char* name, const char* next) {
    return fmt::format(
        "<R><ResourceRecordSets><ResourceRecordSet><Name>{}</Name></ResourceRecordSet></ResourceRecordSets>{}"
        "</R>",
        name, next);
  };
  http_
      .then(200, page("a.example.",
                      "<IsTruncated>true</IsTruncated><NextRecordName>b.example.</NextRecordName>"
                      "<NextRecordType>A</NextRecordType><NextRecordIdentifier>1"
                      "</NextRecordIdentifier>"))
      .then(200, page("b.example.",
                      "<IsTruncated>true</IsTruncated><NextRecordName>c.example.</NextRecordName>"
                      "<NextRecordType>A</NextRecordType>"))
      .then(200, page("c.example.", "<IsTruncated>false</IsTruncated>"));
  const auto answer = call("route53", "ListResourceRecordSets", {{"HostedZoneId", "Z1"}});
  ASSERT_TRUE(answer.has_value()) << answer.error().describe();
  EXPECT_EQ(base::dump_json(*answer),
            R"({"ResourceRecordSets":[{"Name":"a.example."},{"Name":"b.example."},{"Name":"c.example."}]})");
  const std::string zone = "https://route53.amazonaws.com/2013-04-01/hostedzone/Z1/rrset";
  const auto requests = http_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].url, zone);
  EXPECT_EQ(requests[1].url, zone + "?name=b.example.&type=A&identifier=1");
  EXPECT_EQ(requests[2].url, zone + "?name=c.example.&type=A");
  EXPECT_NE(http::header_value(requests[0].headers, "authorization").find("/us-east-1/route53/"),
            std::string_view::npos);
}

TEST_F(AwsClientTest, LogEventsEndWhereThePlaceRepeats) {
  http_.then(200, R"({"events":[{"message":"a"}],"nextForwardToken":"f/1","nextBackwardToken":"b/1"})")
      .then(200, R"({"events":[],"nextForwardToken":"f/1","nextBackwardToken":"b/2"})");
  const auto answer = call("logs", "GetLogEvents", {{"logGroupName", "g"}, {"logStreamName", "s"}});
  ASSERT_TRUE(answer.has_value()) << answer.error().describe();
  EXPECT_EQ(base::list_at(*answer, "events").size(), 1U);
}

TEST_F(AwsClientTest, SaysThatPagesDoNotEnd) {
  for (int i = 0; i < 2; ++i) http_.then(200, R"({"taskArns":["a"],"nextToken":"same"})");
  const auto answer = call("ecs", "ListTasks");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kMalformed);
}

TEST_F(AwsClientTest, StopsAtTheAskedNumberOfItems) {
  http_.then(200, R"({"taskArns":["a","b"],"nextToken":"n1"})")
      .then(200, R"({"taskArns":["c"],"nextToken":"n2"})");
  const auto answer = call("ecs", "ListTasks", {{"PaginationConfig", {{"MaxItems", 3}}}});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(base::dump_json(*answer), R"({"taskArns":["a","b","c"],"nextToken":"n2"})");
  EXPECT_EQ(http_.requests()[0].body, "{}");
}

TEST_F(AwsClientTest, TriesAgainWhatMaySucceed) {
  const struct {
    const char* name;
    base::Result<HttpResponse> first;
  } cases[] = {
      {"throttled", HttpResponse{.status = 400, .body = R"({"__type":"ThrottlingException"})"}},
      {"too many", HttpResponse{.status = 429, .body = ""}},
      {"internal", HttpResponse{.status = 500, .body = ""}},
      {"unavailable", HttpResponse{.status = 503, .body = "<html>"}},
      {"no answer", base::external_error(ErrorCode::kUnavailable, "the body broke off")},
      {"no answer in time", base::external_error(ErrorCode::kTimeout, "no answer")},
      {"expired token", HttpResponse{.status = 400, .body = R"({"__type":"ExpiredTokenException"})"}},
  };
  for (const auto& each : cases) {
    http_.then(each.first).then(200, R"({"taskArns":["a"]})");
    const auto answer = call("ecs", "ListTasks");
    EXPECT_TRUE(answer.has_value()) << each.name << ": " << answer.error().describe();
  }
  EXPECT_EQ(http_.requests().size(), 2 * std::size(cases));
  EXPECT_EQ(credentials_.forgotten, 1);
  EXPECT_FALSE(waiter_.waits.empty());
}

TEST_F(AwsClientTest, GivesUpAfterThreeAttempts) {
  for (int i = 0; i < 3; ++i)
    http_.then(400, R"({"__type":"ThrottlingException","message":"Rate exceeded"})");
  const auto answer = call("ecs", "ListTasks");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kRateLimited);
  EXPECT_NE(answer.error().describe().find("ecs ListTasks in eu-west-1"), std::string::npos);
  const auto requests = http_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(http::header_value(requests[2].headers, "amz-sdk-request"), "attempt=3; max=3");
  EXPECT_EQ(http::header_value(requests[0].headers, "amz-sdk-invocation-id"),
            http::header_value(requests[2].headers, "amz-sdk-invocation-id"));
}

TEST_F(AwsClientTest, WaitsAsLongAsTheServiceAsks) {
  http_.then(503, "", {{"Retry-After", "7"}}).then(200, "{}");
  ASSERT_TRUE(call("ecs", "ListTasks").has_value());
  ASSERT_EQ(waiter_.waits.size(), 1U);
  EXPECT_EQ(waiter_.waits[0], std::chrono::seconds(7));
}

TEST_F(AwsClientTest, AnAttemptLeavesTimeForAnother) {
  using std::chrono::seconds;
  for (const auto& [deadline, timeout] :
       {std::pair(seconds(600), seconds(60)), std::pair(seconds(60), seconds(20)),
        std::pair(seconds(2), seconds(1))}) {
    http_.then(200, "{}");
    ASSERT_TRUE(call_in(context().within(deadline), "ecs", "ListTasks").has_value());
    EXPECT_EQ(http_.requests().back().timeout, timeout) << deadline.count();
  }
  http_.then(200, "{}");
  ASSERT_TRUE(call("ecs", "ListTasks").has_value());
  EXPECT_EQ(http_.requests().back().timeout, seconds(60)) << "without a deadline";
}

TEST_F(AwsClientTest, DoesNotTryAgainWhereTheDeadlineComesFirst) {
  http_.then(503, "", {{"Retry-After", "60"}});
  const auto answer = call_in(context().within(std::chrono::seconds(10)), "ecs", "ListTasks");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(waiter_.waits.empty());
}

TEST_F(AwsClientTest, DoesNotTryAgainWhatCannotSucceed) {
  const struct {
    int status;
    const char* body;
    ErrorCode code;
  } cases[] = {
      {400, R"({"__type":"ClusterNotFoundException","message":"Cluster not found."})", ErrorCode::kNotFound},
      {400, R"({"__type":"InvalidParameterException","message":"x"})", ErrorCode::kInvalidArgument},
      {400, R"({"__type":"AccessDeniedException","Message":"no"})", ErrorCode::kPermissionDenied},
      {400, R"({"__type":"UnrecognizedClientException"})", ErrorCode::kUnauthenticated},
      {403, "", ErrorCode::kPermissionDenied},
      {401, "", ErrorCode::kUnauthenticated},
      {302, "", ErrorCode::kUnavailable},
  };
  for (const auto& each : cases) {
    http_.then(each.status, each.body);
    const auto answer = call("ecs", "ListTasks");
    ASSERT_FALSE(answer.has_value()) << each.body;
    EXPECT_EQ(answer.error().code, each.code) << each.body;
  }
  EXPECT_EQ(http_.requests().size(), std::size(cases));
}

TEST_F(AwsClientTest, NamesTheMissingActionAndTheCall) {
  http_.then(400, R"({"__type":"AccessDeniedException","Message":"User is not authorized"})");
  const auto answer = call("cloudwatch", "DescribeAlarms");
  ASSERT_FALSE(answer.has_value());
  const auto text = answer.error().describe();
  EXPECT_NE(text.find("cloudwatch:DescribeAlarms"), std::string::npos) << text;
  EXPECT_NE(text.find("cloudwatch DescribeAlarms in eu-west-1"), std::string::npos) << text;
}

TEST_F(AwsClientTest, LearnsTheTimeOfAService) {
  http_
      .then(
          403,
          R"({"__type":"InvalidSignatureException","message":"Signature expired: 20251217T013900Z is now"})",
          {{"Date", "Wed, 17 Dec 2025 02:39:00 GMT"}})
      .then(200, "{}");
  ASSERT_TRUE(call("ecs", "ListTasks").has_value());
  const auto requests = http_.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_TRUE(http::header_value(requests[1].headers, "x-amz-date").starts_with("20251217T0239"));
}

TEST_F(AwsClientTest, KeepsToThePublishedRate) {
  http_.otherwise([](const http::HttpRequest&) { return HttpResponse{.status = 200, .body = "{}"}; });
  const auto start = clock_.steady_now();
  constexpr int kCalls = 21;
  for (int i = 0; i < kCalls; ++i) ASSERT_TRUE(call("cloudtrail", "LookupEvents").has_value());
  const std::chrono::duration<double> took = clock_.steady_now() - start;
  EXPECT_GE(took.count(), 9.0) << "two a second, and two at once at the start";
  EXPECT_LE(took.count(), 11.0);
}

TEST_F(AwsClientTest, DoesNotWaitForARateBeyondTheDeadline) {
  http_.otherwise([](const http::HttpRequest&) { return HttpResponse{.status = 200, .body = "{}"}; });
  const auto soon = context().within(std::chrono::milliseconds(100));
  base::Result<Json> answer = Json();
  for (int i = 0; i < 10 && answer.has_value(); ++i) answer = call_in(soon, "cloudtrail", "LookupEvents");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout);
}

TEST_F(AwsClientTest, ACancelledCallSendsNothing) {
  std::stop_source stop;
  stop.request_stop();
  const auto answer = call_in({clock_, std::nullopt, stop.get_token()}, "ecs", "ListTasks");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(http_.requests().empty());
}

TEST_F(AwsClientTest, SaysThatAnAnswerCannotBeRead) {
  for (const char* body : {R"({"taskArns":["a")", "<html>", "[]", "\x01"}) {
    http_.then(200, body);
    const auto answer = call("ecs", "ListTasks");
    ASSERT_FALSE(answer.has_value()) << body;
    EXPECT_EQ(answer.error().code, ErrorCode::kMalformed) << body;
  }
}

TEST_F(AwsClientTest, WritesRestCalls) {
  http_.then(200, "{}").then(200, "{}");
  const std::string arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
  ASSERT_TRUE(call("lambda", "GetFunctionConfiguration", {{"FunctionName", arn}, {"Qualifier", "$LATEST"}})
                  .has_value());
  ASSERT_TRUE(call("xray", "GetTraceSummaries",
                   {{"StartTime", "2025-12-17T01:00:00Z"}, {"EndTime", 1765935600}, {"Sampling", true}})
                  .has_value());
  const auto requests = http_.requests();
  EXPECT_EQ(requests[0].method, "GET");
  EXPECT_EQ(requests[0].url,
            "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/"
            "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Af/configuration?Qualifier=%24LATEST");
  EXPECT_EQ(requests[1].method, "POST");
  EXPECT_EQ(requests[1].url, "https://xray.eu-west-1.amazonaws.com/TraceSummaries");
  EXPECT_EQ(requests[1].body, R"({"StartTime":1765933200,"EndTime":1765935600,"Sampling":true})");
  const auto missing = call("lambda", "GetFunctionConfiguration");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(AwsClientTest, AsksABucketAtItsOwnHostAndNamesTheDigest) {
  for (int i = 0; i < 2; ++i) http_.then(200, "{}");
  ASSERT_TRUE(call("s3api", "GetBucketPolicy", {{"Bucket", "acme-receipts"}}).has_value());
  ASSERT_TRUE(call("s3api", "GetBucketPolicy", {{"Bucket", "files.acme.example"}}).has_value());
  const auto requests = http_.requests();
  EXPECT_EQ(requests[0].method, "GET");
  EXPECT_EQ(requests[0].url, "https://acme-receipts.s3.eu-west-1.amazonaws.com/?policy");
  EXPECT_EQ(http::header_value(requests[0].headers, "host"), "acme-receipts.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(http::header_value(requests[0].headers, "x-amz-content-sha256"), base::sha256_hex(""));
  EXPECT_NE(http::header_value(requests[0].headers, "authorization").find(";x-amz-content-sha256;"),
            std::string_view::npos);
  EXPECT_EQ(requests[1].url, "https://s3.eu-west-1.amazonaws.com/files.acme.example?policy");
}

TEST_F(AwsClientTest, AsksABucketByItsPathAtAConfiguredEndpoint) {
  ClientSettings settings;
  settings.endpoint = [](const Service&) { return "http://127.0.0.1:4566"; };
  client_ = make_aws_client({http_, credentials_, waiter_, ids_, [] { return 0.5; }}, std::move(settings));
  http_.then(200, "{}");
  ASSERT_TRUE(call("s3api", "GetBucketPolicy", {{"Bucket", "acme-receipts"}}).has_value());
  EXPECT_EQ(http_.requests()[0].url, "http://127.0.0.1:4566/acme-receipts?policy");
}

TEST_F(AwsClientTest, ABucketOfAnotherRegionIsNotFollowedThere) {
  http_.then(301, "<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>");
  const auto answer = call("s3api", "GetBucketPolicy", {{"Bucket", "acme-receipts"}});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kConflict);
  EXPECT_EQ(http_.requests().size(), 1U);
}

constexpr const char* kCodeAddress =
    "https://awslambda-eu-west-1-tasks.s3.eu-west-1.amazonaws.com/snapshots/f?X-Amz-Signature=planted";

std::string function_at(const std::string& address) {
  return base::dump_json({{"Configuration", {{"FunctionName", "f"}}},
                          {"Code", {{"RepositoryType", "S3"}, {"Location", address}}}});
}

TEST_F(AwsClientTest, FetchesCodeWithItsAddressAlone) {
  http_.then(200, function_at(kCodeAddress)).then(503, "").then(200, "PK");
  const auto package = client_->fetch_code(context(), {.service = "lambda",
                                                       .operation = "GetFunction",
                                                       .region = "eu-west-1",
                                                       .input = {{"FunctionName", "f"}}});
  ASSERT_TRUE(package.has_value()) << package.error().describe();
  EXPECT_EQ(package->archive, "PK");
  EXPECT_EQ(base::dump_json(package->function),
            R"({"Configuration":{"FunctionName":"f"},"Code":{"RepositoryType":"S3"}})");
  const auto requests = http_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[2].method, "GET");
  EXPECT_EQ(requests[2].url, kCodeAddress);
  EXPECT_TRUE(requests[2].headers.empty());
  EXPECT_EQ(requests[2].max_body_bytes, kMaxPackageBytes);
}

TEST_F(AwsClientTest, TheAddressOfCodeIsInNoAnswer) {
  http_.then(200, function_at(kCodeAddress));
  const auto answer = call("lambda", "GetFunction", {{"FunctionName", "f"}});
  ASSERT_TRUE(answer.has_value()) << answer.error().describe();
  EXPECT_EQ(base::dump_json(*answer).find("planted"), std::string::npos);
}

TEST_F(AwsClientTest, AsksNobodyElseForCode) {
  for (const char* address : {
           "http://awslambda-eu-west-1-tasks.s3.eu-west-1.amazonaws.com/f",
           "https://169.254.169.254/latest/meta-data",
           "http://127.0.0.1:8080/f",
           "https://s3.example.com/f",
           "https://s3.eu-west-1.amazonaws.com.example/f",
           "https://s3.eu-west-1.amazonaws.com:8443/f",
           "https://ec2.eu-west-1.amazonaws.com/f",
           "https://s3x.eu-west-1.amazonaws.com/f",
           "https://evil@s3.eu-west-1.amazonaws.com/f",
           "file:///etc/passwd",
           "/etc/passwd",
       }) {
    http_.then(200, function_at(std::string(address) + "?X-Amz-Signature=planted"));
    const std::size_t before = http_.requests().size();
    const auto package = client_->fetch_code(context(), {.service = "lambda",
                                                         .operation = "GetFunction",
                                                         .region = "eu-west-1",
                                                         .input = {{"FunctionName", "f"}}});
    ASSERT_FALSE(package.has_value()) << address;
    EXPECT_EQ(package.error().code, ErrorCode::kPermissionDenied) << address;
    EXPECT_EQ(package.error().describe().find("planted"), std::string::npos) << address;
    EXPECT_EQ(http_.requests().size(), before + 1) << address;
  }
  EXPECT_EQ(client_
                ->fetch_code(context(), {.service = "lambda",
                                         .operation = "GetFunctionConfiguration",
                                         .region = "eu-west-1",
                                         .input = {}})
                .error()
                .code,
            ErrorCode::kUnsupported);
}

TEST_F(AwsClientTest, WritesQueryCalls) {
  const std::string empty = "<R><X/></R>";
  for (int i = 0; i < 3; ++i) http_.then(200, empty);
  ASSERT_TRUE(call("rds", "DescribeEvents",
                   {{"SourceIdentifier", "db 1"},
                    {"EventCategories", {"failure", "low storage"}},
                    {"Filters", {{{"Name", "n"}, {"Values", {"v1", "v2"}}}}}})
                  .has_value());
  ASSERT_TRUE(call("ec2", "DescribeSecurityGroupRules",
                   {{"Filters", {{{"Name", "group-id"}, {"Values", {"sg-1"}}}}}, {"DryRun", false}})
                  .has_value());
  ASSERT_TRUE(
      call("elbv2", "DescribeTargetHealth", {{"Targets", {{{"Id", "i-1"}, {"Port", 80}}}}}).has_value());
  const auto requests = http_.requests();
  EXPECT_EQ(
      requests[0].body,
      "Action=DescribeEvents&Version=2014-10-31&SourceIdentifier=db%201&EventCategories.EventCategory.1="
      "failure&EventCategories.EventCategory.2=low%20storage&Filters.Filter.1.Name=n&Filters.Filter.1."
      "Values.Value.1=v1&Filters.Filter.1.Values.Value.2=v2");
  EXPECT_EQ(
      requests[1].body,
      "Action=DescribeSecurityGroupRules&Version=2016-11-15&Filter.1.Name=group-id&Filter.1.Value.1=sg-1&"
      "DryRun=false");
  EXPECT_EQ(
      requests[2].body,
      "Action=DescribeTargetHealth&Version=2015-12-01&Targets.member.1.Id=i-1&Targets.member.1.Port=80");
}

TEST_F(AwsClientTest, TellsNoSecretInAnyError) {
  http_.otherwise([](const http::HttpRequest& request) {
    // A service, or a proxy, that sends back everything it was sent.
    std::string all = request.url + " " + request.body;
    for (const auto& [name, value] : request.headers) all += " " + name + "=" + value;
    return HttpResponse{.status = 400, .body = base::dump_json(Json{{"__type", "X"}, {"message", all}})};
  });
  const auto answer = call("ecs", "ListTasks");
  ASSERT_FALSE(answer.has_value());
  const auto text = answer.error().describe();
  EXPECT_EQ(text.find("planted-secret-key"), std::string::npos) << text;
  EXPECT_EQ(text.find("planted-session-token"), std::string::npos) << text;
}

}  // namespace
}  // namespace midwatch::clients::aws::api
