// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListHostedZones",
     .action = "route53:ListHostedZones",
     .method = "GET",
     .path = "/2013-04-01/hostedzone",
     .query = "marker=Marker maxitems=MaxItems delegationsetid=DelegationSetId hostedzonetype=HostedZoneType",
     .paging = {"Marker", "NextMarker", "IsTruncated", "HostedZones"}},
    {.name = "ListResourceRecordSets",
     .action = "route53:ListResourceRecordSets",
     .method = "GET",
     .path = "/2013-04-01/hostedzone/{HostedZoneId}/rrset",
     .query = "name=StartRecordName type=StartRecordType identifier=StartRecordIdentifier maxitems=MaxItems",
     .paging = {"StartRecordName StartRecordType StartRecordIdentifier",
                "NextRecordName NextRecordType NextRecordIdentifier", "IsTruncated", "ResourceRecordSets"}},
    {.name = "GetHealthCheckStatus",
     .action = "route53:GetHealthCheckStatus",
     .method = "GET",
     .path = "/2013-04-01/healthcheck/{HealthCheckId}/status"},
};

constexpr Field kOutputs[] = {
    {"", "Bias", "Bias", FieldKind::kNumber},
    {"", "CheckedTime", "CheckedTime", FieldKind::kTime},
    {"", "EvaluateTargetHealth", "EvaluateTargetHealth", FieldKind::kBoolean},
    {"", "HealthCheckObservations", "HealthCheckObservations", FieldKind::kList},
    {"", "HostedZones", "HostedZones", FieldKind::kList},
    {"", "IsTruncated", "IsTruncated", FieldKind::kBoolean},
    {"", "MultiValueAnswer", "MultiValueAnswer", FieldKind::kBoolean},
    {"", "PrivateZone", "PrivateZone", FieldKind::kBoolean},
    {"", "ResourceRecordSetCount", "ResourceRecordSetCount", FieldKind::kNumber},
    {"", "ResourceRecordSets", "ResourceRecordSets", FieldKind::kList},
    {"", "ResourceRecords", "ResourceRecords", FieldKind::kList},
    {"", "TTL", "TTL", FieldKind::kNumber},
    {"", "Weight", "Weight", FieldKind::kNumber},
};

constexpr Service kService{.name = "route53",
                           .id = "ROUTE_53",
                           .protocol = Protocol::kRestXml,
                           .endpoint_prefix = "route53",
                           .signing_name = "route53",
                           .global = true,
                           .per_second = 5,
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& route53() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
