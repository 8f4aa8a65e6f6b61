#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

/// An operation whose answer is a list of documents, or one document, chosen by the members of the input.
struct DocumentOperation {
  std::string_view service, name;
  std::string_view list;      ///< the member of the answer; empty: the document is the answer
  std::string_view by_input;  ///< the member of the input that chooses; a list or one text
  std::string_view by_document;
  std::string_view from;     ///< documents stand under this operation; empty: under its own
  std::string_view missing;  ///< the error where none is chosen; empty: an empty list
};

constexpr auto kOperations = std::to_array<DocumentOperation>({
    {"secretsmanager", "ListSecrets", "SecretList", "", "", "", ""},
    {"secretsmanager", "DescribeSecret", "", "SecretId", "ARN", "secretsmanager.ListSecrets",
     "ResourceNotFoundException"},
    {"cloudformation", "ListStacks", "StackSummaries", "", "", "cloudformation.DescribeStacks", ""},
    {"cloudformation", "DescribeStacks", "Stacks", "StackName", "StackName", "", "ValidationError"},
    {"cloudformation", "DescribeStackResources", "StackResources", "StackName", "StackName", "", ""},
    {"cloudformation", "DescribeStackEvents", "StackEvents", "StackName", "StackName", "", ""},
    {"ec2", "DescribeSecurityGroups", "SecurityGroups", "GroupIds", "GroupId", "", ""},
    {"ec2", "DescribeSecurityGroupRules", "SecurityGroupRules", "", "", "", ""},
    {"ec2", "DescribeSubnets", "Subnets", "SubnetIds", "SubnetId", "", ""},
    {"ec2", "DescribeVpcs", "Vpcs", "VpcIds", "VpcId", "", ""},
    {"ec2", "DescribeRouteTables", "RouteTables", "RouteTableIds", "RouteTableId", "", ""},
    {"ec2", "DescribeNatGateways", "NatGateways", "NatGatewayIds", "NatGatewayId", "", ""},
    {"ec2", "DescribeVpcEndpoints", "VpcEndpoints", "VpcEndpointIds", "VpcEndpointId", "", ""},
    {"ec2", "DescribeInstances", "Reservations", "", "", "", ""},
    {"ec2", "DescribeInstanceStatus", "InstanceStatuses", "InstanceIds", "InstanceId", "", ""},
    {"ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", "", "", "", ""},
    {"iam", "ListRoles", "Roles", "", "", "", ""},
    {"iam", "ListAttachedRolePolicies", "AttachedPolicies", "RoleName", "RoleName", "", ""},
    {"autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups", "", "", "", ""},
    {"autoscaling", "DescribeScalingActivities", "Activities", "", "", "", ""},
    {"application-autoscaling", "DescribeScalingActivities", "ScalingActivities", "", "", "", ""},
    {"acm", "ListCertificates", "CertificateSummaryList", "", "", "", ""},
    {"acm", "DescribeCertificate", "Certificate", "CertificateArn", "CertificateArn", "",
     "ResourceNotFoundException"},
    {"stepfunctions", "ListStateMachines", "stateMachines", "", "", "", ""},
    {"elasticache", "DescribeCacheClusters", "CacheClusters", "CacheClusterId", "CacheClusterId", "", ""},
    {"resourcegroupstaggingapi", "GetResources", "ResourceTagMappingList", "", "", "", ""},
});

/// A document is meant where one of the asked texts is its identifier, or part of an ARN that ends in it.
bool meant(const std::vector<std::string>& asked, const Json& document, std::string_view identifier) {
  if (asked.empty()) return true;
  const std::string value = text_at(document, identifier);
  return std::any_of(asked.begin(), asked.end(), [&](const std::string& one) {
    return one == value || one == text_at(document, "Name") ||
           one.find("/" + value + "/") != std::string::npos;
  });
}

