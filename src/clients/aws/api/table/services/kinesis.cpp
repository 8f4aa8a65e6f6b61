// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeStreamSummary", .action = "kinesis:DescribeStreamSummary"},
    {.name = "ListStreams",
     .action = "kinesis:ListStreams",
     .paging = {"NextToken", "NextToken", "", "StreamNames StreamSummaries"}},
    {.name = "ListShards",
     .action = "kinesis:ListShards",
     .paging = {"NextToken", "NextToken", "", "Shards"}},
    {.name = "ListStreamConsumers",
     .action = "kinesis:ListStreamConsumers",
     .paging = {"NextToken", "NextToken", "", "Consumers"}},
    {.name = "DescribeStreamConsumer", .action = "kinesis:DescribeStreamConsumer"},
    {.name = "DescribeLimits", .action = "kinesis:DescribeLimits"},
};

constexpr Field kInputs[] = {
    {"", "StreamCreationTimestamp", "StreamCreationTimestamp", FieldKind::kTime},
    {"", "Timestamp", "Timestamp", FieldKind::kTime},
};

constexpr Field kOutputs[] = {
    {"", "ConsumerCreationTimestamp", "ConsumerCreationTimestamp", FieldKind::kTime},
    {"", "StreamCreationTimestamp", "StreamCreationTimestamp", FieldKind::kTime},
};

constexpr Service kService{.name = "kinesis",
                           .id = "KINESIS",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "kinesis",
                           .signing_name = "kinesis",
                           .target_prefix = "Kinesis_20131202",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& kinesis() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
