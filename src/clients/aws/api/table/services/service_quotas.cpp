// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListServices",
     .action = "servicequotas:ListServices",
     .paging = {"NextToken", "NextToken", "", "Services"}},
    {.name = "ListServiceQuotas",
     .action = "servicequotas:ListServiceQuotas",
     .paging = {"NextToken", "NextToken", "", "Quotas"}},
    {.name = "GetServiceQuota", .action = "servicequotas:GetServiceQuota"},
    {.name = "ListAWSDefaultServiceQuotas",
     .action = "servicequotas:ListAWSDefaultServiceQuotas",
     .paging = {"NextToken", "NextToken", "", "Quotas"}},
    {.name = "GetAWSDefaultServiceQuota", .action = "servicequotas:GetAWSDefaultServiceQuota"},
};

constexpr Field kOutputs[] = {
    {"", "MetricDimensions", "MetricDimensions", FieldKind::kMap},
};

constexpr Service kService{.name = "service-quotas",
                           .id = "SERVICE_QUOTAS",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "servicequotas",
                           .signing_name = "servicequotas",
                           .target_prefix = "ServiceQuotasV20190624",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& service_quotas() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
