#include "src/observe/configuration/releases.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "src/observe/configuration/detectors.h"

namespace midwatch::observe::configuration {
namespace {

using telemetry::Entity;
using topology::EntityIndex;
using topology::Topology;

constexpr std::string_view kContainers = "container.";
constexpr std::string_view kImage = ".image";
/// So many ended tasks are told with their times; more say nothing new.
constexpr std::size_t kToldTasks = 3;
/// A task that ended well, or because it was asked to.
constexpr std::array<std::string_view, 2> kOrdinaryExits{"0", "143"};

/// The first image of an entity's containers, with its path.
std::optional<std::pair<std::string, std::string>> image_of(const Entity& entity) {
  for (const auto* entry : entity.attributes.with_prefix(kContainers)) {
    if (entry->first.ends_with(kImage)) return *entry;
  }
  return std::nullopt;
}

const Entity* definition_of(const Topology& topology, EntityIndex workload) {
  for (const topology::Neighbour& n : topology.out(workload)) {
    const Entity& entity = topology.entity(n.entity);
    if (n.kind == telemetry::RelationKind::kReadsConfig && entity.attributes.number("definition.revision"))
      return &entity;
  }
  return nullptr;
}

/// The definition of the same family before this one.
const Entity* definition_before(const Topology& topology, const Entity& current) {
  const std::string_view family = current.attributes.get("definition.family");
  const double revision = current.attributes.number("definition.revision").value_or(0);
  const Entity* before = nullptr;
  double nearest = -1;
  for (EntityIndex i = 0; i < topology.size(); ++i) {
    const Entity& other = topology.entity(i);
    const auto number = other.attributes.number("definition.revision");
    if (!number || other.attributes.get("definition.family") != family) continue;
    if (*number >= revision || *number <= nearest) continue;
    before = &other;
    nearest = *number;
  }
  return before;
}

std::string name_of(const Entity& definition) {
  return fmt::format("{}:{}", definition.attributes.get("definition.family"),
                     definition.attributes.get("definition.revision"));
}

struct EndedTask {
  EntityIndex task;
  std::string exit_code;
  base::Timestamp stopped;
};

/// The instances of a workload that ran an image and ended by themselves, by time.
std::vector<EndedTask> ended_tasks(const Topology& topology, EntityIndex workload, std::string_view image) {
  std::vector<EndedTask> ended;
  for (const EntityIndex part : topology.parts(workload)) {
    const auto& attributes = topology.entity(part).attributes;
    const auto runs = image_of(topology.entity(part));
    const auto stopped = base::parse_timestamp(attributes.get("platform.stopped"));
    if (!runs || runs->second != image || !stopped) continue;
    if (attributes.get("platform.reason") != "EssentialContainerExited") continue;
    const std::string code(
        attributes.get(runs->first.substr(0, runs->first.size() - kImage.size()) + ".exit_code"));
    if (code.empty() || std::find(kOrdinaryExits.begin(), kOrdinaryExits.end(), code) != kOrdinaryExits.end())
      continue;
    ended.push_back({part, code, *stopped});
  }
  std::stable_sort(ended.begin(), ended.end(),
                   [](const auto& a, const auto& b) { return a.stopped < b.stopped; });
  return ended;
}

std::string told(const Topology& topology, const std::vector<EndedTask>& ended) {
  std::string text;
  for (std::size_t i = 0; i < std::min(ended.size(), kToldTasks); ++i) {
    const Entity& task = topology.entity(ended[i].task);
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", task.name.empty() ? task.id : task.name,
                        base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(ended[i].stopped)));
  }
  return ended.size() > kToldTasks ? text + ", …" : text;
}

}  // namespace

std::optional<Release> release_of(const Topology& topology, EntityIndex workload) {
  const Entity* current = definition_of(topology, workload);
  const Entity* before = current == nullptr ? nullptr : definition_before(topology, *current);
  if (before == nullptr) return std::nullopt;
  const auto now = image_of(*current);
  const auto former = image_of(*before);
  if (!now || !former || now->second == former->second) return std::nullopt;
  return Release{
      name_of(*current), now->second,    std::string(current->attributes.get(now->first + "_tag_pushed")),
      name_of(*before),  former->second, std::string(before->attributes.get(former->first + "_tag_pushed"))};
}

void add_release(const Release& release, model::Observation& o) {
  // "registry/orders:2.4.0": the registry says nothing to people.
  const auto short_name = [](const std::string& image) { return image.substr(image.rfind('/') + 1); };
  for (const auto& [name, value] :
       {std::pair{"release", release.definition}, std::pair{"new_image", short_name(release.image)},
        std::pair{"pushed", release.pushed}, std::pair{"previous", release.previous},
        std::pair{"previous_image", short_name(release.previous_image)},
        std::pair{"previous_pushed", release.previous_pushed}}) {
    if (!value.empty()) o.facts[name] = value;
  }
}

void detect_failing_releases(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (EntityIndex i = 0; i < input.topology.size(); ++i) {
    if (input.topology.entity(i).attributes.get("platform.kind") != "workload") continue;
    const auto release = release_of(input.topology, i);
    if (!release) continue;
    const auto ended = ended_tasks(input.topology, i, release->image);
    // What ended before as well is not the release's.
    if (ended.empty() || !ended_tasks(input.topology, i, release->previous_image).empty()) continue;
    auto o = about(input, i, "state.release.failing", kSure, {});
    o.evidence.clear();
    for (std::size_t k = 0; k < std::min(ended.size(), kToldTasks); ++k) {
      const Entity& task = input.topology.entity(ended[k].task);
      o.evidence.push_back(
          model::attribute_evidence(task, {"platform.stopped", "platform.reason"}, input.source_name));
    }
    o.subject = release->definition;
    o.onset = ended.front().stopped;
    o.facts["failed"] = std::to_string(ended.size());
    o.facts["exit_code"] = ended.front().exit_code;
    o.facts["tasks"] = told(input.topology, ended);
    add_release(*release, o);
    out.push_back(std::move(o));
  }
}

}  // namespace midwatch::observe::configuration
