#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

/// What CloudTrail knows it tells after some minutes, at most fifteen.
constexpr std::chrono::minutes kTrailLag{5};
constexpr std::chrono::hours kTrailKept{24 * 90};

Json detail_of(const View& view, const TrailEvent& event) {
  const bool by_cloudformation = event.user == "cloudformation";
  Json identity{{"type", "AssumedRole"},
                {"arn", fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", view.world.account,
                                    by_cloudformation ? "CloudFormationRole" : "Engineer", event.user)}};
  if (by_cloudformation) identity["invokedBy"] = "cloudformation.amazonaws.com";
  Json detail{{"eventVersion", "1.11"},
              {"userIdentity", std::move(identity)},
              {"eventTime", base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(event.time))},
              {"eventSource", event.source},
              {"eventName", event.name},
              {"awsRegion", event.region.empty() ? view.world.region : event.region},
              {"sourceIPAddress", "203.0.113.24"},
              {"requestParameters", event.parameters}};
  if (!event.error_code.empty()) {
    detail["errorCode"] = event.error_code;
    detail["errorMessage"] = event.error_message;
  }
  detail["eventID"] = event.id;
  detail["readOnly"] = false;
  return detail;
}

bool matches(const TrailEvent& event, const Json& attribute) {
  const std::string key = text_at(attribute, "AttributeKey");
  const std::string value = text_at(attribute, "AttributeValue");
  if (key == "EventName") return value == event.name;
  if (key == "EventSource") return value == event.source;
  if (key == "ResourceName") return value == event.resource;
  if (key == "ResourceType") return value == event.resource_type;
  if (key == "Username") return value == event.user;
  if (key == "EventId") return value == event.id;
  return key != "ReadOnly" || value == "false";
}

Answer lookup_events(const View& view, const Json& input) {
  const auto from = time_or(input, "StartTime", view.now - kTrailKept);
  const auto until = time_or(input, "EndTime", view.now);
  const Json& attributes = base::list_at(input, "LookupAttributes");
  Json events = Json::array();
  for (auto event = view.history.trail.rbegin(); event != view.history.trail.rend(); ++event) {
    if (!event->region.empty() && !view.region.empty() && event->region != view.region) continue;
    const bool told = event->time + kTrailLag <= view.now && view.now - kTrailKept <= event->time;
    const bool asked = from <= event->time && event->time <= until &&
                       std::all_of(attributes.begin(), attributes.end(),
                                   [&](const Json& attribute) { return matches(*event, attribute); });
    if (!told || !asked) continue;
    Json resources = Json::array();
    if (!event->resource.empty())
      resources.push_back({{"ResourceType", event->resource_type}, {"ResourceName", event->resource}});
    events.push_back({{"EventId", event->id},
                      {"EventName", event->name},
                      {"ReadOnly", "false"},
                      {"AccessKeyId", "ASIAEXAMPLE"},
                      {"EventTime", time_text(std::chrono::floor<std::chrono::seconds>(event->time))},
                      {"EventSource", event->source},
                      {"Username", event->user},
                      {"Resources", std::move(resources)},
                      {"CloudTrailEvent", base::dump_json(detail_of(view, *event))}});
  }
  return Json{{"Events", std::move(events)}};
}

std::vector<std::string> repositories_of(const View& view) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && !holds(names, name)) names.push_back(name);
  };
  for (const ImageRecord& image : view.history.images) add(image.repository);
  for (const Json& image : documents(view.world, "ecr.DescribeImages")) add(text_at(image, "repositoryName"));
  return names;
}

Answer describe_repositories(const View& view, const Json& /*input*/) {
  Json list = Json::array();
  for (const std::string& name : repositories_of(view))
    list.push_back({{"repositoryArn", arn(view.world, "ecr", "repository/" + name)},
                    {"registryId", view.world.account},
                    {"repositoryName", name},
                    {"repositoryUri", image_uri(view.world, name)}});
  return Json{{"repositories", std::move(list)}};
}

Answer describe_images(const View& view, const Json& input) {
  const std::string repository = text_at(input, "repositoryName");
  if (!holds(repositories_of(view), repository))
    return refuse("RepositoryNotFoundException",
                  fmt::format("The repository with name '{}' does not exist in the registry with id '{}'",
                              repository, view.world.account));
  Json details = Json::array();
  for (const ImageRecord& image : view.history.images) {
    if (image.repository != repository || !view.past(image.pushed)) continue;
    details.push_back({{"registryId", view.world.account},
                       {"repositoryName", repository},
                       {"imageDigest", image.digest},
                       {"imageTags", Json::array({image.tag})},
                       {"imageSizeInBytes", static_cast<long>(image.bytes)},
                       {"imagePushedAt", time_text(image.pushed)},
                       {"lastRecordedPullTime", time_text(image.pushed + std::chrono::minutes(4))}});
  }
  for (const Json& image : documents(view.world, "ecr.DescribeImages")) {
    if (text_at(image, "repositoryName") == repository && details.empty()) details.push_back(image);
  }
  return Json{{"imageDetails", std::move(details)}};
}

}  // namespace

std::vector<Operation> change_operations() {
  return {{"cloudtrail", "LookupEvents", lookup_events},
          {"ecr", "DescribeRepositories", describe_repositories},
          {"ecr", "DescribeImages", describe_images}};
}

}  // namespace midwatch::sandbox::world
