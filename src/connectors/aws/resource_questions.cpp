#include "src/connectors/aws/resource_questions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"
#include "src/clients/aws/document.h"
#include "src/connectors/aws/line_questions.h"
#include "src/connectors/aws/question_values.h"
#include "src/connectors/aws/resource.h"
#include "src/connectors/aws/trace_questions.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;
using base::list_at;
using base::text_at;
using telemetry::Entity;

/// So many lines are read of a group at most: one or two pages of an answer. What a busy group holds beyond
/// them would use up the whole time of an investigation.
constexpr std::size_t kMostLines = 20'000;
/// Executions of a workflow that failed are listed newest first; these hold what happened around an alarm.
constexpr std::size_t kMostExecutions = 100;
/// Words of lines that tell of trouble. Source: CloudWatch Logs user guide, "Filter pattern syntax"
constexpr const char* kTrouble =
    R"(?ERROR ?Error ?error ?Exception ?FATAL ?Fatal ?fatal ?panic ?PANIC ?Traceback ?"timed out" ?killed ?refused)";

/// Calls to the API of a cluster that change an object of a namespace. Leases and events are most of them and
/// tell nothing here. Source: as above, "Filter pattern syntax for JSON"
constexpr const char* kChangesOfObjects =
    R"({{ ($.objectRef.namespace = "{}") && ($.verb = "create" || $.verb = "update" || $.verb = "patch" || $.verb = "delete") && ($.objectRef.resource != "leases") && ($.objectRef.resource != "events") }})";

/// Lines from just before the window are the ordinary ones to compare with.
constexpr base::Duration kLinesBefore = std::chrono::minutes(10);

