#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/ec2.h"

namespace midwatch::clients::aws {
namespace {

using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

/// Fewer free addresses than this are used up by the next deployment.
constexpr double kFewAddresses = 3;

std::string ports_of(const Json& rule) {
  std::string protocol = text_at(rule, "IpProtocol");
  if (protocol == "-1") return "all traffic";
  const std::string from = text_at(rule, "FromPort");
  const std::string to = text_at(rule, "ToPort");
  if (from.empty() || from == "-1") return protocol;
  return from == to ? fmt::format("{} {}", protocol, from) : fmt::format("{} {}-{}", protocol, from, to);
}

/// One attribute for each source or target of a rule.
void add_rule(const Json& rule, const char* way, telemetry::Attributes& attributes) {
  const char* word = way == std::string_view("ingress") ? "from" : "to";
  const auto add = [&](const std::string& other) {
    const std::size_t number = attributes.with_prefix(fmt::format("{}.", way)).size();
    attributes.set(fmt::format("{}.{}", way, number), fmt::format("{} {} {}", ports_of(rule), word, other));
  };
  for (const Json& range : list_at(rule, "IpRanges")) add(text_at(range, "CidrIp"));
  for (const Json& range : list_at(rule, "Ipv6Ranges")) add(text_at(range, "CidrIpv6"));
  for (const Json& group : list_at(rule, "UserIdGroupPairs")) add(text_at(group, "GroupId"));
  for (const Json& list : list_at(rule, "PrefixListIds")) add(text_at(list, "PrefixListId"));
}

/// What a route leads to: the first of these that it names.
std::string target_of(const Json& route) {
  for (const char* member : {"NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId",
                             "NetworkInterfaceId", "EgressOnlyInternetGatewayId", "GatewayId"}) {
    std::string target = text_at(route, member);
    if (!target.empty()) return target;
  }
  return {};
}

}  // namespace

void decode_security_groups(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& group : list_at(document.body, "SecurityGroups")) {
    const std::string id = text_at(group, "GroupId");
    if (id.empty()) continue;
    auto entity = make_entity(named_id("ec2", id), "AWS::EC2::SecurityGroup",
                              "security group " + text_at(group, "GroupName"), "security_group",
                              Json::object(), document.ref);
    copy_members(group, {{"vpc", "VpcId"}, {"description", "Description"}}, entity.attributes);
    for (const Json& rule : list_at(group, "IpPermissions")) add_rule(rule, "ingress", entity.attributes);
    for (const Json& rule : list_at(group, "IpPermissionsEgress"))
      add_rule(rule, "egress", entity.attributes);
    out.entities.push_back(std::move(entity));
  }
}

void decode_security_group_rules(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& rule : list_at(document.body, "SecurityGroupRules")) {
    telemetry::Entity entity;
    entity.id = named_id("ec2", text_at(rule, "GroupId"));
    entity.type = "AWS::EC2::SecurityGroup";
    entity.ref = document.ref;
    const bool egress = text_at(rule, "IsEgress") == "true";
    std::string other = text_at(rule, "CidrIpv4");
    for (const std::string& alternative :
         {text_at(rule, "CidrIpv6"), text_at(rule, "ReferencedGroupInfo", "GroupId"),
          text_at(rule, "PrefixListId")}) {
      if (other.empty()) other = alternative;
    }
    entity.attributes.set(
        fmt::format("{}.{}", egress ? "egress" : "ingress", text_at(rule, "SecurityGroupRuleId")),
        fmt::format("{} {} {}", ports_of(rule), egress ? "to" : "from", other));
    out.entities.push_back(std::move(entity));
  }
}

void decode_subnets(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& subnet : list_at(document.body, "Subnets")) {
    const std::string id = named_id("ec2", text_at(subnet, "SubnetId"));
    auto entity = make_entity(id, "AWS::EC2::Subnet", "subnet " + text_at(subnet, "SubnetId"), "subnet",
                              Json::object(), document.ref);
    copy_members(subnet,
                 {{"vpc", "VpcId"},
                  {"zone", "AvailabilityZone"},
                  {"subnet.range", "CidrBlock"},
                  {"subnet.free_addresses", "AvailableIpAddressCount"}},
                 entity.attributes);
    out.entities.push_back(std::move(entity));
    const auto free = base::number_at(subnet, "AvailableIpAddressCount");
    if (!free || *free > kFewAddresses) continue;
    auto event = make_event(document, id, "ec2", Json());
    event.type = "subnet";
    event.reason = "InsufficientFreeAddressesInSubnet";
    event.message = fmt::format("subnet {} ({}) has {} free addresses", text_at(subnet, "SubnetId"),
                                text_at(subnet, "CidrBlock"), text_at(subnet, "AvailableIpAddressCount"));
    out.events.push_back(std::move(event));
  }
}

void decode_nat_gateways(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& gateway : list_at(document.body, "NatGateways")) {
    const std::string id = named_id("ec2", text_at(gateway, "NatGatewayId"));
    auto entity = make_entity(id, "AWS::EC2::NatGateway", text_at(gateway, "NatGatewayId"), "nat_gateway",
                              gateway, document.ref);
    copy_members(gateway, {{"platform.phase", "State"}, {"platform.message", "FailureMessage"}},
                 entity.attributes);
    copy_times(gateway, {{"platform.created", "CreateTime"}, {"platform.deleted", "DeleteTime"}},
               entity.attributes);
    out.entities.push_back(std::move(entity));
  }
}

void decode_route_tables(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& table : list_at(document.body, "RouteTables")) {
    const std::string id = named_id("ec2", text_at(table, "RouteTableId"));
    out.entities.push_back(make_entity(id, "AWS::EC2::RouteTable",
                                       "route table " + text_at(table, "RouteTableId"), "route_table", table,
                                       document.ref));
    for (const Json& association : list_at(table, "Associations"))
      relate(out, named_id("ec2", text_at(association, "SubnetId")), id, RelationKind::kRelated,
             document.ref);
    for (const Json& route : list_at(table, "Routes")) {
      const std::string gateway = text_at(route, "NatGatewayId");
      if (!gateway.empty()) relate(out, id, named_id("ec2", gateway), RelationKind::kRoutesTo, document.ref);
      if (text_at(route, "State") != "blackhole") continue;
      // A gateway that is gone is what is wrong; the table only names it.
      auto event = make_event(document, gateway.empty() ? id : named_id("ec2", gateway), "ec2", Json());
      event.type = "route";
      event.reason = "blackhole";
      event.message = fmt::format("route to {} is a blackhole: its target {} does not exist any more",
                                  text_at(route, "DestinationCidrBlock"), target_of(route));
      out.events.push_back(std::move(event));
    }
  }
}

void decode_vpc_endpoints(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& endpoint : list_at(document.body, "VpcEndpoints")) {
    auto entity = make_entity(named_id("ec2", text_at(endpoint, "VpcEndpointId")), "AWS::EC2::VPCEndpoint",
                              "endpoint of " + text_at(endpoint, "ServiceName"), "vpc_endpoint", endpoint,
                              document.ref);
    copy_members(endpoint, {{"platform.phase", "State"}}, entity.attributes);
    out.entities.push_back(std::move(entity));
  }
}

}  // namespace midwatch::clients::aws
