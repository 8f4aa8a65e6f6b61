// Answers and error bodies of a service, hostile: the first byte chooses the operation, the rest is the body.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

#include "src/clients/aws/api/answer_decoder.h"
#include "src/clients/aws/api/service_error.h"
#include "src/clients/aws/api/table/operation_table.h"

namespace {

using namespace midwatch::clients::aws::api;

constexpr std::pair<const char*, const char*> kOperations[] = {
    {"ec2", "DescribeInstances"},
    {"rds", "DescribeDBInstances"},
    {"iam", "GetRolePolicy"},
    {"sns", "GetTopicAttributes"},
    {"cloudwatch", "GetMetricData"},
    {"lambda", "GetFunctionConfiguration"},
    {"apigatewayv2", "GetApis"},
    {"cloudformation", "DescribeStacks"},
    {"autoscaling", "DescribeInstanceRefreshes"},
    {"route53", "ListResourceRecordSets"},
    {"s3api", "GetBucketNotificationConfiguration"},
    {"s3api", "GetBucketLocation"},
    {"s3api", "GetBucketPolicy"},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto& [service_name, operation_name] = kOperations[data[0] % std::size(kOperations)];
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Service& service = *find_service(service_name);
  const Operation& operation = *find_operation(service, operation_name);
  const auto answer = decode_answer(service, operation, body);
  if (answer && !answer->is_object()) std::abort();
  const auto error = read_service_error({.status = 400, .headers = {}, .body = std::string(body)}, {});
  if (error.message.size() > 4096 || error.code.size() > 4096) std::abort();
  if (to_error(error, service, operation).message.empty()) std::abort();
  return 0;
}
