// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "GetApis",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/apis",
     .query = "maxResults=MaxResults nextToken=NextToken",
     .paging = {"NextToken", "NextToken", "", "Items"}},
    {.name = "GetApi", .action = "apigateway:GET", .method = "GET", .path = "/v2/apis/{ApiId}"},
    {.name = "GetStages",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/apis/{ApiId}/stages",
     .query = "maxResults=MaxResults nextToken=NextToken",
     .paging = {"NextToken", "NextToken", "", "Items"}},
    {.name = "GetStage",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/apis/{ApiId}/stages/{StageName}"},
    {.name = "GetDeployments",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/apis/{ApiId}/deployments",
     .query = "maxResults=MaxResults nextToken=NextToken",
     .paging = {"NextToken", "NextToken", "", "Items"}},
    {.name = "GetDeployment",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/apis/{ApiId}/deployments/{DeploymentId}"},
    {.name = "GetRoutes",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/apis/{ApiId}/routes",
     .query = "maxResults=MaxResults nextToken=NextToken",
     .paging = {"NextToken", "NextToken", "", "Items"}},
    {.name = "GetIntegrations",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/apis/{ApiId}/integrations",
     .query = "maxResults=MaxResults nextToken=NextToken",
     .paging = {"NextToken", "NextToken", "", "Items"}},
    {.name = "GetIntegration",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/apis/{ApiId}/integrations/{IntegrationId}"},
    {.name = "GetAuthorizers",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/apis/{ApiId}/authorizers",
     .query = "maxResults=MaxResults nextToken=NextToken",
     .paging = {"NextToken", "NextToken", "", "Items"}},
    {.name = "GetVpcLinks",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/vpclinks",
     .query = "maxResults=MaxResults nextToken=NextToken",
     .paging = {"NextToken", "NextToken", "", "Items"}},
    {.name = "GetDomainNames",
     .action = "apigateway:GET",
     .method = "GET",
     .path = "/v2/domainnames",
     .query = "maxResults=MaxResults nextToken=NextToken",
     .paging = {"NextToken", "NextToken", "", "Items"}},
};

constexpr Field kOutputs[] = {
    {"", "requestModels", "RequestModels", FieldKind::kMap},
    {"", "requestParameters", "RequestParameters", FieldKind::kMap},
    {"", "requestTemplates", "RequestTemplates", FieldKind::kMap},
    {"", "responseParameters", "ResponseParameters", FieldKind::kMaps},
    {"", "routeSettings", "RouteSettings", FieldKind::kMap},
    {"", "stageVariables", "StageVariables", FieldKind::kMap},
    {"", "tags", "Tags", FieldKind::kMap},
};

constexpr Service kService{.name = "apigatewayv2",
                           .id = "APIGATEWAYV2",
                           .protocol = Protocol::kRestJson,
                           .endpoint_prefix = "apigateway",
                           .signing_name = "apigateway",
                           .capitalised = true,
                           .per_second = 10,
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& apigatewayv2() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
