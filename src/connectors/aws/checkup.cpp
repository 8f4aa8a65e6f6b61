#include "src/connectors/aws/checkup.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/utf8.h"
#include "src/clients/aws/api/table/operation_table.h"
#include "src/clients/aws/arn.h"
#include "src/connectors/aws/account_lists.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;

constexpr std::size_t kDetailBytes = 300;
/// Calls on their way at once: each API's own limit is above what it gets of them.
constexpr std::size_t kParallel = 16;
constexpr base::Duration kAskedTime = std::chrono::minutes(5);
/// Nothing has this name; who may not read it is told so before anybody looks whether it exists.
constexpr const char* kNobody = "midwatch-doctor";

struct Probe {
  const char* service;
  const char* operation;
  Json input;
};

/// One item of a list is enough to see that it may be read.
Json first_item() {
  return {{"PaginationConfig", {{"MaxItems", 1}}}};
}

/// Lists that only an incident needs.
constexpr std::array<std::pair<const char*, const char*>, 11> kMoreLists{
    {{"cloudwatch", "DescribeAlarms"},
     {"cloudwatch", "DescribeAlarmHistory"},
     {"logs", "DescribeLogGroups"},
     {"rds", "DescribeEvents"},
     {"ec2", "DescribeSubnets"},
     {"ec2", "DescribeRouteTables"},
     {"ec2", "DescribeNatGateways"},
     {"ec2", "DescribeInstances"},
     {"ec2", "DescribeInstanceStatus"},
     {"route53", "ListHostedZones"},
     {"resourcegroupstaggingapi", "GetResources"}}};

/// Operations that take the name of one thing.
struct Named {
  const char* service;
  const char* operation;
  const char* member;
};

constexpr std::array<Named, 28> kNamed{{{"lambda", "GetFunctionConfiguration", "FunctionName"},
                                        {"lambda", "GetFunction", "FunctionName"},
                                        {"lambda", "GetFunctionConcurrency", "FunctionName"},
                                        {"lambda", "ListVersionsByFunction", "FunctionName"},
                                        {"ecs", "ListServices", "cluster"},
                                        {"ecs", "ListTasks", "cluster"},
                                        {"ecs", "DescribeTaskDefinition", "taskDefinition"},
                                        {"ecr", "DescribeImages", "repositoryName"},
                                        {"cloudformation", "DescribeStackEvents", "StackName"},
                                        {"cloudformation", "DescribeStackResources", "StackName"},
                                        {"cloudformation", "ListStackResources", "StackName"},
                                        {"cloudformation", "DescribeStackResourceDrifts", "StackName"},
                                        {"dynamodb", "DescribeTable", "TableName"},
                                        {"sqs", "GetQueueUrl", "QueueName"},
                                        {"kinesis", "DescribeStreamSummary", "StreamName"},
                                        {"secretsmanager", "DescribeSecret", "SecretId"},
                                        {"kms", "DescribeKey", "KeyId"},
                                        {"eks", "DescribeCluster", "name"},
                                        {"eks", "ListNodegroups", "clusterName"},
                                        {"iam", "ListAttachedRolePolicies", "RoleName"},
                                        {"iam", "ListRolePolicies", "RoleName"},
                                        {"lambda", "GetPolicy", "FunctionName"},
                                        {"s3api", "GetBucketPolicy", "Bucket"},
                                        {"s3api", "GetPublicAccessBlock", "Bucket"},
                                        {"s3api", "GetBucketNotificationConfiguration", "Bucket"},
                                        {"s3api", "GetBucketEncryption", "Bucket"},
                                        {"route53", "ListResourceRecordSets", "HostedZoneId"},
                                        {"route53", "GetHealthCheckStatus", "HealthCheckId"}}};

