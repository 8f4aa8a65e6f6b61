// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeTable", .action = "dynamodb:DescribeTable"},
    {.name = "ListTables",
     .action = "dynamodb:ListTables",
     .paging = {"ExclusiveStartTableName", "LastEvaluatedTableName", "", "TableNames"}},
    {.name = "DescribeTimeToLive", .action = "dynamodb:DescribeTimeToLive"},
    {.name = "DescribeContinuousBackups", .action = "dynamodb:DescribeContinuousBackups"},
    {.name = "DescribeLimits", .action = "dynamodb:DescribeLimits"},
};

constexpr Field kOutputs[] = {
    {"", "ArchivalDateTime", "ArchivalDateTime", FieldKind::kTime},
    {"", "CreationDateTime", "CreationDateTime", FieldKind::kTime},
    {"", "EarliestRestorableDateTime", "EarliestRestorableDateTime", FieldKind::kTime},
    {"", "InaccessibleEncryptionDateTime", "InaccessibleEncryptionDateTime", FieldKind::kTime},
    {"", "LastDecreaseDateTime", "LastDecreaseDateTime", FieldKind::kTime},
    {"", "LastIncreaseDateTime", "LastIncreaseDateTime", FieldKind::kTime},
    {"", "LastUpdateDateTime", "LastUpdateDateTime", FieldKind::kTime},
    {"", "LastUpdateToPayPerRequestDateTime", "LastUpdateToPayPerRequestDateTime", FieldKind::kTime},
    {"", "LatestRestorableDateTime", "LatestRestorableDateTime", FieldKind::kTime},
    {"", "ReplicaInaccessibleDateTime", "ReplicaInaccessibleDateTime", FieldKind::kTime},
    {"", "RestoreDateTime", "RestoreDateTime", FieldKind::kTime},
};

constexpr Service kService{.name = "dynamodb",
                           .id = "DYNAMODB",
                           .protocol = Protocol::kJson10,
                           .endpoint_prefix = "dynamodb",
                           .signing_name = "dynamodb",
                           .target_prefix = "DynamoDB_20120810",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& dynamodb() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
