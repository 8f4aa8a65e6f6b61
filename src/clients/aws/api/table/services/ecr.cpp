// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeImages",
     .action = "ecr:DescribeImages",
     .paging = {"nextToken", "nextToken", "", "imageDetails"}},
    {.name = "DescribeRepositories",
     .action = "ecr:DescribeRepositories",
     .paging = {"nextToken", "nextToken", "", "repositories"}},
    {.name = "ListImages", .action = "ecr:ListImages", .paging = {"nextToken", "nextToken", "", "imageIds"}},
    {.name = "DescribeImageScanFindings",
     .action = "ecr:DescribeImageScanFindings",
     .paging = {"nextToken", "nextToken", "",
                "imageScanFindings.findings imageScanFindings.enhancedFindings"}},
};

constexpr Field kOutputs[] = {
    {"", "createdAt", "createdAt", FieldKind::kTime},
    {"", "findingSeverityCounts", "findingSeverityCounts", FieldKind::kMap},
    {"", "firstObservedAt", "firstObservedAt", FieldKind::kTime},
    {"", "imagePushedAt", "imagePushedAt", FieldKind::kTime},
    {"", "imageScanCompletedAt", "imageScanCompletedAt", FieldKind::kTime},
    {"", "lastActivatedAt", "lastActivatedAt", FieldKind::kTime},
    {"", "lastArchivedAt", "lastArchivedAt", FieldKind::kTime},
    {"", "lastInUseAt", "lastInUseAt", FieldKind::kTime},
    {"", "lastObservedAt", "lastObservedAt", FieldKind::kTime},
    {"", "lastRecordedPullTime", "lastRecordedPullTime", FieldKind::kTime},
    {"", "pushedAt", "pushedAt", FieldKind::kTime},
    {"", "tags", "tags", FieldKind::kMap},
    {"", "updatedAt", "updatedAt", FieldKind::kTime},
    {"", "vendorCreatedAt", "vendorCreatedAt", FieldKind::kTime},
    {"", "vendorUpdatedAt", "vendorUpdatedAt", FieldKind::kTime},
    {"", "vulnerabilitySourceUpdatedAt", "vulnerabilitySourceUpdatedAt", FieldKind::kTime},
};

constexpr Service kService{.name = "ecr",
                           .id = "ECR",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "api.ecr",
                           .signing_name = "ecr",
                           .target_prefix = "AmazonEC2ContainerRegistry_V20150921",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& ecr() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
