// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeCacheClusters",
     .action = "elasticache:DescribeCacheClusters",
     .paging = {"Marker", "Marker", "", "CacheClusters"}},
    {.name = "DescribeReplicationGroups",
     .action = "elasticache:DescribeReplicationGroups",
     .paging = {"Marker", "Marker", "", "ReplicationGroups"}},
    {.name = "DescribeEvents",
     .action = "elasticache:DescribeEvents",
     .paging = {"Marker", "Marker", "", "Events"}},
    {.name = "DescribeServerlessCaches",
     .action = "elasticache:DescribeServerlessCaches",
     .paging = {"NextToken", "NextToken", "", "ServerlessCaches"}},
    {.name = "DescribeCacheParameters",
     .action = "elasticache:DescribeCacheParameters",
     .paging = {"Marker", "Marker", "", "Parameters"}},
    {.name = "DescribeCacheSubnetGroups",
     .action = "elasticache:DescribeCacheSubnetGroups",
     .paging = {"Marker", "Marker", "", "CacheSubnetGroups"}},
};

constexpr Field kInputs[] = {
    {"", "EndTime", "EndTime", FieldKind::kTime},
    {"", "StartTime", "StartTime", FieldKind::kTime},
};

constexpr Field kOutputs[] = {
    {"", "AtRestEncryptionEnabled", "AtRestEncryptionEnabled", FieldKind::kBoolean},
    {"", "AuthTokenEnabled", "AuthTokenEnabled", FieldKind::kBoolean},
    {"", "AuthTokenLastModifiedDate", "AuthTokenLastModifiedDate", FieldKind::kTime},
    {"", "AutoMinorVersionUpgrade", "AutoMinorVersionUpgrade", FieldKind::kBoolean},
    {"", "CacheClusterCreateTime", "CacheClusterCreateTime", FieldKind::kTime},
    {"", "CacheClusters", "CacheClusters", FieldKind::kList},
    {"", "CacheNodeCreateTime", "CacheNodeCreateTime", FieldKind::kTime},
    {"", "CacheNodeIdsToReboot", "CacheNodeIdsToReboot", FieldKind::kList},
    {"", "CacheNodeIdsToRemove", "CacheNodeIdsToRemove", FieldKind::kList},
    {"", "CacheNodeTypeSpecificParameters", "CacheNodeTypeSpecificParameters", FieldKind::kList},
    {"", "CacheNodeTypeSpecificValues", "CacheNodeTypeSpecificValues", FieldKind::kList},
    {"", "CacheNodes", "CacheNodes", FieldKind::kList},
    {"", "CacheSecurityGroups", "CacheSecurityGroups", FieldKind::kList},
    {"", "CacheSubnetGroups", "CacheSubnetGroups", FieldKind::kList},
    {"", "ClusterEnabled", "ClusterEnabled", FieldKind::kBoolean},
    {"", "CreateTime", "CreateTime", FieldKind::kTime},
    {"", "Date", "Date", FieldKind::kTime},
    {"", "Events", "Events", FieldKind::kList},
    {"", "IsModifiable", "IsModifiable", FieldKind::kBoolean},
    {"", "LogDeliveryConfigurations", "LogDeliveryConfigurations", FieldKind::kList},
    {"", "Maximum", "Maximum", FieldKind::kNumber},
    {"", "MemberClusters", "MemberClusters", FieldKind::kList},
    {"", "MemberClustersOutpostArns", "MemberClustersOutpostArns", FieldKind::kList},
    {"", "Minimum", "Minimum", FieldKind::kNumber},
    {"", "NodeGroupMembers", "NodeGroupMembers", FieldKind::kList},
    {"", "NodeGroups", "NodeGroups", FieldKind::kList},
    {"", "NumCacheNodes", "NumCacheNodes", FieldKind::kNumber},
    {"", "Parameters", "Parameters", FieldKind::kList},
    {"", "PendingLogDeliveryConfiguration", "LogDeliveryConfigurations", FieldKind::kList},
    {"", "Port", "Port", FieldKind::kNumber},
    {"", "ProgressPercentage", "ProgressPercentage", FieldKind::kNumber},
    {"", "ReplicationGroupCreateTime", "ReplicationGroupCreateTime", FieldKind::kTime},
    {"", "ReplicationGroupLogDeliveryEnabled", "ReplicationGroupLogDeliveryEnabled", FieldKind::kBoolean},
    {"", "ReplicationGroups", "ReplicationGroups", FieldKind::kList},
    {"", "ScaleIntervalMinutes", "ScaleIntervalMinutes", FieldKind::kNumber},
    {"", "ScalePercentage", "ScalePercentage", FieldKind::kNumber},
    {"", "SecurityGroupIds", "SecurityGroupIds", FieldKind::kList},
    {"", "SecurityGroups", "SecurityGroups", FieldKind::kList},
    {"", "ServerlessCaches", "ServerlessCaches", FieldKind::kList},
    {"", "SnapshotRetentionLimit", "SnapshotRetentionLimit", FieldKind::kNumber},
    {"", "SubnetIds", "SubnetIds", FieldKind::kList},
    {"", "Subnets", "Subnets", FieldKind::kList},
    {"", "SupportedNetworkTypes", "SupportedNetworkTypes", FieldKind::kList},
    {"", "TransitEncryptionEnabled", "TransitEncryptionEnabled", FieldKind::kBoolean},
    {"", "UserGroupIds", "UserGroupIds", FieldKind::kList},
    {"", "UserGroupIdsToAdd", "UserGroupIdsToAdd", FieldKind::kList},
    {"", "UserGroupIdsToRemove", "UserGroupIdsToRemove", FieldKind::kList},
};

constexpr Service kService{.name = "elasticache",
                           .id = "ELASTICACHE",
                           .protocol = Protocol::kQuery,
                           .endpoint_prefix = "elasticache",
                           .signing_name = "elasticache",
                           .version = "2015-02-02",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& elasticache() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
