// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "GetCallerIdentity", .action = "sts:GetCallerIdentity"},
};

constexpr Service kService{.name = "sts",
                           .id = "STS",
                           .protocol = Protocol::kQuery,
                           .endpoint_prefix = "sts",
                           .signing_name = "sts",
                           .version = "2011-06-15",
                           .operations = kOperations};

}  // namespace

const Service& sts() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
