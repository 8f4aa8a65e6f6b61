// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeParameters",
     .action = "ssm:DescribeParameters",
     .paging = {"NextToken", "NextToken", "", "Parameters"}},
    {.name = "DescribeInstanceInformation",
     .action = "ssm:DescribeInstanceInformation",
     .paging = {"NextToken", "NextToken", "", "InstanceInformationList"}},
};

constexpr Field kOutputs[] = {
    {"", "InstanceAssociationStatusAggregatedCount", "InstanceAssociationStatusAggregatedCount",
     FieldKind::kMap},
    {"", "LastAssociationExecutionDate", "LastAssociationExecutionDate", FieldKind::kTime},
    {"", "LastModifiedDate", "LastModifiedDate", FieldKind::kTime},
    {"", "LastPingDateTime", "LastPingDateTime", FieldKind::kTime},
    {"", "LastSuccessfulAssociationExecutionDate", "LastSuccessfulAssociationExecutionDate",
     FieldKind::kTime},
    {"", "RegistrationDate", "RegistrationDate", FieldKind::kTime},
};

constexpr Service kService{.name = "ssm",
                           .id = "SSM",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "ssm",
                           .signing_name = "ssm",
                           .target_prefix = "AmazonSSM",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& ssm() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
