#include <gtest/gtest.h>

#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

using telemetry::RelationKind;

TEST(ElasticLoadBalancing, BalancersGroupsAndTheirTargets) {
  auto batch = decode_text(
      R"({"LoadBalancers":[{"LoadBalancerArn":"arn:aws:elasticloadbalancing:r:1:loadbalancer/app/front/50dc","LoadBalancerName":"front","State":{"Code":"active"},"SecurityGroups":["sg-2"]}]})");
  const std::string balancer = "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/front/50dc";
  EXPECT_TRUE(has_alias(batch, "elasticloadbalancing/app/front/50dc", balancer));
  batch = decode_text(
      R"({"TargetGroups":[{"TargetGroupArn":"arn:aws:elasticloadbalancing:r:1:targetgroup/api/73e2","TargetGroupName":"api","HealthCheckPath":"/","Matcher":{"HttpCode":"200-499"},"LoadBalancerArns":["arn:aws:elasticloadbalancing:r:1:loadbalancer/app/front/50dc"]}]})");
  const std::string group = "arn:aws:elasticloadbalancing:r:1:targetgroup/api/73e2";
  EXPECT_EQ(entity_in(batch, group).attributes.get("health_check.codes"), "200-499");
  EXPECT_TRUE(has_relation(batch, balancer, group, RelationKind::kRoutesTo));
  batch = decode_text(
      "# aws elbv2 describe-target-health --target-group-arn " + group + "\n" +
      R"({"TargetHealthDescriptions":[{"Target":{"Id":"10.0.0.1","Port":8080},"TargetHealth":{"State":"healthy"}},{"Target":{"Id":"10.0.0.2","Port":8080},"TargetHealth":{"State":"unhealthy","Reason":"Target.Timeout","Description":"Request timed out"}},{"Target":{"Id":"10.0.0.3","Port":8080},"TargetHealth":{"State":"draining"}}]})");
  EXPECT_EQ(entity_in(batch, group).attributes.get("replicas.desired"), "2");
  EXPECT_EQ(entity_in(batch, group).attributes.get("replicas.ready"), "1");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].reason, "Target.Timeout");
  EXPECT_EQ(base::format_rfc3339(batch.events[0].time), "2026-02-03T04:05:06Z");
}

TEST(ElasticLoadBalancing, ListenersAndRulesRoute) {
  auto batch = decode_text(
      R"({"Listeners":[{"ListenerArn":"l","LoadBalancerArn":"b","Certificates":[{"CertificateArn":"c"}],"DefaultActions":[{"Type":"forward","TargetGroupArn":"g"}]}]})");
  EXPECT_TRUE(has_relation(batch, "b", "g", RelationKind::kRoutesTo));
  EXPECT_TRUE(has_relation(batch, "b", "c", RelationKind::kReadsSecret));
  batch = decode_text(
      R"({"Rules":[{"RuleArn":"arn:aws:elasticloadbalancing:r:1:listener-rule/app/front/50dc/aaaa/bbbb","Actions":[{"ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"g2"}]}}]}]})");
  EXPECT_TRUE(has_relation(batch, "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/front/50dc", "g2",
                           RelationKind::kRoutesTo));
}

TEST(Ec2, SecurityGroupsInWords) {
  auto batch = decode_text(
      R"({"SecurityGroups":[{"GroupId":"sg-1","GroupName":"db","IpPermissions":[{"IpProtocol":"tcp","FromPort":5432,"ToPort":5432,"UserIdGroupPairs":[{"GroupId":"sg-2"}],"IpRanges":[{"CidrIp":"10.0.0.0/8"}]}],"IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}]})");
  const auto group = entity_in(batch, "ec2/sg-1");
  EXPECT_EQ(group.attributes.get("ingress.0"), "tcp 5432 from 10.0.0.0/8");
  EXPECT_EQ(group.attributes.get("ingress.1"), "tcp 5432 from sg-2");
  EXPECT_EQ(group.attributes.get("egress.0"), "all traffic to 0.0.0.0/0");
  batch = decode_text(
      R"({"SecurityGroupRules":[{"SecurityGroupRuleId":"sgr-1","GroupId":"sg-1","IsEgress":false,"IpProtocol":"tcp","FromPort":443,"ToPort":8443,"CidrIpv4":"10.0.0.0/8"}]})");
  EXPECT_EQ(entity_in(batch, "ec2/sg-1").attributes.get("ingress.sgr-1"), "tcp 443-8443 from 10.0.0.0/8");
}