/// A document's time members "+5m" were made absolute when the world was loaded; it is there from `$from` on.
Json chosen(const View& view, const DocumentOperation& operation, const Json& input) {
  std::vector<std::string> asked = wanted(input, operation.by_input);
  if (const std::string one = text_at(input, operation.by_input); !one.empty()) asked.push_back(one);
  const std::string own = fmt::format("{}.{}", operation.service, operation.name);
  Json list = Json::array();
  for (Json document :
       documents(view.world, operation.from.empty() ? std::string_view(own) : operation.from)) {
    const auto from = base::number_at(document, "$from");
    if ((from && *from > view.time) || !meant(asked, document, operation.by_document)) continue;
    document.erase("$from");
    list.push_back(std::move(document));
  }
  return list;
}

Answer answer_document(const View& view, const Json& input, const DocumentOperation& operation) {
  Json list = chosen(view, operation, input);
  if (!operation.missing.empty() && list.empty())
    return refuse(std::string(operation.missing), "The requested resource does not exist.", 404);
  if (operation.list.empty()) return list.front();
  if (operation.list == "Certificate") return Json{{"Certificate", list.front()}};
  return Json{{std::string(operation.list), std::move(list)}};
}

template <std::size_t kIndex>
Answer handle(const View& view, const Json& input) {
  return answer_document(view, input, kOperations[kIndex]);
}

template <std::size_t... kIndices>
std::vector<Operation> all(std::index_sequence<kIndices...> /*indices*/) {
  return {{kOperations[kIndices].service, kOperations[kIndices].name, handle<kIndices>}...};
}

Answer get_caller_identity(const View& view, const Json& /*input*/) {
  return Json{{"UserId", "AROAEXAMPLE:midwatch"},
              {"Account", view.world.account},
              {"Arn", fmt::format("arn:aws:sts::{}:assumed-role/Midwatch/midwatch", view.world.account)}};
}

/// The policy of a role whose permissions the world states.
Json policy_of(const RoleSpec& role) {
  return {{"Version", "2012-10-17"},
          {"Statement", Json::array({{{"Effect", "Allow"}, {"Action", role.allows}, {"Resource", "*"}}})}};
}

Answer get_role(const View& view, const Json& input) {
  const std::string name = text_at(input, "RoleName");
  for (const auto& [known, spec] : view.world.roles) {
    if (known != name) continue;
    return Json{{"Role",
                 {{"Path", "/"},
                  {"RoleName", name},
                  {"RoleId", "AROAEXAMPLE"},
                  {"Arn", fmt::format("arn:aws:iam::{}:role/{}", view.world.account, name)},
                  {"CreateDate", time_text(view.world.zero - std::chrono::hours(24 * 300))}}}};
  }
  return refuse("NoSuchEntity", fmt::format("The role with name {} cannot be found.", name), 404);
}

Answer list_role_policies(const View& view, const Json& input) {
  auto role = get_role(view, input);
  if (!role) return role;
  return Json{{"PolicyNames", Json::array({"main"})}};
}

Answer get_role_policy(const View& view, const Json& input) {
  const std::string name = text_at(input, "RoleName");
  for (const auto& [known, spec] : view.world.roles) {
    if (known == name)
      return Json{
          {"RoleName", name}, {"PolicyName", "main"}, {"PolicyDocument", policy_of(spec.at(view.time))}};
  }
  return refuse("NoSuchEntity", fmt::format("The role with name {} cannot be found.", name), 404);
}

}  // namespace

std::vector<Operation> document_operations() {
  auto operations = all(std::make_index_sequence<kOperations.size()>());
  operations.insert(operations.end(), {{"sts", "GetCallerIdentity", get_caller_identity},
                                       {"iam", "GetRole", get_role},
                                       {"iam", "ListRolePolicies", list_role_policies},
                                       {"iam", "GetRolePolicy", get_role_policy}});
  return operations;
}

}  // namespace midwatch::sandbox::world