std::vector<Probe> probes(base::Timestamp now, const std::string& region, const std::string& partition,
                          const std::string& account) {
  std::vector<Probe> out;
  for (const auto& [service, operation] : kMoreLists) out.push_back({service, operation, first_item()});
  for (const auto& [service, operation] : kAccountLists) out.push_back({service, operation, first_item()});
  for (const Named& named : kNamed)
    out.push_back({named.service, named.operation, {{named.member, kNobody}}});
  const std::string from = base::format_rfc3339(now - kAskedTime);
  const std::string to = base::format_rfc3339(now);
  const Json times = {{"StartTime", from}, {"EndTime", to}};
  Json lookup = times;
  lookup.update(first_item());
  out.push_back({"cloudtrail", "LookupEvents", std::move(lookup)});
  out.push_back({"xray", "GetServiceGraph", times});
  out.push_back({"xray", "GetTraceSummaries", times});
  out.push_back({"xray", "BatchGetTraces", {{"TraceIds", {"1-5f9f4e8a-0123456789abcdef01234567"}}}});
  out.push_back({"logs", "FilterLogEvents", {{"logGroupName", kNobody}, {"limit", 1}}});
  out.push_back({"ecs", "DescribeClusters", {{"clusters", {kNobody}}}});
  out.push_back({"ecs", "DescribeServices", {{"cluster", kNobody}, {"services", {kNobody}}}});
  out.push_back(
      {"ecs", "DescribeTasks", {{"cluster", kNobody}, {"tasks", {"0123456789abcdef0123456789abcdef"}}}});
  out.push_back({"lambda", "GetAccountSettings", Json::object()});
  out.push_back({"eks", "DescribeNodegroup", {{"clusterName", kNobody}, {"nodegroupName", kNobody}}});
  Json metric = times;
  metric["MetricDataQueries"] =
      Json::array({{{"Id", "m0"},
                    {"MetricStat",
                     {{"Metric", {{"Namespace", "AWS/Lambda"}, {"MetricName", "Errors"}}},
                      {"Period", 300},
                      {"Stat", "Sum"}}}}});
  out.push_back({"cloudwatch", "GetMetricData", std::move(metric)});
  const std::string balancing = fmt::format("arn:{}:elasticloadbalancing:{}:{}:", partition, region, account);
  out.push_back({"elbv2",
                 "DescribeTargetHealth",
                 {{"TargetGroupArn", balancing + "targetgroup/midwatch-doctor/0123456789abcdef"}}});
  out.push_back({"elbv2",
                 "DescribeListeners",
                 {{"LoadBalancerArn", balancing + "loadbalancer/app/midwatch-doctor/0123456789abcdef"}}});
  const std::string machine =
      fmt::format("arn:{}:states:{}:{}:stateMachine:{}", partition, region, account, kNobody);
  for (const char* operation : {"DescribeStateMachine", "ListExecutions"})
    out.push_back({"stepfunctions", operation, {{"stateMachineArn", machine}}});
  out.push_back({"stepfunctions",
                 "GetExecutionHistory",
                 {{"executionArn", fmt::format("arn:{}:states:{}:{}:execution:{}:none", partition, region,
                                               account, kNobody)}}});
  out.push_back(
      {"events",
       "ListRuleNamesByTarget",
       {{"TargetArn", fmt::format("arn:{}:lambda:{}:{}:function:{}", partition, region, account, kNobody)}}});
  return out;
}

std::string action_of(const Probe& probe) {
  const auto* service = clients::aws::api::find_service(probe.service);
  const auto* operation =
      service == nullptr ? nullptr : clients::aws::api::find_operation(*service, probe.operation);
  return operation == nullptr ? std::string() : std::string(operation->action);
}

bool holds_nothing(const Json& body) {
  bool lists = false;
  for (const Json& member : body) {
    if (!member.is_array()) continue;
    if (!member.empty()) return false;
    lists = true;
  }
  return lists;
}

Standing standing_of(const base::Error& error) {
  const auto says = [&](std::string_view part) { return error.message.find(part) != std::string::npos; };
  switch (error.code) {
    case base::ErrorCode::kNotFound:
      return Standing::kOk;
    case base::ErrorCode::kPermissionDenied:
      return says("OptInRequired") || says("SubscriptionRequired") ? Standing::kNotUsed : Standing::kDenied;
    case base::ErrorCode::kUnauthenticated:
      return Standing::kNotSignedIn;
    case base::ErrorCode::kRateLimited:
      return Standing::kThrottled;
    case base::ErrorCode::kUnavailable:
    case base::ErrorCode::kTimeout:
    case base::ErrorCode::kCancelled:
      return Standing::kUnreachable;
    default:
      // ECS has no code of its own for a definition that does not exist.
      return says("Unable to describe task definition") ? Standing::kOk : Standing::kUnclear;
  }
}

ProbeResult tried(const Probe& probe, const base::Result<Json>& answer) {
  ProbeResult out;
  out.service = probe.service;
  out.operation = probe.operation;
  out.action = action_of(probe);
  if (answer) {
    out.standing = Standing::kOk;
    out.empty = holds_nothing(*answer) && probe.input.contains("PaginationConfig");
    return out;
  }
  out.standing = standing_of(answer.error());
  if (out.standing != Standing::kOk) out.detail = base::printable(answer.error().describe(), kDetailBytes);
  return out;
}

