#pragma once

#include "src/clients/aws/api/table/operation.h"

// Written by tools/aws_table; change it there.

namespace midwatch::clients::aws::api::services {

const Service& acm();
const Service& apigateway();
const Service& apigatewayv2();
const Service& application_autoscaling();
const Service& autoscaling();
const Service& cloudformation();
const Service& cloudtrail();
const Service& cloudwatch();
const Service& codedeploy();
const Service& codepipeline();
const Service& config();
const Service& dynamodb();
const Service& ec2();
const Service& ecr();
const Service& ecs();
const Service& efs();
const Service& eks();
const Service& elasticache();
const Service& elbv2();
const Service& events();
const Service& health();
const Service& iam();
const Service& kinesis();
const Service& kms();
const Service& lambda();
const Service& logs();
const Service& pi();
const Service& rds();
const Service& resourcegroupstaggingapi();
const Service& route53();
const Service& s3();
const Service& secretsmanager();
const Service& service_quotas();
const Service& sns();
const Service& sqs();
const Service& ssm();
const Service& stepfunctions();
const Service& sts();
const Service& xray();

}  // namespace midwatch::clients::aws::api::services
