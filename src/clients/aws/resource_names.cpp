#include "src/clients/aws/resource_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "src/clients/aws/arn.h"
#include "src/clients/aws/document.h"

namespace midwatch::clients::aws {
namespace {

using Rule = std::pair<std::string_view, std::string_view>;

/// What stands before a physical name in the id. A name that is a URL or ARN is not in here.
constexpr std::array<Rule, 23> kTypes{{{"AWS::Lambda::Function", "lambda"},
                                       {"AWS::RDS::DBInstance", "rds"},
                                       {"AWS::RDS::DBCluster", "rds/cluster"},
                                       {"AWS::RDS::DBParameterGroup", "rds/pg"},
                                       {"AWS::DynamoDB::Table", "dynamodb"},
                                       {"AWS::ECR::Repository", "ecr"},
                                       {"AWS::ApiGateway::RestApi", "apigateway"},
                                       {"AWS::ApiGatewayV2::Api", "apigateway"},
                                       {"AWS::EC2::SecurityGroup", "ec2"},
                                       {"AWS::EC2::Subnet", "ec2"},
                                       {"AWS::EC2::NatGateway", "ec2"},
                                       {"AWS::EC2::Instance", "ec2"},
                                       {"AWS::EC2::RouteTable", "ec2"},
                                       {"AWS::IAM::Role", "iam/role"},
                                       {"AWS::Logs::LogGroup", "logs"},
                                       {"AWS::ElastiCache::CacheCluster", "elasticache"},
                                       {"AWS::ElastiCache::ReplicationGroup", "elasticache"},
                                       {"AWS::Kinesis::Stream", "kinesis"},
                                       {"AWS::KMS::Key", "kms"},
                                       {"AWS::Events::Rule", "events"},
                                       {"AWS::EFS::FileSystem", "elasticfilesystem"},
                                       {"AWS::AutoScaling::AutoScalingGroup", "autoscaling"},
                                       {"AWS::S3::Bucket", "s3"}}};

constexpr std::array<Rule, 4> kServices{{{"iam.amazonaws.com", "iam/role"},
                                         {"application-autoscaling.amazonaws.com", "autoscaling"},
                                         {"monitoring.amazonaws.com", "cloudwatch"},
                                         {"events.amazonaws.com", "events"}}};

/// "https://sqs.REGION.amazonaws.com/ACCOUNT/NAME".
std::string queue_of_url(std::string_view url) {
  return named_id("sqs", url.substr(url.rfind('/') + 1));
}

}  // namespace

std::string id_of_resource(std::string_view type, std::string_view name) {
  if (name.empty()) return {};
  if (parse_arn(name))
    return type == "AWS::Lambda::Function" ? unqualified_function(name) : std::string(name);
  if (name.starts_with("https://sqs.")) return queue_of_url(name);
  const auto* rule =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const Rule& r) { return r.first == type; });
  return named_id(rule == kTypes.end() ? type : rule->second, name);
}

std::string id_of_service_resource(std::string_view event_source, std::string_view name) {
  if (name.empty()) return {};
  if (parse_arn(name)) return unqualified_function(name);
  if (name.starts_with("https://sqs.")) return queue_of_url(name);
  const auto* rule = std::find_if(kServices.begin(), kServices.end(),
                                  [&](const Rule& r) { return r.first == event_source; });
  if (rule != kServices.end()) return named_id(rule->second, name);
  return named_id(event_source.substr(0, event_source.find('.')), name);
}

}  // namespace midwatch::clients::aws
