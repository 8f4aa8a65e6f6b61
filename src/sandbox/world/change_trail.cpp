#include "src/sandbox/world/change_trail.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/sandbox/world/random.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

class Trail {
 public:
  Trail(const World& world, std::uint64_t seed, History& history)
      : world_(world), history_(history), random_(seed, "trail") {}

  void write(const Change& change) {
    switch (change.kind) {
      case ChangeKind::kCall:
        if (!change.event.empty()) call(change);
        break;
      case ChangeKind::kDeploy:
        deploy(change);
        break;
      case ChangeKind::kUpdateCode:
      case ChangeKind::kUpdateConfiguration:
        update(change);
        break;
    }
  }

  void push_images() {
    for (const DeploymentRecord& deployment : history_.deployments) {
      const auto known = std::find_if(
          history_.images.begin(), history_.images.end(),
          [&](const ImageRecord& image) { return image.digest == image_digest(deployment.image); });
      if (known != history_.images.end() || !missing_image(world_, deployment.image).empty()) continue;
      push(deployment.image, deployment.created - std::chrono::minutes(4));
    }
  }

 private:
  TrailEvent& add(const Change& change, double at, const std::string& source, const std::string& name) {
    TrailEvent event;
    event.time = world_.zero + base::duration_from_seconds(at);
    event.id = random_.uuid();
    event.source = source;
    event.name = name;
    event.user = change.by;
    history_.trail.push_back(std::move(event));
    return history_.trail.back();
  }

  void push(const std::string& image, base::Timestamp at) {
    const std::size_t colon = image.rfind(':');
    history_.images.push_back({image.substr(0, colon), image.substr(colon + 1), image_digest(image), at,
                               18'000'000.0 + static_cast<double>(random_.below(9'000'000))});
  }

  void call(const Change& change) {
    const std::size_t dot = change.event.find('.');
    TrailEvent& event =
        add(change, change.at, change.event.substr(0, dot) + ".amazonaws.com", change.event.substr(dot + 1));
    event.resource_type = change.resource_type;
    event.resource = change.resource;
    event.parameters = change.parameters;
    event.error_code = change.error_code;
    event.error_message = change.error_message;
    event.region = change.region;
  }

  void deploy(const Change& change) {
    const base::Timestamp at = world_.zero + base::duration_from_seconds(change.at);
    const auto deployment = std::find_if(history_.deployments.begin(), history_.deployments.end(),
                                         [&](const DeploymentRecord& record) {
                                           return record.service == change.target && record.created == at;
                                         });
    if (deployment == history_.deployments.end()) return;
    const auto service = std::find_if(world_.services.begin(), world_.services.end(),
                                      [&](const auto& one) { return one.first == change.target; });
    const ServiceSpec& now = service->second.at(change.at);
    if (now.image != service->second.at(change.at - 1).image && missing_image(world_, now.image).empty()) {
      const std::size_t colon = now.image.rfind(':');
      push(now.image, at + base::duration_from_seconds(change.pushed));
      TrailEvent& put = add(change, change.at + change.pushed, "ecr.amazonaws.com", "PutImage");
      put.resource_type = "AWS::ECR::Repository";
      put.resource = now.image.substr(0, colon);
      put.parameters = {{"repositoryName", now.image.substr(0, colon)},
                        {"imageTag", now.image.substr(colon + 1)}};
    }
    constexpr double kRegisteredBefore = 6;
    TrailEvent& registered =
        add(change, change.at - kRegisteredBefore, "ecs.amazonaws.com", "RegisterTaskDefinition");
    registered.parameters = {{"family", change.target},
                             {"cpu", fmt::format("{:.0f}", now.cpu)},
                             {"memory", fmt::format("{:.0f}", now.memory)}};
    TrailEvent& updated = add(change, change.at, "ecs.amazonaws.com", "UpdateService");
    updated.resource_type = "AWS::ECS::Service";
    updated.resource = change.target;
    updated.parameters = {{"cluster", now.cluster},
                          {"service", change.target},
                          {"taskDefinition", fmt::format("{}:{}", change.target, deployment->revision)}};
  }

  void update(const Change& change) {
    const bool code = change.kind == ChangeKind::kUpdateCode;
    history_.function_updates.push_back(
        {change.target, world_.zero + base::duration_from_seconds(change.at), code});
    TrailEvent& event = add(change, change.at, "lambda.amazonaws.com",
                            code ? "UpdateFunctionCode20150331v2" : "UpdateFunctionConfiguration20150331v2");
    event.resource_type = "AWS::Lambda::Function";
    event.resource = change.target;
    event.parameters = change.parameters.is_object() ? change.parameters : base::Json::object();
    event.parameters["functionName"] = change.target;
  }

  const World& world_;
  History& history_;
  Random random_;
};

}  // namespace

void write_trail(const World& world, std::uint64_t seed, History& history) {
  Trail trail(world, seed, history);
  for (const Change& change : world.changes) trail.write(change);
  trail.push_images();
  std::stable_sort(history.trail.begin(), history.trail.end(),
                   [](const TrailEvent& a, const TrailEvent& b) { return a.time < b.time; });
}

}  // namespace midwatch::sandbox::world
