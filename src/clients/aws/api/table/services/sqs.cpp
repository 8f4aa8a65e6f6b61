// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListQueues", .action = "sqs:ListQueues", .paging = {"NextToken", "NextToken", "", "QueueUrls"}},
    {.name = "GetQueueUrl", .action = "sqs:GetQueueUrl"},
    {.name = "GetQueueAttributes", .action = "sqs:GetQueueAttributes"},
    {.name = "ListDeadLetterSourceQueues",
     .action = "sqs:ListDeadLetterSourceQueues",
     .paging = {"NextToken", "NextToken", "", "queueUrls"}},
    {.name = "ListMessageMoveTasks", .action = "sqs:ListMessageMoveTasks"},
    {.name = "ListQueueTags", .action = "sqs:ListQueueTags"},
};

constexpr Field kOutputs[] = {
    {"", "Attributes", "Attributes", FieldKind::kMap},
    {"", "Tags", "Tags", FieldKind::kMap},
};

constexpr Service kService{.name = "sqs",
                           .id = "SQS",
                           .protocol = Protocol::kJson10,
                           .endpoint_prefix = "sqs",
                           .signing_name = "sqs",
                           .target_prefix = "AmazonSQS",
                           .query_compatible = true,
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& sqs() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
