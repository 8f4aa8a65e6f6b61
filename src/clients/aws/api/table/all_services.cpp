// Written by tools/aws_table; change it there.
#include "src/clients/aws/api/table/operation_table.h"
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api {

std::span<const ServiceGetter> service_getters() {
  static constexpr ServiceGetter kGetters[] = {
      services::acm,
      services::apigateway,
      services::apigatewayv2,
      services::application_autoscaling,
      services::autoscaling,
      services::cloudformation,
      services::cloudtrail,
      services::cloudwatch,
      services::codedeploy,
      services::codepipeline,
      services::config,
      services::dynamodb,
      services::ec2,
      services::ecr,
      services::ecs,
      services::efs,
      services::eks,
      services::elasticache,
      services::elbv2,
      services::events,
      services::health,
      services::iam,
      services::kinesis,
      services::kms,
      services::lambda,
      services::logs,
      services::pi,
      services::rds,
      services::resourcegroupstaggingapi,
      services::route53,
      services::s3,
      services::secretsmanager,
      services::service_quotas,
      services::sns,
      services::sqs,
      services::ssm,
      services::stepfunctions,
      services::sts,
      services::xray,
  };
  return kGetters;
}

}  // namespace midwatch::clients::aws::api
