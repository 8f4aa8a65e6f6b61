#include "src/clients/aws/elasticache.h"

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::clients::aws {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

void decode_cache_clusters(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& cluster : list_at(document.body, "CacheClusters")) {
    const std::string name = text_at(cluster, "CacheClusterId");
    std::string id = text_at(cluster, "ARN");
    if (name.empty()) continue;
    if (id.empty()) id = named_id("elasticache", name);
    auto entity = make_entity(id, "AWS::ElastiCache::CacheCluster", name, "cache", cluster, document.ref);
    copy_members(cluster, {{"platform.phase", "CacheClusterStatus"}, {"instance_class", "CacheNodeType"}},
                 entity.attributes);
    copy_times(cluster, {{"platform.created", "CacheClusterCreateTime"}}, entity.attributes);
    out.entities.push_back(std::move(entity));
    add_alias(out, named_id("elasticache", name), id);
    const std::string group = text_at(cluster, "ReplicationGroupId");
    if (!group.empty())
      relate(out, named_id("elasticache", group), id, RelationKind::kContains, document.ref);
    for (const Json& security : list_at(cluster, "SecurityGroups"))
      relate(out, id, named_id("ec2", text_at(security, "SecurityGroupId")), RelationKind::kRelated,
             document.ref);
  }
}

void decode_replication_groups(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& group : list_at(document.body, "ReplicationGroups")) {
    const std::string name = text_at(group, "ReplicationGroupId");
    if (name.empty()) continue;
    // Members of a group point to it by its name, so the name is its id; its ARN is an alias.
    const std::string id = named_id("elasticache", name);
    auto entity = make_entity(id, "AWS::ElastiCache::ReplicationGroup", name, "cache", group, document.ref);
    copy_members(group, {{"platform.phase", "Status"}, {"instance_class", "CacheNodeType"}},
                 entity.attributes);
    for (const Json& shard : list_at(group, "NodeGroups"))
      copy_members(at(shard, "PrimaryEndpoint"), {{"endpoint.host", "Address"}, {"endpoint.port", "Port"}},
                   entity.attributes);
    out.entities.push_back(std::move(entity));
    add_alias(out, text_at(group, "ARN"), id);
  }
}

}  // namespace midwatch::clients::aws
