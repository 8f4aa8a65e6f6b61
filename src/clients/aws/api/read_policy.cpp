#include "src/clients/aws/api/read_policy.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/clients/aws/api/table/operation_table.h"

namespace midwatch::clients::aws::api {
namespace {

using base::Json;
using Actions = std::set<std::string_view>;

constexpr std::size_t kShownBytes = 80;

/// They read what applications wrote, so they can be limited to log groups.
constexpr std::string_view kLogTextActions[] = {"logs:FilterLogEvents", "logs:GetLogEvents",
                                                "logs:StartQuery"};
/// Its resources have paths, not names.
constexpr std::string_view kApiGatewayAction = "apigateway:GET";
/// Everybody may ask who they are.
constexpr std::string_view kAlwaysAllowed = "sts:GetCallerIdentity";

bool is_log_text(std::string_view action) {
  return std::find(std::begin(kLogTextActions), std::end(kLogTextActions), action) !=
         std::end(kLogTextActions);
}

base::Result<Actions> actions_of(const std::vector<std::string>& names) {
  Actions actions;
  const auto add = [&actions](const Service& service) {
    for (const Operation& operation : service.operations)
      if (operation.action != kAlwaysAllowed) actions.insert(operation.action);
  };
  for (const auto& name : names) {
    const Service* service = find_service(name);
    if (service == nullptr) {
      return base::user_error(
          base::ErrorCode::kInvalidArgument,
          fmt::format("Midwatch asks no AWS service of this name: {}", base::printable(name, kShownBytes)));
    }
    add(*service);
  }
  if (names.empty())
    for (const auto& getter : service_getters()) add(getter());
  return actions;
}

Json statement(const char* id, Json actions, Json resource) {
  return {
      {"Sid", id}, {"Effect", "Allow"}, {"Action", std::move(actions)}, {"Resource", std::move(resource)}};
}

}  // namespace

base::Result<Json> read_policy(const PolicyOptions& options) {
  for (const auto& group : options.log_groups) {
    if (!group.starts_with("arn:")) {
      return base::user_error(base::ErrorCode::kInvalidArgument,
                              fmt::format("a log group is named by its ARN, "
                                          "arn:aws:logs:REGION:ACCOUNT:log-group:NAME; this is none: {}",
                                          base::printable(group, kShownBytes)));
    }
  }
  MIDWATCH_TRY(const Actions actions, actions_of(options.services));
  Json anywhere = Json::array();
  Json log_text = Json::array();
  for (const auto action : actions) {
    if (action == kApiGatewayAction) continue;
    (is_log_text(action) ? log_text : anywhere).push_back(action);
  }
  Json statements = Json::array();
  if (!anywhere.empty()) statements.push_back(statement("Read", std::move(anywhere), "*"));
  if (!log_text.empty()) {
    statements.push_back(statement("LogText", std::move(log_text),
                                   options.log_groups.empty() ? Json("*") : Json(options.log_groups)));
  }
  if (actions.contains(kApiGatewayAction)) {
    statements.push_back(statement("ApiGateway", kApiGatewayAction,
                                   {"arn:*:apigateway:*::/restapis*", "arn:*:apigateway:*::/apis*",
                                    "arn:*:apigateway:*::/account", "arn:*:apigateway:*::/domainnames*",
                                    "arn:*:apigateway:*::/usageplans", "arn:*:apigateway:*::/vpclinks*"}));
  }
  statements.push_back({{"Sid", "NeverSecrets"},
                        {"Effect", "Deny"},
                        {"Action",
                         {"secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue",
                          "ssm:GetParameter*", "kms:Decrypt", "sqs:ReceiveMessage"}},
                        {"Resource", "*"}});
  return Json{{"Version", "2012-10-17"}, {"Statement", std::move(statements)}};
}

}  // namespace midwatch::clients::aws::api
