#include "src/investigation/question_query.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/mitigate/command_facts.h"
#include "src/model/text.h"

namespace midwatch::investigation {
namespace {

/// One way to read one signal of one kind of entity.
struct Query {
  std::string_view type;  ///< of the entity; empty: whatever kubectl addresses
  std::string_view signal;
  std::string_view quantity;  ///< empty: any
  std::string_view command;
};

constexpr std::array<Query, 19> kQueries{{
    {"AWS::Lambda::Function", "logs", "",
     "aws logs filter-log-events --log-group-name /aws/lambda/{name} --start-time {from_ms} --end-time "
     "{to_ms}"},
    {"AWS::Lambda::Function", "configuration", "",
     "aws lambda get-function-configuration --function-name {name}"},
    {"AWS::Lambda::Function", "metrics", "throttles",
     "aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Throttles "
     "--dimensions Name=FunctionName,Value={name} --start-time {from} --end-time {to} --period 60 "
     "--statistics Sum"},
    {"AWS::Lambda::Function", "metrics", "",
     "aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Duration "
     "--dimensions Name=FunctionName,Value={name} --start-time {from} --end-time {to} --period 60 "
     "--statistics Maximum"},
    {"AWS::ECS::Service", "events", "", "aws ecs describe-services --cluster {cluster} --services {name}"},
    {"AWS::ECS::Service", "configuration", "",
     "aws ecs describe-services --cluster {cluster} --services {name} --query services[0].taskDefinition"},
    {"AWS::ECS::Service", "metrics", "memory",
     "aws cloudwatch get-metric-statistics --namespace AWS/ECS --metric-name MemoryUtilization "
     "--dimensions Name=ClusterName,Value={cluster} Name=ServiceName,Value={name} --start-time {from} "
     "--end-time {to} --period 60 --statistics Maximum"},
    {"AWS::ECS::Service", "metrics", "",
     "aws cloudwatch get-metric-statistics --namespace AWS/ECS --metric-name CPUUtilization "
     "--dimensions Name=ClusterName,Value={cluster} Name=ServiceName,Value={name} --start-time {from} "
     "--end-time {to} --period 60 --statistics Maximum"},
    {"AWS::RDS::DBInstance", "events", "",
     "aws rds describe-events --source-type db-instance --source-identifier {name} --start-time {from} "
     "--end-time {to}"},
    {"AWS::RDS::DBInstance", "logs", "", "aws rds describe-db-log-files --db-instance-identifier {name}"},
    {"AWS::RDS::DBInstance", "configuration", "",
     "aws rds describe-db-instances --db-instance-identifier {name}"},
    {"AWS::RDS::DBInstance", "metrics", "connections",
     "aws cloudwatch get-metric-statistics --namespace AWS/RDS --metric-name DatabaseConnections "
     "--dimensions Name=DBInstanceIdentifier,Value={name} --start-time {from} --end-time {to} --period 60 "
     "--statistics Maximum"},
    {"AWS::RDS::DBInstance", "metrics", "",
     "aws cloudwatch get-metric-statistics --namespace AWS/RDS --metric-name CPUUtilization "
     "--dimensions Name=DBInstanceIdentifier,Value={name} --start-time {from} --end-time {to} --period 60 "
     "--statistics Maximum"},
    {"", "logs", "", "kubectl -n {namespace} logs {resource} --all-containers --since-time={from}"},
    {"", "events", "", "kubectl -n {namespace} get events --field-selector involvedObject.name={name}"},
    {"", "configuration", "", "kubectl -n {namespace} get {resource} -o yaml"},
    {"", "changes", "", "kubectl -n {namespace} rollout history {resource}"},
    {"", "metrics", "cpu", "kubectl -n {namespace} top pods --containers"},
    {"", "metrics", "memory", "kubectl -n {namespace} top pods --containers"},
}};
/// Who changed what of an AWS resource is asked in one way.
constexpr std::string_view kTrail =
    "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue={name} "
    "--start-time {from} --end-time {to}";

}  // namespace

std::optional<std::string> question_query(const Asked& asked) {
  if (asked.entity == nullptr) return std::nullopt;
  const telemetry::Entity& entity = *asked.entity;
  const bool aws = entity.type.starts_with("AWS::");
  const auto at = std::find_if(kQueries.begin(), kQueries.end(), [&](const Query& q) {
    return q.type == (aws ? std::string_view(entity.type) : std::string_view()) && q.signal == asked.signal &&
           (q.quantity.empty() || q.quantity == asked.quantity);
  });
  const bool trail = aws && asked.signal == "changes";
  if (at == kQueries.end() && !trail) return std::nullopt;
  model::Facts facts = mitigate::address_of(entity.id, &entity);
  const auto ms = [](base::Timestamp t) {
    return fmt::format("{}", std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch()).count());
  };
  facts["from"] = base::format_rfc3339(asked.window.start);
  facts["to"] = base::format_rfc3339(asked.window.end);
  facts["from_ms"] = ms(asked.window.start);
  facts["to_ms"] = ms(asked.window.end);
  std::string command = model::fill(trail ? kTrail : at->command, mitigate::plain_only(facts));
  if (model::has_open_place(command)) return std::nullopt;
  return command;
}

}  // namespace midwatch::investigation