std::int64_t milliseconds(base::Timestamp time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Json line_input(const std::string& group, const AskedTimes& times) {
  return {{"logGroupName", group},
          {"startTime", milliseconds(times.window.start - kLinesBefore)},
          {"endTime", milliseconds(times.window.end)},
          {"PaginationConfig", {{"MaxItems", kMostLines}}}};
}

class Maker {
 public:
  Maker(const Entity& entity, const AskedTimes& times, const std::string& region)
      : entity_(entity), times_(times), resource_(parse_resource(entity.id)) {
    region_ = resource_.region.empty() ? region : resource_.region;
  }

  std::vector<Question> make() {
    if (resource_.kind == "function") function();
    if (resource_.service == "ecs") ecs();
    if (resource_.service == "elasticloadbalancing") load_balancing();
    if (resource_.service == "rds") database();
    if (resource_.service == "sqs") queue();
    if (resource_.kind == "bucket") bucket();
    if (resource_.kind == "stack") stack();
    if (resource_.service == "ec2") network();
    if (resource_.kind == "rule") rule();
    if (resource_.kind == "stateMachine") workflow();
    if (resource_.service == "eks") cluster();
    described();
    images();
    environment();
    return std::move(out_);
  }

 private:
  void ask(const char* service, const char* operation, Json input, double value, double cost = 1) {
    Question question;
    question.request = {service, operation, region_, std::move(input), resource_.account};
    question.subject = entity_.id;
    question.value = value;
    question.cost = cost;
    out_.push_back(std::move(question));
  }

  bool is_arn() const { return !resource_.account.empty(); }

  void function() {
    const std::string& name = resource_.name;
    ask("lambda", "GetFunctionConfiguration", {{"FunctionName", name}}, kConfiguration);
    ask("lambda", "GetFunctionConcurrency", {{"FunctionName", name}}, kReference);
    ask("lambda", "ListEventSourceMappings", {{"FunctionName", name}}, kReference);
    ask("lambda", "ListVersionsByFunction", {{"FunctionName", name}}, kChange);
    ask("lambda", "GetFunction", {{"FunctionName", name}}, kCode);
    const std::string group(entity_.attributes.get("LoggingConfig.LogGroup"));
    if (!entity_.type.empty()) lines(group.empty() ? "/aws/lambda/" + name : group);
    // Who calls it on a schedule: where nobody calls it any more, that is who does not.
    if (is_arn()) ask("events", "ListRuleNamesByTarget", {{"TargetArn", entity_.id}}, kRarely);
    ask("lambda", "GetPolicy", {{"FunctionName", name}}, kCaller);
    changed_by(name);
    in_stack(name);
  }

  void ecs() {
    const std::string& name = resource_.name;
    const std::string& cluster = resource_.parent;
    if (resource_.kind == "service") {
      ask("ecs", "DescribeServices", {{"cluster", cluster}, {"services", {name}}}, kConfiguration);
      ask("ecs", "ListTasks", {{"cluster", cluster}, {"serviceName", name}, {"desiredStatus", "STOPPED"}},
          kShortLived);
      ask("ecs", "ListTasks", {{"cluster", cluster}, {"serviceName", name}, {"desiredStatus", "RUNNING"}},
          kHealth);
      changed_by(name);
      if (is_arn()) in_stack(entity_.id);
    } else if (resource_.kind == "cluster") {
      ask("ecs", "DescribeClusters", {{"clusters", {name}}}, kRarely);
    } else if (resource_.kind == "task-definition") {
      ask("ecs", "DescribeTaskDefinition", {{"taskDefinition", name}}, kDefinition);
      const std::size_t colon = name.rfind(':');
      int revision = 0;
      if (colon != std::string::npos)
        std::from_chars(name.data() + colon + 1, name.data() + name.size(), revision);
      if (revision > 1) {
        ask("ecs", "DescribeTaskDefinition",
            {{"taskDefinition", fmt::format("{}:{}", name.substr(0, colon), revision - 1)}}, kChange);
      }
    }
  }

  void load_balancing() {
    if (resource_.kind == "targetgroup") {
      const std::string name = resource_.name.substr(0, resource_.name.find('/'));
      if (!is_arn()) {
        ask("elbv2", "DescribeTargetGroups", {{"Names", {name}}}, kReference * 2);
        return;
      }
      ask("elbv2", "DescribeTargetGroups", {{"TargetGroupArns", {entity_.id}}}, kReference);
      ask("elbv2", "DescribeTargetHealth", {{"TargetGroupArn", entity_.id}}, kHealth);
    } else if (is_arn()) {
      ask("elbv2", "DescribeLoadBalancers", {{"LoadBalancerArns", {entity_.id}}}, kReference);
      ask("elbv2", "DescribeTargetGroups", {{"LoadBalancerArn", entity_.id}}, kHealth);
      ask("elbv2", "DescribeListeners", {{"LoadBalancerArn", entity_.id}}, kRarely);
    } else {  // app/NAME/ID
      const std::size_t from = resource_.name.find('/') + 1;
      const std::string name = resource_.name.substr(from, resource_.name.find('/', from) - from);
      ask("elbv2", "DescribeLoadBalancers", {{"Names", {name}}}, kReference * 2);
    }
  }

  void database() {
    const bool cluster = resource_.kind == "cluster";
    if (!cluster && resource_.kind != "db") return;
    const std::string& name = resource_.name;
    if (cluster) {
      ask("rds", "DescribeDBClusters", {{"DBClusterIdentifier", name}}, kConfiguration);
    } else {
      ask("rds", "DescribeDBInstances", {{"DBInstanceIdentifier", name}}, kConfiguration);
    }
    ask("rds", "DescribeEvents",
        {{"SourceIdentifier", name},
         {"SourceType", cluster ? "db-cluster" : "db-instance"},
         {"StartTime", base::format_rfc3339(times_.baseline.start)},
         {"EndTime", base::format_rfc3339(times_.window.end)}},
        kEvents);
    const std::string id(entity_.attributes.get("DbiResourceId"));
    if (!id.empty() && entity_.attributes.get("PerformanceInsightsEnabled") == "true") {
      for (const char* group : {"db.sql", "db.wait_event"}) {
        ask("pi", "DescribeDimensionKeys",
            {{"ServiceType", "RDS"},
             {"Identifier", id},
             {"StartTime", base::format_rfc3339(times_.window.start)},
             {"EndTime", base::format_rfc3339(times_.window.end)},
             {"Metric", "db.load.avg"},
             {"GroupBy", {{"Group", group}, {"Limit", 10}}}},
            kHealth);
      }
    }
    changed_by(name);
  }

  void queue() {
    ask("lambda", "ListEventSourceMappings", {{"EventSourceArn", entity_.id}}, kReference);
    if (!is_arn()) {
      ask("sqs", "GetQueueUrl", {{"QueueName", resource_.name}}, kReference);
      return;
    }
    const std::string url =
        fmt::format("https://sqs.{}.amazonaws.com/{}/{}", region_, resource_.account, resource_.name);
    ask("sqs", "GetQueueAttributes", {{"QueueUrl", url}, {"AttributeNames", {"All"}}}, kHealth);
  }

  /// Of a bucket that calls or is called: what it allows, whom it tells, who changed that.
  void bucket() {
    const std::string& name = resource_.name;
    ask("s3api", "GetBucketNotificationConfiguration", {{"Bucket", name}}, kReference);
    ask("s3api", "GetBucketPolicy", {{"Bucket", name}}, kReference);
    ask("s3api", "GetPublicAccessBlock", {{"Bucket", name}}, kLeaning);
    ask("s3api", "GetBucketEncryption", {{"Bucket", name}}, kLeaning);
    changed_by(name);
  }

  void network() {
    const std::string& id = resource_.name;
    const Json one = Json::array({id});
    if (resource_.kind == "security-group") {
      ask("ec2", "DescribeSecurityGroups", {{"GroupIds", one}}, kReference);
      changed_by(id);  // who closes a port names the group, not those behind it
    } else if (resource_.kind == "subnet") {
      ask("ec2", "DescribeSubnets", {{"SubnetIds", one}}, kRarely);
      ask("ec2", "DescribeRouteTables",
          {{"Filters", Json::array({{{"Name", "association.subnet-id"}, {"Values", one}}})}}, kRarely * 2);
    } else if (resource_.kind == "route-table") {
      changed_by(id);
    } else if (resource_.kind == "natgateway") {
      ask("ec2", "DescribeNatGateways", {{"NatGatewayIds", one}}, kHealth);
      changed_by(id);
    } else if (resource_.kind == "instance") {
      ask("ec2", "DescribeInstances", {{"InstanceIds", one}}, kReference);
      ask("ec2", "DescribeInstanceStatus", {{"InstanceIds", one}, {"IncludeAllInstances", true}},
          kConfiguration);
      changed_by(id);
    }
  }

  void rule() {
    ask("events", "ListRules", {{"NamePrefix", resource_.name}}, kHealth);
    changed_by(resource_.name);
  }

  void workflow() {
    ask("stepfunctions", "DescribeStateMachine", {{"stateMachineArn", entity_.id}}, kConfiguration);
    for (const char* status : {"FAILED", "TIMED_OUT"})
      ask("stepfunctions", "ListExecutions",
          {{"stateMachineArn", entity_.id},
           {"statusFilter", status},
           {"PaginationConfig", {{"MaxItems", kMostExecutions}}}},
          kHealth);
    changed_by(entity_.id);
    in_stack(entity_.id);
  }

  /// What runs in a cluster is told by the log of its API and by what containers write; the cluster itself by
  /// EKS.
  void cluster() {
    if (resource_.kind == "object") return;
    const std::string& name = resource_.parent.empty() ? resource_.name : resource_.parent;
    ask("eks", "DescribeCluster", {{"name", name}}, kReference);
    ask("eks", "ListNodegroups", {{"clusterName", name}}, kReference);
    if (resource_.kind != "workload") return;
    const std::string name_space = resource_.name.substr(0, resource_.name.find('/'));
    const std::string workload = resource_.name.substr(resource_.name.rfind('/') + 1);
    Json audit = line_input(fmt::format("/aws/eks/{}/cluster", name), times_);
    audit["logStreamNamePrefix"] = "kube-apiserver-audit";
    audit["filterPattern"] = fmt::format(kChangesOfObjects, name_space);
    ask("logs", "FilterLogEvents", std::move(audit), kConfiguration);
    Json lines = line_input(fmt::format("/aws/containerinsights/{}/application", name), times_);
    lines["filterPattern"] =
        fmt::format(R"({{ ($.kubernetes.namespace_name = "{}") && ($.kubernetes.pod_name = "{}-*") }})",
                    name_space, workload);
    ask("logs", "FilterLogEvents", std::move(lines), kLines);
  }

  void stack() {
    ask("cloudformation", "DescribeStacks", {{"StackName", entity_.id}}, kStack);
    ask("cloudformation", "DescribeStackEvents", {{"StackName", entity_.id}}, kEvents);
    ask("cloudformation", "DescribeStackResources", {{"StackName", entity_.id}}, kRarely);
    // What the last detection found is there to be read; to detect anew would be to start something.
    if (entity_.attributes.get("DriftInformation.StackDriftStatus") == "DRIFTED")
      ask("cloudformation", "DescribeStackResourceDrifts",
          {{"StackName", entity_.id}, {"StackResourceDriftStatusFilters", {"MODIFIED", "DELETED"}}}, kEvents);
  }

  /// Resources of which one call tells what there is to know.
  void described() {
    struct Description {
      const char* service;
      const char* kind;
      const char* client;
      const char* operation;
      const char* member;
      double value;
      bool by_id;  ///< asked by its ARN instead of its name
    };
    static constexpr std::array<Description, 7> kDescriptions{
        {{"dynamodb", "table", "dynamodb", "DescribeTable", "TableName", kHealth, false},
         {"secretsmanager", "secret", "secretsmanager", "DescribeSecret", "SecretId", kEvents, true},
         {"iam", "role", "iam", "ListAttachedRolePolicies", "RoleName", kRarely, false},
         {"iam", "role", "iam", "ListRolePolicies", "RoleName", kRarely, false},
         {"kms", "key", "kms", "DescribeKey", "KeyId", kHealth, true},
         {"kinesis", "stream", "kinesis", "DescribeStreamSummary", "StreamName", kReference, false},
         {"elasticache", "cluster", "elasticache", "DescribeCacheClusters", "CacheClusterId", kHealth,
          false}}};
    for (const Description& d : kDescriptions) {
      if (resource_.service != d.service || resource_.kind != d.kind) continue;
      const std::string& id = d.by_id && is_arn() ? entity_.id : resource_.name;
      ask(d.client, d.operation, {{d.member, id}}, d.value);
    }
    if (resource_.kind == "key") changed_by(entity_.id);  // who disables a key names it alone
    if (resource_.service != "apigateway") return;
    ask("apigateway", "GetRestApis", Json::object(), kReference);
    ask("apigatewayv2", "GetApis", Json::object(), kReference);
  }

  void lines(const std::string& group) {
    ask("logs", "FilterLogEvents", line_input(group, times_), kLines, kSlow / 2);
  }

  void changed_by(const std::string& name) {
    const base::TimeRange when = times_.changes();
    ask("cloudtrail", "LookupEvents",
        {{"LookupAttributes", Json::array({{{"AttributeKey", "ResourceName"}, {"AttributeValue", name}}})},
         {"StartTime", base::format_rfc3339(when.start)},
         {"EndTime", base::format_rfc3339(when.end)}},
        kChange, kSlow);
  }

  void in_stack(const std::string& physical_id) {
    ask("cloudformation", "DescribeStackResources", {{"PhysicalResourceId", physical_id}}, kReference);
  }

  /// Where the images that it runs come from.
  void images() {
    if (resource_.kind != "service") return;
    std::set<std::string> repositories;
    for (const auto* entry : entity_.attributes.with_prefix("container.")) {
      std::string_view image = entry->second;
      const std::size_t slash = image.find('/');
      if (!entry->first.ends_with(".image") || image.find(".dkr.ecr.") == std::string_view::npos ||
          slash == std::string_view::npos)
        continue;
      image.remove_prefix(slash + 1);
      repositories.insert(std::string(image.substr(0, image.find_first_of(":@"))));
    }
    for (const std::string& repository : repositories)
      ask("ecr", "DescribeImages", {{"repositoryName", repository}}, kEvents);
  }

  /// What variables refer to by address: databases and caches; and secrets, which one of them may need.
  void environment() {
    if (resource_.kind != "service" && resource_.kind != "function") return;
    bool database = false;
    for (const auto* entry : entity_.attributes.with_prefix("container.")) {
      if (entry->first.find(".env.") == std::string::npos) continue;
      const std::string host = host_of(entry->second);
      const std::string name = host.substr(0, host.find('.'));
      if (host.find(".rds.amazonaws.com") != std::string::npos) {
        database = true;
        const bool cluster = host.find(".cluster-") != std::string::npos;
        if (cluster) {
          ask("rds", "DescribeDBClusters", {{"DBClusterIdentifier", name}}, kDefinition);
        } else {
          ask("rds", "DescribeDBInstances", {{"DBInstanceIdentifier", name}}, kDefinition);
        }
        out_.back().subject = (cluster ? "rds/cluster/" : "rds/") + name;
      } else if (host.find(".cache.amazonaws.com") != std::string::npos) {
        ask("elasticache", "DescribeCacheClusters", Json::object(), kHealth);
      } else if (names(entry->first, "table") && host == entry->second && !host.empty()) {
        ask("dynamodb", "DescribeTable", {{"TableName", host}}, kDefinition);
        out_.back().subject = "dynamodb/" + host;
      } else if (names(entry->first, "bucket") && host == entry->second && !host.empty()) {
        ask("s3api", "GetBucketPolicy", {{"Bucket", host}}, kRarely);
        out_.back().subject = "s3/" + host;
      } else if (parse_resource(entry->second).service == "kms") {
        ask("kms", "DescribeKey", {{"KeyId", entry->second}}, kHealth);
        out_.back().subject = entry->second;
      } else if (host.starts_with("sqs.") && entry->second.find('/') != std::string::npos) {
        ask("sqs", "GetQueueAttributes", {{"QueueUrl", entry->second}, {"AttributeNames", {"All"}}}, kHealth);
        out_.back().subject = "sqs/" + entry->second.substr(entry->second.rfind('/') + 1);
      }
    }
    if (database) ask("secretsmanager", "ListSecrets", Json::object(), kEvents);
  }

  /// True for a variable that holds the name of such a thing, as CART_TABLE and TABLE_NAME do.
  static bool names(std::string_view variable, std::string_view thing) {
    const std::string name = base::to_lower(variable.substr(variable.rfind('.') + 1));
    return name.find(thing) != std::string::npos;
  }

  /// The host of an address, with or without scheme, user and port.
  static std::string host_of(std::string_view value) {
    if (const std::size_t scheme = value.find("://"); scheme != std::string_view::npos)
      value.remove_prefix(scheme + 3);
    if (const std::size_t user = value.find('@'); user != std::string_view::npos)
      value.remove_prefix(user + 1);
    return std::string(value.substr(0, value.find_first_of(":/?")));
  }

  const Entity& entity_;
  const AskedTimes& times_;
  Resource resource_;
  std::string region_;
  std::vector<Question> out_;
};

/// True for a stage of which at least the failing executions are logged.
bool logs_executions(const Json& stage) {
  const Json& settings = base::at(stage, "methodSettings");
  return std::any_of(settings.begin(), settings.end(), [](const Json& method) {
    const std::string level = text_at(method, "loggingLevel");
    return level == "ERROR" || level == "INFO";
  });
}

/// True where the answer says that runs of a function were refused in the time that is asked about.
bool tells_of_throttles(const Json& input, const Json& body, const AskedTimes& times) {
  std::set<std::string> ids;
  for (const Json& query : list_at(input, "MetricDataQueries")) {
    const Json& metric = base::at(base::at(query, "MetricStat"), "Metric");
    if (text_at(metric, "Namespace") == "AWS/Lambda" && text_at(metric, "MetricName") == "Throttles")
      ids.insert(text_at(query, "Id"));
  }
  const Json& results = list_at(body, "MetricDataResults");
  return std::any_of(results.begin(), results.end(), [&](const Json& result) {
    if (!ids.contains(text_at(result, "Id"))) return false;
    const Json& values = list_at(result, "Values");
    const Json& moments = list_at(result, "Timestamps");
    for (std::size_t i = 0; i < std::min(values.size(), moments.size()); ++i) {
      const auto time = clients::aws::time_of(moments[i]);
      if (base::number(values[i]).value_or(0) > 0 && time && times.window.contains(*time)) return true;
    }
    return false;
  });
}

/// How many runs the account may have at once, and which functions have the most.
std::vector<Question> questions_about_concurrency(const Question& asked) {
  constexpr const char* kHolders =
      R"(SELECT MAX(ConcurrentExecutions) FROM SCHEMA("AWS/Lambda", FunctionName) GROUP BY FunctionName ORDER BY MAX() DESC LIMIT 5)";
  Json holders = asked.request.input;
  const Json period = base::at(base::at(holders["MetricDataQueries"].front(), "MetricStat"), "Period");
  holders["MetricDataQueries"] =
      Json::array({{{"Id", "holders"}, {"Expression", kHolders}, {"Period", period}}});
  return {following(asked, "lambda", "GetAccountSettings", Json::object(), kReference),
          following(asked, "cloudwatch", "GetMetricData", std::move(holders), kReference)};
}

/// The end of an execution tells why: these events before it lead to the state that it was in.
constexpr std::size_t kMostEvents = 100;

/// Texts of a list in portions that one call takes.
std::vector<Json> portions(const Json& list, std::size_t size) {
  std::vector<Json> out;
  for (const Json& item : list) {
    if (out.empty() || out.back().size() == size) out.push_back(Json::array());
    out.back().push_back(item);
  }
  return out;
}

}  // namespace

