#include "src/sandbox/wire/throttle.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace midwatch::sandbox::wire {
namespace {

/// Requests in a second that an operation, or all of a service that share a bucket, may get.
struct Limit {
  std::string_view service;
  std::string_view operation;  ///< empty: those of the service that have no row of their own, together
  double rate;
  double burst;
};

/// The published quotas (CloudWatch, Logs, Lambda, API Gateway, CloudTrail, Route 53 service quotas); a burst
/// is a second's worth where none is published. A service without a row takes `kOrdinary`.
constexpr auto kLimits = std::to_array<Limit>({
    {"apigateway", "", 10, 40},
    {"cloudtrail", "LookupEvents", 2, 2},
    {"cloudwatch", "DescribeAlarmHistory", 3, 3},
    {"cloudwatch", "DescribeAlarms", 9, 9},
    {"cloudwatch", "GetMetricData", 50, 50},
    {"cloudwatch", "GetMetricStatistics", 400, 400},
    {"cloudwatch", "ListMetrics", 25, 25},
    {"lambda", "", 15, 15},
    {"lambda", "GetFunction", 100, 100},
    {"lambda", "GetPolicy", 15, 15},
    {"logs", "", 5, 5},
    {"logs", "FilterLogEvents", 5, 5},
    {"logs", "GetLogEvents", 10, 10},
    {"logs", "GetQueryResults", 10, 10},
    {"logs", "StartQuery", 10, 10},
    {"route53", "", 5, 5},
});
constexpr Limit kOrdinary{"", "", 100, 100};

const Limit& limit_of(std::string_view service, std::string_view operation) {
  const Limit* found = &kOrdinary;
  for (const Limit& limit : kLimits) {
    if (limit.service != service) continue;
    if (limit.operation == operation) return limit;
    if (limit.operation.empty()) found = &limit;
  }
  return *found;
}

}  // namespace

AccountError throttled(std::string_view service) {
  constexpr int kUnavailable = 503;
  constexpr int kTooMany = 429;
  if (service == "ec2") return {"RequestLimitExceeded", "Request limit exceeded.", kUnavailable};
  if (service == "lambda" || service == "apigateway" || service == "apigatewayv2")
    return {"TooManyRequestsException", "Rate exceeded", kTooMany};
  if (service == "s3") return {"SlowDown", "Please reduce your request rate.", kUnavailable};
  for (const std::string_view xml : {"cloudwatch", "rds", "cloudformation", "elbv2", "iam", "sts",
                                     "autoscaling", "elasticache", "sns", "route53"}) {
    if (service == xml) return {"Throttling", "Rate exceeded", 400};
  }
  return {"ThrottlingException", "Rate exceeded", 400};
}

std::optional<AccountError> Throttle::take(std::string_view service, std::string_view operation,
                                           std::string_view region, base::Timestamp now) {
  const Limit& limit = limit_of(service, operation);
  const std::string key = fmt::format("{}/{}/{}", region, service, limit.operation.empty() ? "" : operation);
  const std::lock_guard lock(mutex_);
  auto [found, fresh] = buckets_.try_emplace(key, Bucket{limit.burst, now});
  Bucket& bucket = found->second;
  const double passed = std::max(0.0, base::to_seconds(now - bucket.filled));
  bucket.tokens = std::min(limit.burst, bucket.tokens + passed * limit.rate);
  bucket.filled = std::max(bucket.filled, now);
  if (bucket.tokens < 1) return throttled(service);
  bucket.tokens -= 1;
  return {};
}

}  // namespace midwatch::sandbox::wire
