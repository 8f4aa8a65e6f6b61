// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListTopics", .action = "sns:ListTopics", .paging = {"NextToken", "NextToken", "", "Topics"}},
    {.name = "GetTopicAttributes", .action = "sns:GetTopicAttributes"},
    {.name = "ListSubscriptions",
     .action = "sns:ListSubscriptions",
     .paging = {"NextToken", "NextToken", "", "Subscriptions"}},
    {.name = "ListSubscriptionsByTopic",
     .action = "sns:ListSubscriptionsByTopic",
     .paging = {"NextToken", "NextToken", "", "Subscriptions"}},
    {.name = "GetSubscriptionAttributes", .action = "sns:GetSubscriptionAttributes"},
};

constexpr Field kOutputs[] = {
    {"", "Attributes", "Attributes", FieldKind::kMap},
    {"", "Subscriptions", "Subscriptions", FieldKind::kList},
    {"", "Topics", "Topics", FieldKind::kList},
};

constexpr Service kService{.name = "sns",
                           .id = "SNS",
                           .protocol = Protocol::kQuery,
                           .endpoint_prefix = "sns",
                           .signing_name = "sns",
                           .version = "2010-03-31",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& sns() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
