// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeSecret", .action = "secretsmanager:DescribeSecret"},
    {.name = "ListSecrets",
     .action = "secretsmanager:ListSecrets",
     .paging = {"NextToken", "NextToken", "", "SecretList"}},
    {.name = "ListSecretVersionIds",
     .action = "secretsmanager:ListSecretVersionIds",
     .paging = {"NextToken", "NextToken", "", "Versions"}},
};

constexpr Field kOutputs[] = {
    {"", "CreatedDate", "CreatedDate", FieldKind::kTime},
    {"", "DeletedDate", "DeletedDate", FieldKind::kTime},
    {"", "LastAccessedDate", "LastAccessedDate", FieldKind::kTime},
    {"", "LastChangedDate", "LastChangedDate", FieldKind::kTime},
    {"", "LastRotatedDate", "LastRotatedDate", FieldKind::kTime},
    {"", "NextRotationDate", "NextRotationDate", FieldKind::kTime},
    {"", "SecretVersionsToStages", "SecretVersionsToStages", FieldKind::kMap},
    {"", "VersionIdsToStages", "VersionIdsToStages", FieldKind::kMap},
};

constexpr Service kService{.name = "secretsmanager",
                           .id = "SECRETS_MANAGER",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "secretsmanager",
                           .signing_name = "secretsmanager",
                           .target_prefix = "secretsmanager",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& secretsmanager() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
