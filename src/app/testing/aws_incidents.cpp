#include "src/app/testing/aws_incidents.h"

#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"

namespace midwatch::app::testing {
namespace {

using base::Json;

constexpr base::Timestamp kOnset = kAlarmTime - std::chrono::minutes(8);
constexpr base::Timestamp kFirstPoint = kAlarmTime - std::chrono::minutes(211);
constexpr int kPoints = 215;      ///< a minute each, until after the alarm
constexpr int kOnsetPoint = 203;  ///< the point at kOnset

std::string rfc(base::Timestamp time) {
  return base::format_rfc3339(time);
}

std::int64_t milliseconds(base::Timestamp time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

void write_alarm(ScriptedApi& api, const std::string& name, const std::string& name_space,
                 const std::string& metric, const Json& dimensions) {
  const Json alarm = {
      {"AlarmName", name},
      {"AlarmArn", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:" + name},
      {"StateValue", "ALARM"},
      {"StateReason",
       "Threshold Crossed: 1 out of the last 1 datapoints [6.0 (03/03/26 09:59:00)] was greater "
       "than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition)."},
      {"StateReasonData",
       R"({"version":"1.0","statistic":"Sum","period":60,"recentDatapoints":[6.0],"threshold":1.0})"},
      {"StateTransitionedTimestamp", rfc(kAlarmTime)},
      {"MetricName", metric},
      {"Namespace", name_space},
      {"Statistic", "Sum"},
      {"Dimensions", dimensions},
      {"Period", 60},
      {"EvaluationPeriods", 1},
      {"Threshold", 1.0},
      {"ComparisonOperator", "GreaterThanOrEqualToThreshold"}};
  api.answers("DescribeAlarms",
              base::dump_json({{"MetricAlarms", Json::array({alarm})}, {"CompositeAlarms", Json::array()}}));
}

/// `before` until the onset, `after` from then on.
std::vector<double> step(double before, double after) {
  std::vector<double> values(kPoints, before);
  for (std::size_t i = kOnsetPoint; i < values.size(); ++i) values[i] = after;
  return values;
}

struct Line {
  base::Timestamp time;
  std::string message;
};

std::string lines_json(const std::vector<Line>& lines, const std::string& stream) {
  Json events = Json::array();
  for (const Line& line : lines) {
    events.push_back({{"logStreamName", stream},
                      {"timestamp", milliseconds(line.time)},
                      {"message", line.message},
                      {"eventId", fmt::format("{:056}", events.size())}});
  }
  return base::dump_json({{"events", std::move(events)}});
}

void write_function(ScriptedApi& api, int memory, int timeout) {
  write_alarm(api, "intake-errors", "AWS/Lambda", "Errors",
              Json::array({{{"Name", "FunctionName"}, {"Value", "intake"}}}));
  const Json configuration = {{"FunctionName", "intake"},
                              {"FunctionArn", kIntake},
                              {"Runtime", "nodejs22.x"},
                              {"Role", "arn:aws:iam::123456789012:role/intake"},
                              {"Handler", "index.handler"},
                              {"CodeSize", 640},
                              {"Timeout", timeout},
                              {"MemorySize", memory},
                              {"LastModified", "2026-02-20T01:02:03.000+0000"},
                              {"Version", "$LATEST"},
                              {"State", "Active"},
                              {"LastUpdateStatus", "Successful"},
                              {"LoggingConfig", {{"LogFormat", "Text"}, {"LogGroup", "/aws/lambda/intake"}}}};
  api.answers("GetFunctionConfiguration", base::dump_json(configuration));
  api.answers("GetFunction",
              base::dump_json({{"Configuration", configuration}, {"Code", {{"RepositoryType", "S3"}}}}));
  api.measures("Invocations", "Sum", kFirstPoint, std::vector<double>(kPoints, 6));
  api.measures("Errors", "Sum", kFirstPoint, step(0, 6));
}

constexpr const char* kStream = "2026/03/03/[$LATEST]0123456789abcdef0123456789abcdef";

/// One run a minute: ordinary ones before the onset, `failing` from then on.
void write_runs(ScriptedApi& api, int memory, const std::vector<std::string>& failing,
                const std::string& report) {
  std::vector<Line> lines;
  const base::Timestamp first = kAlarmTime - std::chrono::minutes(38);
  for (int i = 0; i < 42; ++i) {
    const base::Timestamp at = first + std::chrono::minutes(i);
    const std::string id = fmt::format("6d68ca91-49c9-448d-89b8-7ca3e6dc{:04}", i);
    lines.push_back({at, fmt::format("START RequestId: {} Version: $LATEST\n", id)});
    std::string tail = fmt::format(
        "\tDuration: 41.20 ms\tBilled Duration: 42 ms\tMemory Size: {} MB\tMax Memory Used: 70 MB\t\n",
        memory);
    if (at >= kOnset) {
      for (const std::string& line : failing)
        lines.push_back({at + std::chrono::milliseconds(20), fmt::format("{}\t{}\t{}\n", rfc(at), id, line)});
      tail = report;
    }
    lines.push_back({at + std::chrono::milliseconds(42), fmt::format("END RequestId: {}\n", id)});
    lines.push_back({at + std::chrono::milliseconds(43), fmt::format("REPORT RequestId: {}{}", id, tail)});
  }
  api.answers("FilterLogEvents", lines_json(lines, kStream));
}

/// The service "ledger" behind its target group, with a definition of the containers given.
void write_service(ScriptedApi& api, const Json& container) {
  write_alarm(api, "ledger-5xx", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
              Json::array({{{"Name", "TargetGroup"}, {"Value", "targetgroup/ledger/73e2d6bc24d8a067"}},
                           {{"Name", "LoadBalancer"}, {"Value", "app/front/50dc6c495c0c9188"}}}));
  const std::string group =
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/ledger/73e2d6bc24d8a067";
  const std::string balancer =
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/front/50dc6c495c0c9188";
  api.answers("DescribeTargetGroups",
              base::dump_json({{"TargetGroups", Json::array({{{"TargetGroupArn", group},
                                                              {"TargetGroupName", "ledger"},
                                                              {"HealthCheckPath", "/healthz"},
                                                              {"LoadBalancerArns", {balancer}}}})}}));
  api.answers("ListClusters", R"({"clusterArns":["arn:aws:ecs:us-east-1:123456789012:cluster/main"]})");
  api.answers("ListServices", base::dump_json({{"serviceArns", {kLedger}}}));
  const std::string definition = "arn:aws:ecs:us-east-1:123456789012:task-definition/ledger:7";
  const Json deployment = {{"id", "ecs-svc/1234567890123456789"},
                           {"status", "PRIMARY"},
                           {"taskDefinition", definition},
                           {"desiredCount", 2},
                           {"runningCount", 2},
                           {"createdAt", rfc(kAlarmTime - std::chrono::minutes(70))},
                           {"rolloutState", "COMPLETED"}};
  api.answers(
      "DescribeServices",
      base::dump_json(
          {{"services", Json::array({{{"serviceArn", kLedger},
                                      {"serviceName", "ledger"},
                                      {"clusterArn", "arn:aws:ecs:us-east-1:123456789012:cluster/main"},
                                      {"status", "ACTIVE"},
                                      {"desiredCount", 2},
                                      {"runningCount", 2},
                                      {"taskDefinition", definition},
                                      {"loadBalancers", Json::array({{{"targetGroupArn", group},
                                                                      {"containerName", "app"},
                                                                      {"containerPort", 8080}}})},
                                      {"deployments", Json::array({deployment})},
                                      {"events", Json::array()}}})},
           {"failures", Json::array()}}));
  const auto describe = [&](int revision, base::Timestamp registered) {
    api.answers(
        "DescribeTaskDefinition",
        base::dump_json(
            {{"taskDefinition",
              {{"taskDefinitionArn",
                fmt::format("arn:aws:ecs:us-east-1:123456789012:task-definition/ledger:{}", revision)},
               {"family", "ledger"},
               {"revision", revision},
               {"cpu", "256"},
               {"memory", "512"},
               {"registeredAt", rfc(registered)},
               {"registeredBy", "arn:aws:iam::123456789012:user/deployer"},
               {"containerDefinitions", Json::array({container})}}}}),
        fmt::format("ledger:{}", revision));
  };
  describe(6, kAlarmTime - std::chrono::days(30));
  describe(7, kAlarmTime - std::chrono::minutes(71));
  api.measures("RequestCount", "Sum", kFirstPoint, std::vector<double>(kPoints, 600));
  api.measures("HTTPCode_Target_5XX_Count", "Sum", kFirstPoint, step(0, 40));
  api.measures("CPUUtilization", "Average", kFirstPoint, std::vector<double>(kPoints, 11));
}

Json container_json() {
  return {{"name", "app"},
          {"image", "123456789012.dkr.ecr.us-east-1.amazonaws.com/ledger:latest"},
          {"essential", true},
          {"environment", Json::array({{{"name", "PORT"}, {"value", "8080"}}})},
          {"logConfiguration",
           {{"logDriver", "awslogs"},
            {"options", {{"awslogs-group", "/ecs/ledger"}, {"awslogs-stream-prefix", "app"}}}}}};
}

std::string task_arn(int number) {
  return fmt::format("arn:aws:ecs:us-east-1:123456789012:task/main/9e47ae6049fd44a78eb6f9dbab66{:04}",
                     number);
}

Json task_json(int number, base::Timestamp started, const Json& container) {
  Json task = {{"taskArn", task_arn(number)},
               {"clusterArn", "arn:aws:ecs:us-east-1:123456789012:cluster/main"},
               {"group", "service:ledger"},
               {"taskDefinitionArn", "arn:aws:ecs:us-east-1:123456789012:task-definition/ledger:7"},
               {"cpu", "256"},
               {"memory", "512"},
               {"createdAt", rfc(started - std::chrono::seconds(20))},
               {"startedAt", rfc(started)},
               {"lastStatus", "RUNNING"},
               {"containers", Json::array({container})}};
  return task;
}

}  // namespace

void write_lambda_null(ScriptedApi& api) {
  write_function(api, 256, 10);
  api.measures("Duration", "Average", kFirstPoint, step(41, 4));
  write_runs(
      api, 256,
      {R"line(ERROR	Invoke Error 	{"errorType":"TypeError","errorMessage":"Cannot read properties of null (reading 'items')","stack":["TypeError: Cannot read properties of null (reading 'items')","    at Runtime.handler (file:///var/task/index.mjs:4:23)","    at Runtime.handleOnceNonStreaming (file:///var/runtime/index.mjs:1173:29)"]})line"},
      "\tDuration: 4.20 ms\tBilled Duration: 5 ms\tMemory Size: 256 MB\tMax Memory Used: 71 MB\t\n");
}

void write_lambda_memory(ScriptedApi& api) {
  write_function(api, 128, 30);
  api.measures("Duration", "Average", kFirstPoint, step(41, 30000));
  write_runs(api, 128, {"INFO\tloading batch of 90000 items"},
             "\tDuration: 30000.00 ms\tBilled Duration: 30000 ms\tMemory Size: 128 MB\tMax Memory Used: 128 "
             "MB\tStatus: timeout\n");
}

void write_lambda_timeout(ScriptedApi& api) {
  write_function(api, 128, 5);
  api.measures("Duration", "Average", kFirstPoint, step(41, 5000));
  write_runs(api, 128, {},
             "\tDuration: 5000.00 ms\tBilled Duration: 5000 ms\tMemory Size: 128 MB\tMax Memory Used: 70 "
             "MB\tStatus: timeout\n");
}

void write_ecs_leak(ScriptedApi& api) {
  write_service(api, container_json());
  std::vector<double> memory(kPoints, 24);
  for (std::size_t i = 145; i < memory.size(); ++i) memory[i] = 24 + 1.3 * static_cast<double>(i - 145);
  for (std::size_t i = kOnsetPoint; i < memory.size(); ++i) memory[i] = 97;
  api.measures("MemoryUtilization", "Average", kFirstPoint, memory);
  api.measures("MemoryUtilization", "Maximum", kFirstPoint, memory);
  api.answers("ListTasks", base::dump_json({{"taskArns", {task_arn(1), task_arn(2)}}}), "STOPPED");
  api.answers("ListTasks", base::dump_json({{"taskArns", {task_arn(3)}}}), "RUNNING");
  Json killed = Json::array();
  for (int i = 1; i <= 2; ++i) {
    Json task = task_json(i, kAlarmTime - std::chrono::minutes(69),
                          {{"name", "app"},
                           {"lastStatus", "STOPPED"},
                           {"exitCode", 137},
                           {"reason", "OutOfMemoryError: Container killed due to memory usage"}});
    task["lastStatus"] = "STOPPED";
    task["stopCode"] = "EssentialContainerExited";
    task["stoppedReason"] = "Essential container in task exited";
    task["executionStoppedAt"] = rfc(kOnset + std::chrono::minutes(i));
    task["stoppedAt"] = rfc(kOnset + std::chrono::minutes(i));
    killed.push_back(std::move(task));
  }
  api.answers("DescribeTasks", base::dump_json({{"tasks", killed}}), task_arn(1));
  api.answers(
      "DescribeTasks",
      base::dump_json({{"tasks", Json::array({task_json(3, kOnset + std::chrono::minutes(3),
                                                        {{"name", "app"}, {"lastStatus", "RUNNING"}})})}}),
      task_arn(3));
  std::vector<Line> lines;
  for (int i = 0; i < 42; ++i)
    lines.push_back({kAlarmTime - std::chrono::minutes(38 - i),
                     fmt::format("INFO served 300 requests in {} ms", 900 + i)});
  api.answers("FilterLogEvents", lines_json(lines, "app/app/9e47ae6049fd44a78eb6f9dbab660001"));
}

void write_ecs_credential(ScriptedApi& api) {
  Json container = container_json();
  container["environment"].push_back(
      {{"name", "DB_HOST"}, {"value", "books.cluster-abc.us-east-1.rds.amazonaws.com"}});
  write_service(api, container);
  api.measures("MemoryUtilization", "Average", kFirstPoint, std::vector<double>(kPoints, 21));
  api.measures("DatabaseConnections", "Maximum", kFirstPoint, std::vector<double>(kPoints, 0));
  api.answers("ListTasks", base::dump_json({{"taskArns", {task_arn(3)}}}), "RUNNING");
  api.answers(
      "DescribeTasks",
      base::dump_json({{"tasks", Json::array({task_json(3, kAlarmTime - std::chrono::minutes(69),
                                                        {{"name", "app"}, {"lastStatus", "RUNNING"}})})}}));
  api.answers("FilterLogEvents", R"({"events":[]})");
  api.answers(
      "DescribeDBClusters",
      R"({"DBClusters":[{"DBClusterIdentifier":"books","DBClusterArn":"arn:aws:rds:us-east-1:123456789012:cluster:books","Endpoint":"books.cluster-abc.us-east-1.rds.amazonaws.com","Port":5432,"Status":"available","Engine":"aurora-postgresql","DBClusterMembers":[]}]})");
  api.answers(
      "ListSecrets",
      R"({"SecretList":[{"ARN":"arn:aws:secretsmanager:us-east-1:123456789012:secret:books-AbCdEf","Name":"books","CreatedDate":"2026-02-01T00:00:00Z","LastChangedDate":"2026-02-01T00:00:00Z"}]})");
}

}  // namespace midwatch::app::testing