/// Performance Insights is asked by a database's own id, so a database that has it must be found first. Where
/// none has it, the load of databases cannot be told by statement: which ones it is off for.
void try_performance_insights(const runtime::RequestContext& context, clients::aws::api::Account& account,
                              Checkup& out) {
  constexpr std::size_t kDatabases = 100;  // of one page
  const auto found = account.call(
      context,
      {"rds", "DescribeDBInstances", out.region, {{"PaginationConfig", {{"MaxItems", kDatabases}}}}});
  if (!found) return;  // told of the list itself
  std::string without;
  for (const Json& database : base::list_at(*found, "DBInstances")) {
    const std::string id = base::text_at(database, "DbiResourceId");
    if (base::text_at(database, "PerformanceInsightsEnabled") != "true" || id.empty()) {
      without += (without.empty() ? "" : ", ") + base::text_at(database, "DBInstanceIdentifier");
      continue;
    }
    const base::Timestamp now = context.clock().now();
    const Probe load{"pi",
                     "DescribeDimensionKeys",
                     {{"ServiceType", "RDS"},
                      {"Identifier", id},
                      {"StartTime", base::format_rfc3339(now - kAskedTime)},
                      {"EndTime", base::format_rfc3339(now)},
                      {"Metric", "db.load.avg"},
                      {"GroupBy", {{"Group", "db.wait_event"}, {"Limit", 1}}}}};
    out.probes.push_back(
        tried(load, account.call(context, {load.service, load.operation, out.region, load.input})));
    return;
  }
  if (without.empty()) return;
  const Probe none{"pi", "DescribeDimensionKeys", Json::object()};
  ProbeResult off;
  off.service = none.service;
  off.operation = none.operation;
  off.action = action_of(none);
  off.standing = Standing::kNotUsed;
  off.detail = base::printable("Performance Insights is off for " + without, kDetailBytes);
  out.probes.push_back(std::move(off));
}

void identify(const runtime::RequestContext& context, clients::aws::api::Account& account, Checkup& out) {
  const auto credentials = account.credentials(context);
  if (!credentials) {
    out.credentials_problem = base::printable(credentials.error().describe(), kDetailBytes);
    return;
  }
  constexpr std::size_t kShown = 4;
  const std::string& key = credentials->access_key_id;
  out.source = base::printable(credentials->source, kDetailBytes);
  out.key_ending = base::printable(key.substr(key.size() - std::min(key.size(), kShown)), kShown);
  out.expires_at = credentials->expires_at;
  const Probe caller{"sts", "GetCallerIdentity", Json::object()};
  const auto answer = account.call(context, {caller.service, caller.operation, out.region, caller.input});
  out.probes.push_back(tried(caller, answer));
  if (!answer) return;
  out.account = base::text_at(*answer, "Account");
  out.identity = base::printable(base::text_at(*answer, "Arn"), kDetailBytes);
}

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::kOk:
      return "ok";
    case Standing::kDenied:
      return "denied";
    case Standing::kNotUsed:
      return "not_enabled";
    case Standing::kNotSignedIn:
      return "not_signed_in";
    case Standing::kThrottled:
      return "throttled";
    case Standing::kUnreachable:
      return "unreachable";
    case Standing::kUnclear:
      break;
  }
  return "unclear";
}

bool Checkup::is_well() const {
  const bool right_account = wanted_account.empty() || wanted_account == account;
  const bool right_time = !clock_offset || std::chrono::abs(*clock_offset) <= kMostClockSkew;
  return credentials_problem.empty() && !region.empty() && right_account && right_time &&
         std::all_of(probes.begin(), probes.end(), [](const ProbeResult& probe) {
           return probe.standing == Standing::kOk || probe.standing == Standing::kNotUsed;
         });
}

Checkup check_up(const runtime::RequestContext& context, clients::aws::api::Account& account,
                 const std::string& region) {
  Checkup out;
  out.region = region.empty() ? account.region() : region;
  identify(context, account, out);
  // Without credentials or a region, every question has the same answer.
  if (!out.credentials_problem.empty() || out.region.empty()) return out;
  const auto arn = clients::aws::parse_arn(out.identity);
  const auto all = probes(context.clock().now(), out.region, arn ? arn->partition : "aws",
                          out.account.empty() ? "000000000000" : out.account);
  std::vector<ProbeResult> results(all.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < all.size(); i = next++) {
      results[i] =
          tried(all[i], account.call(context, {all[i].service, all[i].operation, out.region, all[i].input}));
    }
  };
  {
    std::vector<std::jthread> pool;
    for (std::size_t i = 1; i < kParallel; ++i) pool.emplace_back(work);
    work();
  }
  std::move(results.begin(), results.end(), std::back_inserter(out.probes));
  try_performance_insights(context, account, out);
  out.clock_offset = account.clock_offset();
  return out;
}

}  // namespace midwatch::connectors::aws
