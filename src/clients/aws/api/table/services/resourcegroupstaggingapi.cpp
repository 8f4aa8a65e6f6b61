// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "GetResources",
     .action = "tagging:GetResources",
     .paging = {"PaginationToken", "PaginationToken", "", "ResourceTagMappingList"}},
    {.name = "GetTagKeys",
     .action = "tagging:GetTagKeys",
     .paging = {"PaginationToken", "PaginationToken", "", "TagKeys"}},
    {.name = "GetTagValues",
     .action = "tagging:GetTagValues",
     .paging = {"PaginationToken", "PaginationToken", "", "TagValues"}},
};

constexpr Service kService{.name = "resourcegroupstaggingapi",
                           .id = "RESOURCE_GROUPS_TAGGING_API",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "tagging",
                           .signing_name = "tagging",
                           .target_prefix = "ResourceGroupsTaggingAPI_20170126",
                           .operations = kOperations};

}  // namespace

const Service& resourcegroupstaggingapi() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