TEST(Ec2, WhatIsWrongWithANetworkIsAnEvent) {
  auto batch = decode_text(
      R"({"Subnets":[{"SubnetId":"subnet-1","CidrBlock":"10.0.1.0/28","AvailableIpAddressCount":0},{"SubnetId":"subnet-2","CidrBlock":"10.0.2.0/24","AvailableIpAddressCount":200}]})");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].entity, "ec2/subnet-1");
  batch = decode_text(
      R"({"RouteTables":[{"RouteTableId":"rtb-1","Associations":[{"SubnetId":"subnet-1"}],"Routes":[{"DestinationCidrBlock":"0.0.0.0/0","NatGatewayId":"nat-1","State":"blackhole"}]}]})");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].entity, "ec2/nat-1") << "the gateway that is gone, not the table that names it";
  EXPECT_TRUE(has_relation(batch, "ec2/rtb-1", "ec2/nat-1", RelationKind::kRoutesTo));
  batch = decode_text(
      R"({"RouteTables":[{"RouteTableId":"rtb-1","Associations":[],"Routes":[{"DestinationCidrBlock":"10.9.0.0/16","VpcPeeringConnectionId":"pcx-1","State":"blackhole"}]}]})");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].entity, "ec2/rtb-1");
  EXPECT_NE(batch.events[0].message.find("its target pcx-1"), std::string::npos);
  batch = decode_text(
      R"({"NatGateways":[{"NatGatewayId":"nat-1","State":"deleted","DeleteTime":"2026-02-03T04:00:00Z"}]})");
  EXPECT_EQ(entity_in(batch, "ec2/nat-1").attributes.get("platform.phase"), "deleted");
}

TEST(Ec2, InstancesAndTheirChecks) {
  auto batch = decode_text(
      R"({"Reservations":[{"Instances":[{"InstanceId":"i-1","State":{"Name":"stopped"},"StateReason":{"Code":"Server.SpotInstanceTermination","Message":"Spot"},"Tags":[{"Key":"Name","Value":"bastion"}]}]}]})");
  EXPECT_EQ(entity_in(batch, "ec2/i-1").name, "bastion");
  EXPECT_EQ(entity_in(batch, "ec2/i-1").attributes.get("platform.reason"), "Server.SpotInstanceTermination");
  batch = decode_text(
      R"({"InstanceStatuses":[{"InstanceId":"i-1","SystemStatus":{"Status":"impaired"},"InstanceStatus":{"Status":"ok"},"AttachedEbsStatus":{"Status":"not-applicable"},"Events":[{"Code":"instance-retirement","Description":"The instance is running on degraded hardware","NotBefore":"2026-02-10T00:00:00Z"}]}]})");
  const auto instance = entity_in(batch, "ec2/i-1");
  EXPECT_EQ(instance.attributes.get("check.system"), "impaired");
  EXPECT_EQ(instance.attributes.get("check.instance"), "ok");
  EXPECT_EQ(instance.attributes.find("check.volume"), nullptr);
  EXPECT_TRUE(instance.attributes.with_prefix("condition.").empty()) << "what is well is no condition";
  EXPECT_EQ(batch.events.at(0).message, "system status check failed: impaired");
  EXPECT_EQ(batch.events.at(1).reason, "instance-retirement");
}

TEST(Ec2, AnInstanceThatDoesNotRunSaysSinceWhenAndWhy) {
  const auto batch = decode_text(
      R"~({"Reservations":[{"Instances":[{"InstanceId":"i-0a","State":{"Name":"stopped"},"StateTransitionReason":"User initiated (2026-02-10 11:02:31 GMT)","StateReason":{"Code":"Client.UserInitiatedShutdown","Message":"Client.UserInitiatedShutdown: User initiated shutdown"}},{"InstanceId":"i-0b","State":{"Name":"running"}}]}]})~");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].entity, "ec2/i-0a");
  EXPECT_EQ(base::format_rfc3339(batch.events[0].time), "2026-02-10T11:02:31Z");
  EXPECT_TRUE(batch.events[0].message.starts_with("instance i-0a is stopped: User initiated"));
}

}  // namespace
}  // namespace midwatch::clients::aws
