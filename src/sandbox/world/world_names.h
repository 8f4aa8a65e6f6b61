#pragma once

#include <string>
#include <string_view>

#include "src/sandbox/world/world.h"

namespace midwatch::sandbox::world {

/// Names that AWS makes of other names; the same wherever they are needed.
std::string arn(const World& world, std::string_view service, std::string_view resource);
std::string global_arn(const World& world, std::string_view service, std::string_view resource);
std::string balancer_dimension(const std::string& balancer);     ///< "app/web/50dc6c495c0c9188"
std::string target_group_dimension(const std::string& service);  ///< "targetgroup/api/…"
std::string balancer_arn(const World& world, const std::string& balancer);
std::string target_group_arn(const World& world, const std::string& service);
std::string image_uri(const World& world, const std::string& image);  ///< of "repository:tag"
std::string image_digest(const std::string& image);
std::string container_name(const ServiceSpec& spec);
std::string database_endpoint(const World& world, const std::string& database);
std::string cluster_endpoint(const World& world, const std::string& cluster);  ///< of a cluster's writer
std::string task_arn(const World& world, const std::string& cluster, const std::string& id);
std::string task_definition_arn(const World& world, const std::string& service, int revision);
std::string gateway_id(const std::string& gateway);         ///< "a1b2c3d4e5"
std::string gateway_log_group(const std::string& gateway);  ///< of its one stage, "prod"
std::string queue_url(const World& world, const std::string& queue);

/// What a task that needs this image fails with where the repository's images are known and none has the tag;
/// empty where it can be pulled.
std::string missing_image(const World& world, const std::string& image);

}  // namespace midwatch::sandbox::world