std::vector<Question> questions_about(const Entity& entity, const AskedTimes& times,
                                      const std::string& region) {
  return Maker(entity, times, region).make();
}

std::vector<Question> questions_after(const Question& asked, const Json& body, const AskedTimes& times) {
  constexpr std::size_t kTasks = 100;     // of DescribeTasks
  constexpr std::size_t kServices = 10;   // of DescribeServices
  constexpr std::size_t kNodeGroups = 5;  // one call each
  constexpr std::size_t kHistories = 2;   // executions of one kind fail alike
  const auto& [service, operation, region, input, account] = asked.request;
  std::vector<Question> out;
  if (operation == "ListTasks") {
    for (const Json& tasks : portions(list_at(body, "taskArns"), kTasks))
      out.push_back(following(asked, "ecs", "DescribeTasks",
                              {{"cluster", input["cluster"]}, {"tasks", tasks}}, asked.value));
  } else if (operation == "ListClusters") {
    for (const Json& cluster : list_at(body, "clusterArns"))
      out.push_back(following(asked, "ecs", "ListServices", {{"cluster", cluster}}, kReference));
  } else if (operation == "ListServices") {
    for (const Json& services : portions(list_at(body, "serviceArns"), kServices))
      out.push_back(following(asked, "ecs", "DescribeServices",
                              {{"cluster", input["cluster"]}, {"services", services}}, kReference));
  } else if (operation == "ListNodegroups") {
    for (const Json& group : list_at(body, "nodegroups")) {
      if (out.size() == kNodeGroups) break;
      out.push_back(following(asked, "eks", "DescribeNodegroup",
                              {{"clusterName", input["clusterName"]}, {"nodegroupName", group}}, kReference));
    }
  } else if (operation == "GetQueueUrl") {
    // A queue is known by its name alone: what it is, and whose messages end in it.
    const std::string url = text_at(body, "QueueUrl");
    out.push_back(following(asked, "sqs", "GetQueueAttributes",
                            {{"QueueUrl", url}, {"AttributeNames", {"All"}}}, asked.value));
    out.push_back(following(asked, "sqs", "ListDeadLetterSourceQueues", {{"QueueUrl", url}}, asked.value));
  } else if (operation == "ListDeadLetterSourceQueues") {
    for (const Json& url : list_at(body, "queueUrls"))
      out.push_back(following(asked, "sqs", "GetQueueAttributes",
                              {{"QueueUrl", url}, {"AttributeNames", {"All"}}}, asked.value));
  } else if (operation == "ListExecutions") {
    std::size_t asked_for = 0;
    for (const Json& execution : list_at(body, "executions")) {
      if (asked_for++ == kHistories) break;
      out.push_back(following(asked, "stepfunctions", "GetExecutionHistory",
                              {{"executionArn", text_at(execution, "executionArn")},
                               {"reverseOrder", true},
                               {"PaginationConfig", {{"MaxItems", kMostEvents}}}},
                              kLines));
    }
  } else if (operation == "GetTraceSummaries") {
    out = questions_about_requests(asked, body);
  } else if (operation == "GetRestApis") {
    const std::string wanted = parse_resource(asked.subject).name;
    for (const Json& api : list_at(body, "items")) {
      const std::string id = text_at(api, "id");
      if (!wanted.empty() && id != wanted && text_at(api, "name") != wanted) continue;
      out.push_back(following(asked, "apigateway", "GetResources",
                              {{"restApiId", id}, {"embed", {"methods"}}}, kConfiguration));
      out.push_back(following(asked, "apigateway", "GetStages", {{"restApiId", id}}, kChange));
    }
  } else if (service == "apigateway" && operation == "GetStages") {
    for (const Json& stage : list_at(body, "item")) {
      if (!logs_executions(stage)) continue;
      const std::string group = fmt::format("API-Gateway-Execution-Logs_{}/{}", text_at(input, "restApiId"),
                                            text_at(stage, "stageName"));
      out.push_back(following(asked, "logs", "FilterLogEvents", line_input(group, times), kLines));
    }
  } else if (service == "apigatewayv2" && operation == "GetApis") {
    const std::string wanted = parse_resource(asked.subject).name;
    for (const Json& api : list_at(body, "Items")) {
      const std::string id = text_at(api, "ApiId");
      if (!wanted.empty() && id != wanted && text_at(api, "Name") != wanted) continue;
      out.push_back(following(asked, "apigatewayv2", "GetIntegrations", {{"ApiId", id}}, kConfiguration));
    }
  } else if (operation == "FilterLogEvents" && !text_at(body, "nextToken").empty() &&
             !input.contains("filterPattern") && !list_at(body, "events").empty()) {
    Json rest = input;
    rest["startTime"] =
        static_cast<std::int64_t>(base::number_at(list_at(body, "events").back(), "timestamp").value_or(0)) +
        1;
    rest["filterPattern"] = kTrouble;
    out.push_back(following(asked, "logs", "FilterLogEvents", std::move(rest), asked.value));
  } else if (operation == "FilterLogEvents") {
    out = questions_from_lines(asked, body, times);
  } else if (operation == "ListHostedZones") {
    out = questions_about_names(asked, body);
  } else if (operation == "ListResourceRecordSets") {
    out = questions_about_checks(asked, body);
  } else if (operation == "GetMetricData" && tells_of_throttles(input, body, times)) {
    out = questions_about_concurrency(asked);
  } else if (operation == "DescribeTaskDefinition") {
    // Lines are asked for by the group that a container writes to.
    std::set<std::string> groups;
    for (const Json& container : list_at(base::at(body, "taskDefinition"), "containerDefinitions"))
      groups.insert(text_at(container, "logConfiguration", "options", "awslogs-group"));
    for (const std::string& group : groups) {
      if (group.empty() || asked.value < kDefinition / 4) continue;
      auto question = following(asked, "logs", "FilterLogEvents", line_input(group, times), kLines);
      out.push_back(std::move(question));
    }
  }
  return out;
}

std::vector<Question> questions_about_traces(const AskedTimes& times, const std::string& region) {
  const std::string from = base::format_rfc3339(times.window.start);
  const std::string to = base::format_rfc3339(times.window.end);
  std::vector<Question> out(2);
  out[0].request = {"xray", "GetServiceGraph", region, {{"StartTime", from}, {"EndTime", to}}};
  out[1].request = {
      "xray",
      "GetTraceSummaries",
      region,
      {{"StartTime", from}, {"EndTime", to}, {"FilterExpression", "fault = true OR error = true"}}};
  for (Question& question : out) question.value = kReference;
  return out;
}

Question question_for_clusters(const std::string& region) {
  Question question;
  question.request = {"ecs", "ListClusters", region, Json::object()};
  question.value = kHealth;
  return question;
}

}  // namespace midwatch::connectors::aws
