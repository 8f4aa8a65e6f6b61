#include "src/sandbox/world/world_names.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/json_access.h"

namespace midwatch::sandbox::world {
namespace {

std::string short_hash(std::string_view text) {
  return base::sha256_hex(text).substr(0, 16);
}

std::string repository_of(const std::string& image) {
  return image.substr(0, image.rfind(':'));
}

}  // namespace

std::string arn(const World& world, std::string_view service, std::string_view resource) {
  return fmt::format("arn:aws:{}:{}:{}:{}", service, world.region, world.account, resource);
}

std::string global_arn(const World& world, std::string_view service, std::string_view resource) {
  return fmt::format("arn:aws:{}::{}:{}", service, world.account, resource);
}

std::string balancer_dimension(const std::string& balancer) {
  return fmt::format("app/{}/{}", balancer, short_hash("balancer " + balancer));
}

std::string target_group_dimension(const std::string& service) {
  return fmt::format("targetgroup/{}/{}", service, short_hash("target group " + service));
}

std::string balancer_arn(const World& world, const std::string& balancer) {
  return arn(world, "elasticloadbalancing", "loadbalancer/" + balancer_dimension(balancer));
}

std::string target_group_arn(const World& world, const std::string& service) {
  return arn(world, "elasticloadbalancing", target_group_dimension(service));
}

std::string image_uri(const World& world, const std::string& image) {
  return fmt::format("{}.dkr.ecr.{}.amazonaws.com/{}", world.account, world.region, image);
}

std::string image_digest(const std::string& image) {
  return "sha256:" + base::sha256_hex("image " + image);
}

std::string container_name(const ServiceSpec& spec) {
  const std::string repository = repository_of(spec.image);
  return repository.substr(repository.rfind('/') + 1);
}

std::string database_endpoint(const World& world, const std::string& database) {
  return fmt::format("{}.c7kq2v9xhm3.{}.rds.amazonaws.com", database, world.region);
}

std::string cluster_endpoint(const World& world, const std::string& cluster) {
  return fmt::format("{}.cluster-c7kq2v9xhm3.{}.rds.amazonaws.com", cluster, world.region);
}

std::string task_arn(const World& world, const std::string& cluster, const std::string& id) {
  return arn(world, "ecs", fmt::format("task/{}/{}", cluster, id));
}

std::string task_definition_arn(const World& world, const std::string& service, int revision) {
  return arn(world, "ecs", fmt::format("task-definition/{}:{}", service, revision));
}

std::string gateway_id(const std::string& gateway) {
  constexpr std::size_t kDigits = 10;
  return base::sha256_hex("gateway " + gateway).substr(0, kDigits);
}

std::string gateway_log_group(const std::string& gateway) {
  return fmt::format("API-Gateway-Execution-Logs_{}/prod", gateway_id(gateway));
}

std::string queue_url(const World& world, const std::string& queue) {
  return fmt::format("https://sqs.{}.amazonaws.com/{}/{}", world.region, world.account, queue);
}

std::string missing_image(const World& world, const std::string& image) {
  const std::string repository = repository_of(image);
  const std::string tag = image.substr(image.rfind(':') + 1);
  bool known = false;
  for (const base::Json& pushed : base::list_at(world.documents, "ecr.DescribeImages")) {
    if (base::text_at(pushed, "repositoryName") != repository) continue;
    known = true;
    const auto& tags = base::list_at(pushed, "imageTags");
    if (std::any_of(tags.begin(), tags.end(), [&](const base::Json& one) { return base::text(one) == tag; }))
      return {};
  }
  if (!known) return {};
  return fmt::format(
      "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {}: "
      "{}: not found",
      image_uri(world, image), image_uri(world, image));
}

}  // namespace midwatch::sandbox::world
