// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeKey", .action = "kms:DescribeKey"},
    {.name = "ListAliases",
     .action = "kms:ListAliases",
     .paging = {"Marker", "NextMarker", "Truncated", "Aliases"}},
};

constexpr Field kOutputs[] = {
    {"", "CreationDate", "CreationDate", FieldKind::kTime},
    {"", "DeletionDate", "DeletionDate", FieldKind::kTime},
    {"", "LastUpdatedDate", "LastUpdatedDate", FieldKind::kTime},
    {"", "ValidTo", "ValidTo", FieldKind::kTime},
};

constexpr Service kService{.name = "kms",
                           .id = "KMS",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "kms",
                           .signing_name = "kms",
                           .target_prefix = "TrentService",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& kms() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
