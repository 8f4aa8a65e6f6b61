#include "src/clients/aws/api/retry.h"

#include <stop_token>

#include <gtest/gtest.h>

#include "src/clients/aws/api/endpoint.h"
#include "src/clients/aws/api/table/operation_table.h"

namespace midwatch::clients::aws::api {
namespace {

TEST(RetryPolicyTest, WaitsLongerEachTimeAndAtLeastWhatIsAsked) {
  EXPECT_EQ(RetryPolicy::delay(2, 0.5, {}), std::chrono::milliseconds(500));
  EXPECT_EQ(RetryPolicy::delay(3, 0.5, {}), std::chrono::seconds(1));
  EXPECT_EQ(RetryPolicy::delay(20, 0.5, {}), std::chrono::seconds(10));
  EXPECT_EQ(RetryPolicy::delay(2, 0, {}), base::Duration::zero());
  EXPECT_EQ(RetryPolicy::delay(2, 0.5, std::chrono::seconds(3)), std::chrono::seconds(3));
}

TEST(RetryPolicyTest, StopsWhenTheQuotaIsUsedUp) {
  RetryPolicy policy(3);
  EXPECT_FALSE(policy.may_retry(4, false));
  int retries = 0;
  while (policy.may_retry(2, false)) ++retries;
  EXPECT_EQ(retries, 100) << "500 tokens, 5 a retry";
  for (int i = 0; i < 5; ++i) policy.succeeded();
  EXPECT_FALSE(policy.may_retry(2, true)) << "a timeout costs 10";
  EXPECT_TRUE(policy.may_retry(2, false));
}

TEST(RealWaiterTest, EndsWithTheContext) {
  const base::SystemClock clock;
  RealWaiter waiter;
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled =
      waiter.wait(runtime::RequestContext(clock, std::nullopt, stop.get_token()), std::chrono::hours(1));
  ASSERT_FALSE(cancelled.has_value());
  EXPECT_EQ(cancelled.error().code, base::ErrorCode::kCancelled);
  const auto late = waiter.wait(
      runtime::RequestContext::unlimited(clock).within(std::chrono::milliseconds(1)), std::chrono::hours(1));
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, base::ErrorCode::kTimeout);
}

class RateLimiterTest : public ::testing::Test {
 protected:
  /// Seconds until `calls` calls are through, each made as soon as it may.
  double take(RateLimiter& limiter, int calls) {
    const auto start = now_;
    for (int i = 0; i < calls; ++i)
      now_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(limiter.take(now_));
    return std::chrono::duration<double>(now_ - start).count();
  }

  std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
};

TEST_F(RateLimiterTest, LetsABurstOfASecondThroughAndThenTheRate) {
  RateLimiter limiter(10);
  EXPECT_EQ(take(limiter, 10), 0);
  EXPECT_NEAR(take(limiter, 50), 5.0, 0.2);
  now_ += std::chrono::hours(1);
  EXPECT_EQ(take(limiter, 10), 0) << "no more than a burst is saved up";
  EXPECT_GT(take(limiter, 10), 0.8);
}

TEST_F(RateLimiterTest, WithoutALimitItWaitsOnlyAfterAThrottle) {
  RateLimiter limiter(0);
  EXPECT_EQ(take(limiter, 1000), 0);
  limiter.throttled(now_);
  EXPECT_NEAR(limiter.rate(), 700, 1);
  for (int i = 0; i < 20; ++i) limiter.succeeded();
  EXPECT_EQ(limiter.rate(), 0) << "the limit is gone when the service takes it all again";
}

TEST_F(RateLimiterTest, GoesDownWithEachThrottleAndBackToThePublishedRate) {
  RateLimiter limiter(10);
  take(limiter, 40);
  limiter.throttled(now_);
  EXPECT_LT(limiter.rate(), 10);
  for (int i = 0; i < 100; ++i) limiter.throttled(now_);
  EXPECT_GE(limiter.rate(), 0.2);
  for (int i = 0; i < 100; ++i) limiter.succeeded();
  EXPECT_EQ(limiter.rate(), 10);
}

TEST(EndpointTest, FindsTheHostOfEachPartition) {
  const struct {
    const char* service;
    const char* region;
    const char* url;
    const char* signing_region;
  } cases[] = {
      {"ecs", "eu-west-1", "https://ecs.eu-west-1.amazonaws.com", "eu-west-1"},
      {"cloudwatch", "ap-northeast-1", "https://monitoring.ap-northeast-1.amazonaws.com", "ap-northeast-1"},
      {"ecr", "us-east-1", "https://api.ecr.us-east-1.amazonaws.com", "us-east-1"},
      {"ecs", "cn-north-1", "https://ecs.cn-north-1.amazonaws.com.cn", "cn-north-1"},
      {"iam", "eu-west-1", "https://iam.amazonaws.com", "us-east-1"},
      {"iam", "cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
      {"iam", "us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"},
      {"health", "eu-west-1", "https://health.us-east-1.amazonaws.com", "us-east-1"},
  };
  for (const auto& each : cases) {
    const auto endpoint = resolve_endpoint(*find_service(each.service), each.region, "");
    ASSERT_TRUE(endpoint.has_value());
    EXPECT_EQ(endpoint->url, each.url);
    EXPECT_EQ(endpoint->signing_region, each.signing_region) << each.service << " " << each.region;
  }
}

TEST(EndpointTest, TakesAConfiguredAddressAndRefusesWrongOnes) {
  const Service& service = *find_service("ecs");
  EXPECT_EQ(resolve_endpoint(service, "eu-west-1", "http://127.0.0.1:4566/")->url, "http://127.0.0.1:4566");
  EXPECT_FALSE(resolve_endpoint(service, "eu-west-1", "127.0.0.1:4566").has_value());
  for (const char* region : {"", "eu-west-1.evil.example/", "EU-WEST-1", "-a", "a/b", "a@b"})
    EXPECT_FALSE(resolve_endpoint(service, region, "").has_value()) << region;
}

}  // namespace
}  // namespace midwatch::clients::aws::api
