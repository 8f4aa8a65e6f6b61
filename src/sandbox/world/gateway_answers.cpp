#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

/// The functions behind each gateway.
std::map<std::string, std::vector<std::string>> gateways_of(const View& view) {
  std::map<std::string, std::vector<std::string>> gateways;
  for (const auto& [name, spec] : view.world.functions) {
    if (!spec.last().gateway.empty()) gateways[spec.last().gateway].push_back(name);
  }
  return gateways;
}

/// The functions behind the gateway of the input's restApiId.
Answer functions_behind(const View& view, const Json& input) {
  for (const auto& [gateway, functions] : gateways_of(view)) {
    if (gateway_id(gateway) == text_at(input, "restApiId")) return Json(functions);
  }
  return refuse("NotFoundException", "Invalid API identifier specified", 404);
}

Answer get_rest_apis(const View& view, const Json& /*input*/) {
  Json items = Json::array();
  for (const auto& [gateway, functions] : gateways_of(view))
    items.push_back({{"id", gateway_id(gateway)},
                     {"name", gateway},
                     {"createdDate", time_text(view.world.zero - std::chrono::hours(24 * 200))},
                     {"apiKeySource", "HEADER"},
                     {"endpointConfiguration", {{"types", Json::array({"REGIONAL"})}}}});
  return Json{{"items", std::move(items)}};
}

Answer get_resources(const View& view, const Json& input) {
  auto functions = functions_behind(view, input);
  if (!functions) return functions;
  constexpr int kTimeoutMilliseconds = 29000;
  Json items = Json::array();
  for (const Json& function : *functions) {
    const std::string target = arn(view.world, "lambda", "function:" + base::text(function));
    // One function takes everything; of several, each has a path of its own.
    const std::string part = functions->size() == 1 ? "{proxy+}" : base::text(function);
    Json method{{"httpMethod", "ANY"},
                {"authorizationType", "NONE"},
                {"methodIntegration",
                 {{"type", "AWS_PROXY"},
                  {"httpMethod", "POST"},
                  {"uri", fmt::format("arn:aws:apigateway:{}:lambda:path/2015-03-31/functions/{}/invocations",
                                      view.world.region, target)},
                  {"timeoutInMillis", kTimeoutMilliseconds}}}};
    items.push_back({{"id", fmt::format("a1b2c{}", items.size() + 3)},
                     {"path", "/" + part},
                     {"pathPart", part},
                     {"resourceMethods", {{"ANY", std::move(method)}}}});
  }
  return Json{{"items", std::move(items)}};
}

Answer get_stages(const View& view, const Json& input) {
  auto functions = functions_behind(view, input);
  if (!functions) return functions;
  const std::string since = time_text(view.world.zero - std::chrono::hours(24 * 40));
  return Json{
      {"item",
       Json::array({{{"deploymentId", "d4e5f6"},
                     {"stageName", "prod"},
                     {"methodSettings", {{"*/*", {{"metricsEnabled", true}, {"loggingLevel", "ERROR"}}}}},
                     {"tracingEnabled", false},
                     {"createdDate", since},
                     {"lastUpdatedDate", since}}})}};
}

Answer get_apis(const View& /*view*/, const Json& /*input*/) {
  return Json{{"Items", Json::array()}};
}

}  // namespace

std::vector<Operation> gateway_operations() {
  return {{"apigateway", "GetRestApis", get_rest_apis},
          {"apigateway", "GetResources", get_resources},
          {"apigateway", "GetStages", get_stages},
          {"apigatewayv2", "GetApis", get_apis}};
}

}  // namespace midwatch::sandbox::world
