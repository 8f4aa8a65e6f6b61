// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListClusters",
     .action = "eks:ListClusters",
     .method = "GET",
     .path = "/clusters",
     .query = "maxResults=maxResults nextToken=nextToken include=include",
     .paging = {"nextToken", "nextToken", "", "clusters"}},
    {.name = "DescribeCluster", .action = "eks:DescribeCluster", .method = "GET", .path = "/clusters/{name}"},
    {.name = "ListNodegroups",
     .action = "eks:ListNodegroups",
     .method = "GET",
     .path = "/clusters/{clusterName}/node-groups",
     .query = "maxResults=maxResults nextToken=nextToken",
     .paging = {"nextToken", "nextToken", "", "nodegroups"}},
    {.name = "DescribeNodegroup",
     .action = "eks:DescribeNodegroup",
     .method = "GET",
     .path = "/clusters/{clusterName}/node-groups/{nodegroupName}"},
    {.name = "ListUpdates",
     .action = "eks:ListUpdates",
     .method = "GET",
     .path = "/clusters/{name}/updates",
     .query = "nodegroupName=nodegroupName addonName=addonName capabilityName=capabilityName "
              "nextToken=nextToken maxResults=maxResults",
     .paging = {"nextToken", "nextToken", "", "updateIds"}},
    {.name = "DescribeUpdate",
     .action = "eks:DescribeUpdate",
     .method = "GET",
     .path = "/clusters/{name}/updates/{updateId}",
     .query = "nodegroupName=nodegroupName addonName=addonName capabilityName=capabilityName"},
    {.name = "ListAddons",
     .action = "eks:ListAddons",
     .method = "GET",
     .path = "/clusters/{clusterName}/addons",
     .query = "maxResults=maxResults nextToken=nextToken",
     .paging = {"nextToken", "nextToken", "", "addons"}},
    {.name = "DescribeAddon",
     .action = "eks:DescribeAddon",
     .method = "GET",
     .path = "/clusters/{clusterName}/addons/{addonName}"},
    {.name = "ListFargateProfiles",
     .action = "eks:ListFargateProfiles",
     .method = "GET",
     .path = "/clusters/{clusterName}/fargate-profiles",
     .query = "maxResults=maxResults nextToken=nextToken",
     .paging = {"nextToken", "nextToken", "", "fargateProfileNames"}},
    {.name = "DescribeFargateProfile",
     .action = "eks:DescribeFargateProfile",
     .method = "GET",
     .path = "/clusters/{clusterName}/fargate-profiles/{fargateProfileName}"},
};

constexpr Field kOutputs[] = {
    {"", "activationExpiry", "activationExpiry", FieldKind::kTime},
    {"", "createdAt", "createdAt", FieldKind::kTime},
    {"", "labels", "labels", FieldKind::kMap},
    {"", "modifiedAt", "modifiedAt", FieldKind::kTime},
    {"", "tags", "tags", FieldKind::kMap},
};

constexpr Service kService{.name = "eks",
                           .id = "EKS",
                           .protocol = Protocol::kRestJson,
                           .endpoint_prefix = "eks",
                           .signing_name = "eks",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& eks() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
