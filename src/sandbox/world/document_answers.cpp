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
    {"cloudformation", "DescribeStackResourceDrifts", "StackResourceDrifts", "StackName", "$stack", "", ""},
    {"cloudformation", "DescribeStackEvents", "StackEvents", "StackName", "StackName", "", ""},
    {"ec2", "DescribeSecurityGroups", "SecurityGroups", "GroupIds", "GroupId", "", ""},
    {"ec2", "DescribeSecurityGroupRules", "SecurityGroupRules", "", "", "", ""},
    {"ec2", "DescribeSubnets", "Subnets", "SubnetIds", "SubnetId", "", ""},
    {"ec2", "DescribeVpcs", "Vpcs", "VpcIds", "VpcId", "", ""},
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
    {"autoscaling", "DescribePolicies", "ScalingPolicies", "", "", "", ""},
    {"eks", "DescribeCluster", "cluster", "name", "name", "", "ResourceNotFoundException"},
    {"eks", "DescribeNodegroup", "nodegroup", "nodegroupName", "nodegroupName", "",
     "ResourceNotFoundException"},
    {"kms", "DescribeKey", "KeyMetadata", "KeyId", "Arn", "", "NotFoundException"},
    {"kinesis", "DescribeStreamSummary", "StreamDescriptionSummary", "StreamName", "StreamName", "",
     "ResourceNotFoundException"},
    {"events", "ListTargetsByRule", "Targets", "Rule", "$rule", "", ""},
    {"events", "DescribeRule", "", "Name", "Name", "events.ListRules", "ResourceNotFoundException"},
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

/// Without the members that only say when and for whom it is there.
Json bare(const Json& document) {
  Json out = Json::object();
  for (const auto& [member, value] : document.items()) {
    if (!member.starts_with('$')) out[member] = value;
  }
  return out;
}

/// What a world states under an operation, as far as it is there now: from `$from` on, before `$until`.
/// Time members "@+5m" were made absolute when the world was loaded.
Json present(const View& view, std::string_view operation) {
  Json list = Json::array();
  for (const Json& document : documents(view.world, operation)) {
    const auto from = base::number_at(document, "$from");
    const auto until = base::number_at(document, "$until");
    if ((!from || *from <= view.time) && (!until || view.time < *until)) list.push_back(document);
  }
  return list;
}

Json chosen(const View& view, const DocumentOperation& operation, const Json& input) {
  std::vector<std::string> asked = wanted(input, operation.by_input);
  if (const std::string one = text_at(input, operation.by_input); !one.empty()) asked.push_back(one);
  const std::string own = fmt::format("{}.{}", operation.service, operation.name);
  Json list = Json::array();
  const Json there = present(view, operation.from.empty() ? std::string_view(own) : operation.from);
  for (const Json& document : there) {
    if (meant(asked, document, operation.by_document)) list.push_back(bare(document));
  }
  return list;
}

Answer answer_document(const View& view, const Json& input, const DocumentOperation& operation) {
  Json list = chosen(view, operation, input);
  if (!operation.missing.empty() && list.empty())
    return refuse(std::string(operation.missing), "The requested resource does not exist.", 404);
  if (operation.list.empty()) return list.front();
  // An operation that describes one thing gives it in a member, not in a list.
  if (!operation.missing.empty() && operation.list != "Stacks")
    return Json{{std::string(operation.list), list.front()}};
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

/// Those that one of the values of a filter fits, or all where nothing is filtered.
bool passes(const Json& table, const Json& filters) {
  return std::all_of(filters.begin(), filters.end(), [&](const Json& filter) {
    if (text_at(filter, "Name") != "association.subnet-id") return true;
    const auto subnets = wanted(filter, "Values");
    const Json& associations = base::list_at(table, "Associations");
    return std::any_of(associations.begin(), associations.end(), [&](const Json& association) {
      return holds(subnets, text_at(association, "SubnetId"));
    });
  });
}

Answer describe_route_tables(const View& view, const Json& input) {
  const auto asked = wanted(input, "RouteTableIds");
  Json tables = Json::array();
  const Json there = present(view, "ec2.DescribeRouteTables");
  for (const Json& table : there) {
    const bool named = asked.empty() || holds(asked, text_at(table, "RouteTableId"));
    if (named && passes(table, base::list_at(input, "Filters"))) tables.push_back(bare(table));
  }
  return Json{{"RouteTables", std::move(tables)}};
}

Answer list_rules(const View& view, const Json& input) {
  Json rules = Json::array();
  const Json there = present(view, "events.ListRules");
  for (const Json& rule : there) {
    if (text_at(rule, "Name").starts_with(text_at(input, "NamePrefix"))) rules.push_back(bare(rule));
  }
  return Json{{"Rules", std::move(rules)}};
}

Answer list_rule_names_by_target(const View& view, const Json& input) {
  Json names = Json::array();
  const Json there = present(view, "events.ListTargetsByRule");
  for (const Json& target : there) {
    if (text_at(target, "Arn") == text_at(input, "TargetArn")) names.push_back(text_at(target, "$rule"));
  }
  return Json{{"RuleNames", std::move(names)}};
}

Answer list_node_groups(const View& view, const Json& input) {
  Json names = Json::array();
  const Json there = present(view, "eks.DescribeNodegroup");
  for (const Json& group : there) {
    if (text_at(group, "clusterName") == text_at(input, "clusterName"))
      names.push_back(text_at(group, "nodegroupName"));
  }
  return Json{{"nodegroups", std::move(names)}};
}

/// The resources of a stack, which is named itself or by one of them.
Answer describe_stack_resources(const View& view, const Json& input) {
  const std::string physical = text_at(input, "PhysicalResourceId");
  std::string stack = text_at(input, "StackName");
  const Json there = present(view, "cloudformation.DescribeStackResources");
  for (const Json& resource : there) {
    if (stack.empty() && text_at(resource, "PhysicalResourceId") == physical)
      stack = text_at(resource, "StackName");
  }
  Json resources = Json::array();
  for (const Json& resource : there) {
    if (meant({stack}, resource, "StackName")) resources.push_back(bare(resource));
  }
  if (resources.empty())
    return refuse("ValidationError",
                  fmt::format("Stack for {} does not exist", stack.empty() ? physical : stack));
  return Json{{"StackResources", std::move(resources)}};
}

Answer list_stack_resources(const View& view, const Json& input) {
  auto described = describe_stack_resources(view, input);
  if (!described) return described;
  return Json{{"StackResourceSummaries", std::move((*described)["StackResources"])}};
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
                                       {"ec2", "DescribeRouteTables", describe_route_tables},
                                       {"events", "ListRules", list_rules},
                                       {"events", "ListRuleNamesByTarget", list_rule_names_by_target},
                                       {"eks", "ListNodegroups", list_node_groups},
                                       {"cloudformation", "DescribeStackResources", describe_stack_resources},
                                       {"cloudformation", "ListStackResources", list_stack_resources},
                                       {"iam", "GetRole", get_role},
                                       {"iam", "ListRolePolicies", list_role_policies},
                                       {"iam", "GetRolePolicy", get_role_policy}});
  return operations;
}

}  // namespace midwatch::sandbox::world
