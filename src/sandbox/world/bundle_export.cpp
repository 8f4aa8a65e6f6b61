#include "src/sandbox/world/bundle_export.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::sandbox::world {
namespace {

namespace fs = std::filesystem;
using base::Json;
using base::list_at;
using base::text_at;

/// GetMetricData takes this many queries at once.
constexpr std::size_t kQueries = 500;
/// DescribeTasks takes this many tasks at once.
constexpr std::size_t kTasks = 100;

/// "DescribeDBInstances" → "describe-db-instances"
std::string command_name(std::string_view operation) {
  std::string name;
  for (std::size_t i = 0; i < operation.size(); ++i) {
    const char c = operation[i];
    const bool upper = c >= 'A' && c <= 'Z';
    const bool next_lower = i + 1 < operation.size() && operation[i + 1] >= 'a';
    const bool last_lower = i > 0 && operation[i - 1] >= 'a';
    if (upper && i > 0 && (last_lower || (next_lower && operation[i - 1] >= 'A'))) name += '-';
    name += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(" '\"{}[]$\\") == std::string::npos && !text.empty()) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// `# aws ecs describe-tasks --cluster web --tasks a b --output json`
std::string command_line(const std::string& service, std::string_view operation, const Json& input) {
  const std::string_view client = service == "s3" ? "s3api" : std::string_view(service);
  std::string line = fmt::format("# aws {} {}", client, command_name(operation));
  for (const auto& [member, value] : input.items()) {
    line += " --" + command_name(member);
    if (value.is_array() && !value.empty() && value.front().is_string()) {
      for (const Json& item : value) line += " " + quoted(base::text(item));
    } else {
      line += " " + quoted(value.is_string() ? base::text(value) : base::dump_json(value));
    }
  }
  return line + " --output json";
}

class BundleWriter {
 public:
  BundleWriter(WorldAccount& account, base::Timestamp now, const std::string& folder)
      : account_(account), now_(now), folder_(folder) {}

  /// Asks and writes the answer, or the refusal as the CLI prints it; gives the answer. `region`: empty for
  /// the world's own.
  Json ask(const std::string& service, const std::string& operation, const Json& input = Json::object(),
           const std::string& region = {}) {
    const auto answer =
        account_.answer({service, operation, region.empty() ? account_.world().region : region, input, now_});
    const std::string line = command_line(service, operation, input);
    const fs::path path = fs::path(folder_) / "raw/aws" /
                          fmt::format("{:03}-{}-{}.json", ++count_, service, command_name(operation));
    if (answer) {
      write(path, line + "\n" + base::dump_json_indented(*answer) + "\n");
      return *answer;
    }
    write(path, fmt::format("{}\n\nAn error occurred ({}) when calling the {} operation: {}\n", line,
                            answer.error().code, operation, answer.error().message));
    return Json::object();
  }

  void write(const fs::path& path, const std::string& text) {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    std::ofstream out(path, std::ios::binary);
    out << text;
    if (!out.good()) failed_ = path.string();
  }

  base::Result<void> result() const {
    if (failed_.empty()) return {};
    return base::environment_error(base::ErrorCode::kUnavailable, fmt::format("cannot write {}", failed_));
  }

  fs::path folder() const { return folder_; }

 private:
  WorldAccount& account_;
  base::Timestamp now_;
  std::string folder_;
  std::string failed_;
  int count_ = 0;
};

struct Span {
  base::Timestamp start, end;
  std::string start_text() const { return base::format_rfc3339(start); }
  std::string end_text() const { return base::format_rfc3339(end); }
};

std::string statistic_for(const std::string& name_space, const std::string& metric) {
  if (metric == "TargetResponseTime" || metric == "Latency" || metric == "Duration") return "p95";
  if (metric.ends_with("Utilization") && name_space == "AWS/ECS") return "Maximum";
  static constexpr std::array<std::string_view, 14> kGauges{
      "CPUUtilization", "DatabaseConnections", "FreeStorageSpace",   "FreeableMemory",   "ReadLatency",
      "DBLoad",         "HealthyHostCount",    "UnHealthyHostCount", "RunningTaskCount", "IntegrationLatency",
      "CpuUtilized",    "MemoryUtilized",      "CpuReserved",        "MemoryReserved"};
  const bool gauge = std::find(kGauges.begin(), kGauges.end(), metric) != kGauges.end() ||
                     metric.starts_with("Approximate") || metric.starts_with("Provisioned") ||
                     metric == "ConcurrentExecutions" || metric == "NetworkReceiveThroughput";
  return gauge ? "Maximum" : "Sum";
}

void ask_metrics(BundleWriter& bundle, const Span& span) {
  const Json known = bundle.ask("cloudwatch", "ListMetrics");
  Json queries = Json::array();
  const auto flush = [&] {
    if (queries.empty()) return;
    bundle.ask(
        "cloudwatch", "GetMetricData",
        {{"MetricDataQueries", queries}, {"StartTime", span.start_text()}, {"EndTime", span.end_text()}});
    queries = Json::array();
  };
  for (const Json& metric : list_at(known, "Metrics")) {
    queries.push_back(
        {{"Id", fmt::format("m{}", queries.size())},
         {"MetricStat",
          {{"Metric", metric},
           {"Period", 60},
           {"Stat", statistic_for(text_at(metric, "Namespace"), text_at(metric, "MetricName"))}}}});
    if (queries.size() == kQueries) flush();
  }
  flush();
}

void ask_logs(BundleWriter& bundle, const Span& span) {
  const auto milliseconds = [](base::Timestamp time) {
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  };
  const Json groups = bundle.ask("logs", "DescribeLogGroups");
  for (const Json& group : list_at(groups, "logGroups"))
    bundle.ask("logs", "FilterLogEvents",
               {{"logGroupName", text_at(group, "logGroupName")},
                {"startTime", milliseconds(span.start)},
                {"endTime", milliseconds(span.end)}});
}

void ask_functions(BundleWriter& bundle) {
  const Json functions = bundle.ask("lambda", "ListFunctions");
  for (const Json& function : list_at(functions, "Functions")) {
    const Json input{{"FunctionName", text_at(function, "FunctionName")}};
    bundle.ask("lambda", "GetFunction", input);
    bundle.ask("lambda", "GetFunctionConcurrency", input);
    bundle.ask("lambda", "ListEventSourceMappings", input);
    bundle.ask("lambda", "GetPolicy", input);
    bundle.ask("events", "ListRuleNamesByTarget", {{"TargetArn", text_at(function, "FunctionArn")}});
  }
  bundle.ask("lambda", "GetAccountSettings");
  bundle.ask("events", "ListRules");
}

void ask_workflows(BundleWriter& bundle) {
  constexpr std::size_t kHistories = 2;
  const Json machines = bundle.ask("stepfunctions", "ListStateMachines");
  for (const Json& machine : list_at(machines, "stateMachines")) {
    const Json input{{"stateMachineArn", text_at(machine, "stateMachineArn")}};
    bundle.ask("stepfunctions", "DescribeStateMachine", input);
    for (const char* status : {"FAILED", "TIMED_OUT"}) {
      Json filtered = input;
      filtered["statusFilter"] = status;
      const Json listed = bundle.ask("stepfunctions", "ListExecutions", filtered);
      const Json& executions = list_at(listed, "executions");
      for (std::size_t i = 0; i < std::min(kHistories, executions.size()); ++i)
        bundle.ask("stepfunctions", "GetExecutionHistory",
                   {{"executionArn", text_at(executions[i], "executionArn")}});
    }
  }
}

void ask_tasks(BundleWriter& bundle, const std::string& cluster) {
  Json arns = Json::array();
  for (const char* status : {"RUNNING", "STOPPED"}) {
    const Json listed = bundle.ask("ecs", "ListTasks", {{"cluster", cluster}, {"desiredStatus", status}});
    for (const Json& arn : list_at(listed, "taskArns")) arns.push_back(arn);
  }
  for (std::size_t at = 0; at < arns.size(); at += kTasks) {
    Json portion = Json::array();
    for (std::size_t i = at; i < std::min(at + kTasks, arns.size()); ++i) portion.push_back(arns[i]);
    bundle.ask("ecs", "DescribeTasks", {{"cluster", cluster}, {"tasks", std::move(portion)}});
  }
}

void ask_services(BundleWriter& bundle) {
  const Json clusters = bundle.ask("ecs", "ListClusters");
  for (const Json& cluster : list_at(clusters, "clusterArns")) {
    const std::string id = base::text(cluster);
    const std::string name = id.substr(id.rfind('/') + 1);
    bundle.ask("ecs", "DescribeClusters", {{"clusters", Json::array({name})}});
    const Json services = bundle.ask("ecs", "ListServices", {{"cluster", name}});
    const Json described = bundle.ask("ecs", "DescribeServices",
                                      {{"cluster", name}, {"services", list_at(services, "serviceArns")}});
    for (const Json& service : list_at(described, "services")) {
      for (const Json& deployment : list_at(service, "deployments"))
        bundle.ask("ecs", "DescribeTaskDefinition",
                   {{"taskDefinition", text_at(deployment, "taskDefinition")}});
    }
    ask_tasks(bundle, name);
  }
}

void ask_databases(BundleWriter& bundle, const Span& span) {
  const Json instances = bundle.ask("rds", "DescribeDBInstances");
  bundle.ask("rds", "DescribeDBClusters");
  bundle.ask("rds", "DescribeEvents", {{"StartTime", span.start_text()}, {"EndTime", span.end_text()}});
  for (const Json& instance : list_at(instances, "DBInstances")) {
    const std::string id = text_at(instance, "DbiResourceId");
    for (const char* group : {"db.wait_event", "db.sql_tokenized"})
      bundle.ask("pi", "DescribeDimensionKeys",
                 {{"ServiceType", "RDS"},
                  {"Identifier", id},
                  {"StartTime", base::format_rfc3339(span.end - std::chrono::minutes(30))},
                  {"EndTime", span.end_text()},
                  {"Metric", "db.load.avg"},
                  {"GroupBy", {{"Group", group}}}});
  }
}

void ask_balancers(BundleWriter& bundle) {
  const Json balancers = bundle.ask("elbv2", "DescribeLoadBalancers");
  for (const Json& balancer : list_at(balancers, "LoadBalancers"))
    bundle.ask("elbv2", "DescribeListeners", {{"LoadBalancerArn", text_at(balancer, "LoadBalancerArn")}});
  const Json groups = bundle.ask("elbv2", "DescribeTargetGroups");
  for (const Json& group : list_at(groups, "TargetGroups"))
    bundle.ask("elbv2", "DescribeTargetHealth", {{"TargetGroupArn", text_at(group, "TargetGroupArn")}});
}

void ask_gateways(BundleWriter& bundle) {
  const Json gateways = bundle.ask("apigateway", "GetRestApis");
  for (const Json& gateway : list_at(gateways, "items")) {
    const std::string id = text_at(gateway, "id");
    bundle.ask("apigateway", "GetResources", {{"restApiId", id}, {"embed", Json::array({"methods"})}});
    bundle.ask("apigateway", "GetStages", {{"restApiId", id}});
  }
}

void ask_stores(BundleWriter& bundle) {
  const Json queues = bundle.ask("sqs", "ListQueues");
  for (const Json& url : list_at(queues, "QueueUrls"))
    bundle.ask("sqs", "GetQueueAttributes",
               {{"QueueUrl", base::text(url)}, {"AttributeNames", Json::array({"All"})}});
  const Json tables = bundle.ask("dynamodb", "ListTables");
  for (const Json& name : list_at(tables, "TableNames"))
    bundle.ask("dynamodb", "DescribeTable", {{"TableName", base::text(name)}});
}

void ask_changes(BundleWriter& bundle, const Span& span) {
  bundle.ask("cloudtrail", "LookupEvents", {{"StartTime", span.start_text()}, {"EndTime", span.end_text()}});
  const Json repositories = bundle.ask("ecr", "DescribeRepositories");
  for (const Json& repository : list_at(repositories, "repositories"))
    bundle.ask("ecr", "DescribeImages", {{"repositoryName", text_at(repository, "repositoryName")}});
  const Json stacks = bundle.ask("cloudformation", "DescribeStacks");
  for (const Json& stack : list_at(stacks, "Stacks")) {
    const Json input{{"StackName", text_at(stack, "StackName")}};
    bundle.ask("cloudformation", "DescribeStackResources", input);
    bundle.ask("cloudformation", "DescribeStackEvents", input);
    bundle.ask("cloudformation", "DescribeStackResourceDrifts", input);
  }
}

void ask_configuration(BundleWriter& bundle, const World& world) {
  bundle.ask("secretsmanager", "ListSecrets");
  for (const char* operation :
       {"DescribeSecurityGroups", "DescribeSubnets", "DescribeRouteTables", "DescribeNatGateways",
        "DescribeVpcEndpoints", "DescribeInstances", "DescribeInstanceStatus"})
    bundle.ask("ec2", operation);
  for (const auto& [name, spec] : world.roles) {
    bundle.ask("iam", "GetRole", {{"RoleName", name}});
    bundle.ask("iam", "GetRolePolicy", {{"RoleName", name}, {"PolicyName", "main"}});
  }
  for (const auto& [name, spec] : world.buckets) {
    for (const char* operation : {"GetBucketPolicy", "GetPublicAccessBlock",
                                  "GetBucketNotificationConfiguration", "GetBucketEncryption"})
      bundle.ask("s3", operation, {{"Bucket", name}}, spec.last().region);
  }
  const Json zones = bundle.ask("route53", "ListHostedZones");
  for (const Json& zone : list_at(zones, "HostedZones"))
    bundle.ask("route53", "ListResourceRecordSets", {{"HostedZoneId", text_at(zone, "Id")}});
  for (const Json& key : documents(world, "kms.DescribeKey"))
    bundle.ask("kms", "DescribeKey", {{"KeyId", text_at(key, "Arn")}});
  for (const Json& stream : documents(world, "kinesis.DescribeStreamSummary"))
    bundle.ask("kinesis", "DescribeStreamSummary", {{"StreamName", text_at(stream, "StreamName")}});
  for (const Json& certificate : documents(world, "acm.DescribeCertificate"))
    bundle.ask("acm", "DescribeCertificate", {{"CertificateArn", text_at(certificate, "CertificateArn")}});
}

void ask_traces(BundleWriter& bundle, const Span& span) {
  constexpr std::size_t kTraces = 60;
  const auto recent = base::format_rfc3339(span.end - std::chrono::minutes(40));
  const Json window{{"StartTime", recent}, {"EndTime", span.end_text()}};
  bundle.ask("xray", "GetServiceGraph", window);
  const Json summaries = bundle.ask("xray", "GetTraceSummaries", window);
  Json ids = Json::array();
  for (const Json& summary : list_at(summaries, "TraceSummaries")) {
    if (ids.size() < kTraces) ids.push_back(text_at(summary, "Id"));
  }
  if (!ids.empty()) bundle.ask("xray", "BatchGetTraces", {{"TraceIds", std::move(ids)}});
}

void write_code(BundleWriter& bundle, const World& world, double time) {
  for (const auto& [name, spec] : world.functions) {
    const std::string entity = fmt::format("lambda_{}", name);
    for (const auto& [file, text] : spec.at(time).code)
      bundle.write(bundle.folder() / "code" / entity / file, text);
  }
}

Json bundle_json(const WorldAccount& account, const Span& span, base::Timestamp alarm_time) {
  const World& world = account.world();
  Json alarm{{"time", base::format_rfc3339(alarm_time)}};
  const auto spec = std::find_if(world.alarms.begin(), world.alarms.end(),
                                 [&](const AlarmSpec& one) { return one.name == world.alarm; });
  if (spec != world.alarms.end()) {
    alarm["name"] = spec->name;
    alarm["metric"] = spec->metric;
    alarm["threshold"] = spec->threshold;
    alarm["source"] = "cloudwatch";
    if (!spec->dimensions.empty())
      alarm["summary"] = fmt::format("{} of {}", spec->metric, spec->dimensions.back().second);
  }
  // How far back a person would look who got the alarm.
  constexpr std::chrono::minutes kBefore{45};
  return {{"format", "midwatch.bundle/v1"},
          {"id", fmt::format("sandbox-{}", base::format_rfc3339(world.zero))},
          {"alarm", std::move(alarm)},
          {"window", {{"start", base::format_rfc3339(alarm_time - kBefore)}, {"end", span.end_text()}}},
          {"baseline", {{"start", span.start_text()}, {"end", base::format_rfc3339(alarm_time - kBefore)}}}};
}

}  // namespace

base::Result<void> export_bundle(WorldAccount& account, base::Timestamp now, const std::string& folder) {
  const World& world = account.world();
  const Span span{world.zero - base::duration_from_seconds(world.history), now};
  BundleWriter bundle(account, now, folder);
  bundle.write(bundle.folder() / "bundle.json",
               base::dump_json_indented(bundle_json(account, span, account.alarm_time())) + "\n");
  bundle.ask("cloudwatch", "DescribeAlarms");
  bundle.ask("cloudwatch", "DescribeAlarmHistory");
  ask_metrics(bundle, span);
  ask_logs(bundle, span);
  ask_functions(bundle);
  ask_workflows(bundle);
  ask_services(bundle);
  ask_databases(bundle, span);
  ask_balancers(bundle);
  ask_gateways(bundle);
  ask_stores(bundle);
  ask_changes(bundle, span);
  ask_configuration(bundle, world);
  ask_traces(bundle, span);
  write_code(bundle, world, base::to_seconds(now - world.zero));
  return bundle.result();
}

}  // namespace midwatch::sandbox::world
