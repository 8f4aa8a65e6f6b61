// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeLoadBalancers",
     .action = "elasticloadbalancing:DescribeLoadBalancers",
     .paging = {"Marker", "NextMarker", "", "LoadBalancers"}},
    {.name = "DescribeTargetGroups",
     .action = "elasticloadbalancing:DescribeTargetGroups",
     .paging = {"Marker", "NextMarker", "", "TargetGroups"}},
    {.name = "DescribeListeners",
     .action = "elasticloadbalancing:DescribeListeners",
     .paging = {"Marker", "NextMarker", "", "Listeners"}},
    {.name = "DescribeRules",
     .action = "elasticloadbalancing:DescribeRules",
     .paging = {"Marker", "NextMarker", "", "Rules"}},
    {.name = "DescribeTargetHealth", .action = "elasticloadbalancing:DescribeTargetHealth"},
    {.name = "DescribeLoadBalancerAttributes",
     .action = "elasticloadbalancing:DescribeLoadBalancerAttributes"},
    {.name = "DescribeTargetGroupAttributes", .action = "elasticloadbalancing:DescribeTargetGroupAttributes"},
    {.name = "DescribeTags", .action = "elasticloadbalancing:DescribeTags"},
};

constexpr Field kInputs[] = {
    {"", "Include", "Include", FieldKind::kList, "member"},
    {"", "ListenerArns", "ListenerArns", FieldKind::kList, "member"},
    {"", "LoadBalancerArns", "LoadBalancerArns", FieldKind::kList, "member"},
    {"", "Names", "Names", FieldKind::kList, "member"},
    {"", "ResourceArns", "ResourceArns", FieldKind::kList, "member"},
    {"", "RuleArns", "RuleArns", FieldKind::kList, "member"},
    {"", "TargetGroupArns", "TargetGroupArns", FieldKind::kList, "member"},
    {"", "Targets", "Targets", FieldKind::kList, "member"},
};

constexpr Field kOutputs[] = {
    {"", "Actions", "Actions", FieldKind::kList},
    {"", "AdditionalClaims", "AdditionalClaims", FieldKind::kList},
    {"", "AlpnPolicy", "AlpnPolicy", FieldKind::kList},
    {"", "Attributes", "Attributes", FieldKind::kList},
    {"", "AuthenticationRequestExtraParams", "AuthenticationRequestExtraParams", FieldKind::kMap},
    {"", "AvailabilityZones", "AvailabilityZones", FieldKind::kList},
    {"", "Certificates", "Certificates", FieldKind::kList},
    {"", "Conditions", "Conditions", FieldKind::kList},
    {"", "CreatedTime", "CreatedTime", FieldKind::kTime},
    {"", "DefaultActions", "DefaultActions", FieldKind::kList},
    {"", "DurationSeconds", "DurationSeconds", FieldKind::kNumber},
    {"", "Enabled", "Enabled", FieldKind::kBoolean},
    {"", "HealthCheckEnabled", "HealthCheckEnabled", FieldKind::kBoolean},
    {"", "HealthCheckIntervalSeconds", "HealthCheckIntervalSeconds", FieldKind::kNumber},
    {"", "HealthCheckTimeoutSeconds", "HealthCheckTimeoutSeconds", FieldKind::kNumber},
    {"", "HealthyThresholdCount", "HealthyThresholdCount", FieldKind::kNumber},
    {"", "IgnoreClientCertificateExpiry", "IgnoreClientCertificateExpiry", FieldKind::kBoolean},
    {"", "IsDefault", "IsDefault", FieldKind::kBoolean},
    {"", "Listeners", "Listeners", FieldKind::kList},
    {"", "LoadBalancerAddresses", "LoadBalancerAddresses", FieldKind::kList},
    {"", "LoadBalancerArns", "LoadBalancerArns", FieldKind::kList},
    {"", "LoadBalancers", "LoadBalancers", FieldKind::kList},
    {"", "Order", "Order", FieldKind::kNumber},
    {"", "Port", "Port", FieldKind::kNumber},
    {"RedirectConfig", "Port", "Port"},
    {"", "RegexValues", "RegexValues", FieldKind::kList},
    {"", "Rewrites", "Rewrites", FieldKind::kList},
    {"", "Rules", "Rules", FieldKind::kList},
    {"", "SecurityGroups", "SecurityGroups", FieldKind::kList},
    {"", "SessionTimeout", "SessionTimeout", FieldKind::kNumber},
    {"", "SourceNatIpv6Prefixes", "SourceNatIpv6Prefixes", FieldKind::kList},
    {"", "TagDescriptions", "TagDescriptions", FieldKind::kList},
    {"", "Tags", "Tags", FieldKind::kList},
    {"", "TargetControlPort", "TargetControlPort", FieldKind::kNumber},
    {"", "TargetGroups", "TargetGroups", FieldKind::kList},
    {"", "TargetHealthDescriptions", "TargetHealthDescriptions", FieldKind::kList},
    {"", "Transforms", "Transforms", FieldKind::kList},
    {"", "UnhealthyThresholdCount", "UnhealthyThresholdCount", FieldKind::kNumber},
    {"", "UseExistingClientSecret", "UseExistingClientSecret", FieldKind::kBoolean},
    {"", "Values", "Values", FieldKind::kList},
    {"", "Weight", "Weight", FieldKind::kNumber},
};

constexpr Service kService{.name = "elbv2",
                           .id = "ELASTIC_LOAD_BALANCING_V2",
                           .protocol = Protocol::kQuery,
                           .endpoint_prefix = "elasticloadbalancing",
                           .signing_name = "elasticloadbalancing",
                           .version = "2015-12-01",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& elbv2() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
