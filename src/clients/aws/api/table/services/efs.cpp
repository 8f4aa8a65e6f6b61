// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeFileSystems",
     .action = "elasticfilesystem:DescribeFileSystems",
     .method = "GET",
     .path = "/2015-02-01/file-systems",
     .query = "MaxItems=MaxItems Marker=Marker CreationToken=CreationToken FileSystemId=FileSystemId",
     .paging = {"Marker", "NextMarker", "", "FileSystems"}},
    {.name = "DescribeMountTargets",
     .action = "elasticfilesystem:DescribeMountTargets",
     .method = "GET",
     .path = "/2015-02-01/mount-targets",
     .query = "MaxItems=MaxItems Marker=Marker FileSystemId=FileSystemId MountTargetId=MountTargetId "
              "AccessPointId=AccessPointId",
     .paging = {"Marker", "NextMarker", "", "MountTargets"}},
    {.name = "DescribeMountTargetSecurityGroups",
     .action = "elasticfilesystem:DescribeMountTargetSecurityGroups",
     .method = "GET",
     .path = "/2015-02-01/mount-targets/{MountTargetId}/security-groups"},
};

constexpr Field kOutputs[] = {
    {"", "CreationTime", "CreationTime", FieldKind::kTime},
    {"", "Timestamp", "Timestamp", FieldKind::kTime},
};

constexpr Service kService{.name = "efs",
                           .id = "EFS",
                           .protocol = Protocol::kRestJson,
                           .endpoint_prefix = "elasticfilesystem",
                           .signing_name = "elasticfilesystem",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& efs() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
