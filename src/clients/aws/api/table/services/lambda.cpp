// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "GetFunction",
     .action = "lambda:GetFunction",
     .method = "GET",
     .path = "/2015-03-31/functions/{FunctionName}",
     .query = "Qualifier=Qualifier"},
    {.name = "GetFunctionConfiguration",
     .action = "lambda:GetFunctionConfiguration",
     .method = "GET",
     .path = "/2015-03-31/functions/{FunctionName}/configuration",
     .query = "Qualifier=Qualifier"},
    {.name = "ListFunctions",
     .action = "lambda:ListFunctions",
     .method = "GET",
     .path = "/2015-03-31/functions",
     .query = "MasterRegion=MasterRegion FunctionVersion=FunctionVersion Marker=Marker MaxItems=MaxItems",
     .paging = {"Marker", "NextMarker", "", "Functions"}},
    {.name = "ListVersionsByFunction",
     .action = "lambda:ListVersionsByFunction",
     .method = "GET",
     .path = "/2015-03-31/functions/{FunctionName}/versions",
     .query = "Marker=Marker MaxItems=MaxItems",
     .paging = {"Marker", "NextMarker", "", "Versions"}},
    {.name = "ListAliases",
     .action = "lambda:ListAliases",
     .method = "GET",
     .path = "/2015-03-31/functions/{FunctionName}/aliases",
     .query = "FunctionVersion=FunctionVersion Marker=Marker MaxItems=MaxItems",
     .paging = {"Marker", "NextMarker", "", "Aliases"}},
    {.name = "GetAlias",
     .action = "lambda:GetAlias",
     .method = "GET",
     .path = "/2015-03-31/functions/{FunctionName}/aliases/{Name}"},
    {.name = "ListEventSourceMappings",
     .action = "lambda:ListEventSourceMappings",
     .method = "GET",
     .path = "/2015-03-31/event-source-mappings",
     .query = "EventSourceArn=EventSourceArn FunctionName=FunctionName Marker=Marker MaxItems=MaxItems",
     .paging = {"Marker", "NextMarker", "", "EventSourceMappings"}},
    {.name = "GetEventSourceMapping",
     .action = "lambda:GetEventSourceMapping",
     .method = "GET",
     .path = "/2015-03-31/event-source-mappings/{UUID}"},
    {.name = "GetFunctionConcurrency",
     .action = "lambda:GetFunctionConcurrency",
     .method = "GET",
     .path = "/2019-09-30/functions/{FunctionName}/concurrency"},
    {.name = "GetFunctionEventInvokeConfig",
     .action = "lambda:GetFunctionEventInvokeConfig",
     .method = "GET",
     .path = "/2019-09-25/functions/{FunctionName}/event-invoke-config",
     .query = "Qualifier=Qualifier"},
    {.name = "ListFunctionEventInvokeConfigs",
     .action = "lambda:ListFunctionEventInvokeConfigs",
     .method = "GET",
     .path = "/2019-09-25/functions/{FunctionName}/event-invoke-config/list",
     .query = "Marker=Marker MaxItems=MaxItems",
     .paging = {"Marker", "NextMarker", "", "FunctionEventInvokeConfigs"}},
    {.name = "GetProvisionedConcurrencyConfig",
     .action = "lambda:GetProvisionedConcurrencyConfig",
     .method = "GET",
     .path = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
     .query = "Qualifier=Qualifier"},
    {.name = "GetAccountSettings",
     .action = "lambda:GetAccountSettings",
     .method = "GET",
     .path = "/2016-08-19/account-settings"},
    {.name = "GetPolicy",
     .action = "lambda:GetPolicy",
     .method = "GET",
     .path = "/2015-03-31/functions/{FunctionName}/policy",
     .query = "Qualifier=Qualifier"},
};

constexpr Field kOutputs[] = {
    {"", "AdditionalVersionWeights", "AdditionalVersionWeights", FieldKind::kMap},
    {"", "Endpoints", "Endpoints", FieldKind::kMap},
    {"", "LastModified", "LastModified", FieldKind::kTime},
    {"", "StartingPositionTimestamp", "StartingPositionTimestamp", FieldKind::kTime},
    {"", "Tags", "Tags", FieldKind::kMap},
    {"", "Variables", "Variables", FieldKind::kMap},
};

constexpr Service kService{.name = "lambda",
                           .id = "LAMBDA",
                           .protocol = Protocol::kRestJson,
                           .endpoint_prefix = "lambda",
                           .signing_name = "lambda",
                           .per_second = 15,
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& lambda() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
