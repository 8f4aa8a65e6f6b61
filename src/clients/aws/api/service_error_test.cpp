#include "src/clients/aws/api/service_error.h"

#include <gtest/gtest.h>

#include "src/clients/aws/api/table/operation_table.h"

namespace midwatch::clients::aws::api {
namespace {

using base::ErrorCode;

struct ErrorCase {
  const char* name;
  http::HttpResponse response;
  const char* code;
  const char* message;
  ErrorCode meaning;
};

TEST(ServiceErrorTest, ReadsTheErrorsOfEachProtocol) {
  const Service& service = *find_service("ecs");
  const Operation& operation = *find_operation(service, "ListTasks");
  const ErrorCase cases[] = {
      {"json 1.1",
       {.status = 400, .body = R"({"__type":"ClusterNotFoundException","message":"Cluster not found."})"},
       "ClusterNotFoundException",
       "Cluster not found.",
       ErrorCode::kNotFound},
      {"json 1.0 with the code of query",
       {.status = 400,
        .headers = {{"x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"}},
        .body = R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"m"})"},
       "AWS.SimpleQueueService.NonExistentQueue",
       "m",
       ErrorCode::kNotFound},
      {"rest-json",
       {.status = 404,
        .headers = {{"x-amzn-ErrorType", "ResourceNotFoundException:http://internal/"}},
        .body = R"({"Type":"User","Message":"Function not found"})"},
       "ResourceNotFoundException",
       "Function not found",
       ErrorCode::kNotFound},
      {"query",
       {.status = 400,
        .body = "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate "
                "exceeded"
                "</Message></Error><RequestId>r</RequestId></ErrorResponse>"},
       "Throttling",
       "Rate exceeded",
       ErrorCode::kRateLimited},
      {"ec2",
       {.status = 400,
        .body = "<?xml "
                "version=\"1.0\"?><Response><Errors><Error><Code>InvalidInstanceID.Malformed</Code><Message>"
                "Invalid id: &quot;x&quot;</Message></Error></Errors><RequestID>r</RequestID></Response>"},
       "InvalidInstanceID.Malformed",
       "Invalid id: \"x\"",
       ErrorCode::kInvalidArgument},
      {"rest-xml",
       {.status = 403, .body = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"},
       "AccessDenied",
       "Access Denied",
       ErrorCode::kPermissionDenied},
      {"rest-xml of others than S3",
       {.status = 404,
        .body =
            "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>NoSuchHostedZone</Code><Message>No "
            "hosted zone found with ID: Z1</Message></Error><RequestId>r</RequestId></ErrorResponse>"},
       "NoSuchHostedZone",
       "No hosted zone found with ID: Z1",
       ErrorCode::kNotFound},
      {"a bucket of another region",
       {.status = 301,
        .headers = {{"x-amz-bucket-region", "us-west-2"}},
        .body = "<Error><Code>PermanentRedirect</Code><Message>Use the endpoint</Message></Error>"},
       "PermanentRedirect",
       "Use the endpoint",
       ErrorCode::kConflict},
      {"a stack that is not there",
       {.status = 400,
        .body = "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id s does not "
                "exist</Message>"
                "</Error></ErrorResponse>"},
       "ValidationError",
       "Stack with id s does not exist",
       ErrorCode::kNotFound},
      {"no body", {.status = 500}, "", "", ErrorCode::kUnavailable},
      {"a page of a proxy", {.status = 502, .body = "<html><p>Bad</html>"}, "", "", ErrorCode::kUnavailable},
      {"a body that is cut",
       {.status = 400, .body = R"({"__type":"Thr)"},
       "",
       "",
       ErrorCode::kInvalidArgument},
  };
  for (const auto& each : cases) {
    const auto error = read_service_error(each.response, {});
    EXPECT_EQ(error.code, each.code) << each.name;
    EXPECT_EQ(error.message, each.message) << each.name;
    EXPECT_EQ(to_error(error, service, operation).code, each.meaning) << each.name;
  }
}

TEST(ServiceErrorTest, NamesTheRegionOfABucketThatLiesElsewhere) {
  const Service& service = *find_service("s3api");
  const Operation& operation = *find_operation(service, "GetBucketPolicy");
  std::string place;
  const auto told = [&](const http::HttpResponse& response) {
    base::Error error = to_error(read_service_error(response, {}), service, operation);
    place = region_named_in(error);
    return std::move(error.message);
  };
  const auto ends = [](const std::string& text, std::string_view end) { return text.ends_with(end); };
  EXPECT_PRED2(ends,
               told({.status = 307,
                     .headers = {{"x-amz-bucket-region", "ap-northeast-1"}},
                     .body = "<Error><Code>TemporaryRedirect</Code><Message>m</Message></Error>"}),
               "; the bucket lies in ap-northeast-1: ask there");
  EXPECT_EQ(place, "ap-northeast-1");
  EXPECT_PRED2(ends,
               told({.status = 400,
                     .body = "<Error><Code>AuthorizationHeaderMalformed</Code><Message>m</Message>"
                             "<Region>eu-west-1</Region></Error>"}),
               "; the bucket lies in eu-west-1: ask there");
  EXPECT_PRED2(ends,
               told({.status = 301,
                     .headers = {{"x-amz-bucket-region", "not a region\x1b"}},
                     .body = "<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>"}),
               "; the bucket lies in another region");
  EXPECT_EQ(place, "");
}

TEST(ServiceErrorTest, BoundsWhatIsShownAndTakesSecretsOut) {
  const std::string_view secrets[] = {"hidden-one", ""};
  const auto error = read_service_error(
      {.status = 400,
       .body = R"({"__type":"X","message":"hidden-one hidden-one\u001b[31m password=abc )" +
               std::string(5000, 'x') + "\"}"},
      secrets);
  EXPECT_EQ(error.message.find("hidden-one"), std::string::npos);
  EXPECT_EQ(error.message.find('\x1b'), std::string::npos);
  EXPECT_EQ(error.message.find("abc"), std::string::npos);
  EXPECT_LE(error.message.size(), 700U);
}

TEST(ServiceErrorTest, ReadsHowLongToWait) {
  const auto after = [](std::vector<http::Header> headers) {
    return read_service_error({.status = 503, .headers = std::move(headers)}, {}).retry_after;
  };
  EXPECT_EQ(after({{"Retry-After", "3"}}), std::chrono::seconds(3));
  EXPECT_EQ(after({{"x-amz-retry-after", "1500"}, {"Retry-After", "9"}}), std::chrono::milliseconds(1500));
  EXPECT_EQ(after({{"Retry-After", "99999999999999"}}), std::chrono::hours(1));
  for (const char* text : {"", "-1", "soon", "Wed, 17 Dec 2025 02:39:00 GMT"})
    EXPECT_EQ(after({{"Retry-After", text}}), std::nullopt) << text;
  EXPECT_EQ(
      after({{"Retry-After", "Wed, 17 Dec 2025 02:39:00 GMT"}, {"Date", "Wed, 17 Dec 2025 02:38:48 GMT"}}),
      std::chrono::seconds(12));
}

}  // namespace
}  // namespace midwatch::clients::aws::api
