#include "src/observe/changes/change_reach.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "src/knowledge/metric_meaning.h"
#include "src/observe/changes/file_role.h"

namespace midwatch::observe::changes {
namespace {

using model::ChangeReach;
using model::ReachKind;
using telemetry::ChangeEvent;
using telemetry::ChangeKind;

/// Folders whose next part names a component.
constexpr std::array<std::string_view, 17> kComponentFolders{
    "services",   "service",   "apps",        "app",      "cmd",     "microservices",
    "components", "functions", "lambdas",     "charts",   "modules", "workers",
    "deploy",     "projects",  "deployments", "packages", "backend"};
/// First folders that hold what everybody may use.
constexpr std::array<std::string_view, 33> kSharedFolders{
    "pkg",      "lib",      "libs",        "common",    "shared",     "internal",
    "core",     "platform", "proto",       "protos",    "schema",     "schemas",
    "api",      "vendor",   "third_party", "sdk",       "db",         "config",
    "configs",  "infra",    "src",         "terraform", "include",    "infrastructure",
    "k8s",      "helm",     "base",        "framework", "middleware", "migrations",
    "database", "conf",     "environments"};
/// Endings of entity names that paths leave out. Longer ones first.
constexpr std::array<std::string_view, 14> kEndings{"microservice", "service",  "server",  "worker", "daemon",
                                                    "deployment",   "consumer", "backend", "svc",    "srv",
                                                    "api",          "app",      "job",     "web"};
constexpr std::size_t kShortestName = 3;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// A name as it is compared: letters and digits, lower case.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string without_ending(std::string name) {
  for (const std::string_view ending : kEndings) {
    if (name.size() >= ending.size() + kShortestName && name.ends_with(ending)) {
      name.resize(name.size() - ending.size());
      break;
    }
  }
  return name;
}

/// True where a part of a path means the entity: "recommendation" or "recommendation-svc" for
/// "recommendationservice".
bool means(std::string_view part, std::string_view entity) {
  const std::string a = plain(part);
  const std::string b = plain(entity);
  if (a.size() < kShortestName || b.size() < kShortestName) return false;
  return a == b || without_ending(a) == without_ending(b);
}

/// The component that a path belongs to by its folders; empty where it belongs to none.
std::string component_of(std::string_view path) {
  const std::vector<std::string> parts = path_parts(path);
  for (std::size_t i = 0; i + 2 < parts.size(); ++i) {
    if (is_one_of(parts[i], kComponentFolders)) return parts[i + 1];
  }
  if (parts.size() > 1 && !is_one_of(parts.front(), kSharedFolders) &&
      !is_one_of(parts.front(), kComponentFolders) && !parts.front().starts_with('.'))
    return parts.front();
  return {};
}

/// The name that people and paths use: the last part of an id like namespace/kind/name.
std::string_view short_name(std::string_view id) {
  const std::size_t at = id.find_last_of("/:");
  return at == std::string_view::npos ? id : id.substr(at + 1);
}

/// True where some part of the path, or the name of a file of configuration, means the entity.
bool names_it(const std::vector<std::string>& parts, std::string_view entity) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string_view part = parts[i];
    if (i + 1 == parts.size()) part = part.substr(0, part.find('.'));
    if (means(part, short_name(entity))) return true;
  }
  return false;
}

}  // namespace

std::string_view commit_of(const ChangeEvent& event) {
  for (const char* path : {"commit", "commit.id", "commit_id", "sha", "git.commit", "revision", "git_sha"}) {
    if (const std::string* id = event.attributes.find(path); id != nullptr && !id->empty()) return *id;
  }
  return event.id;
}

bool is_shared_path(std::string_view path) {
  return component_of(path).empty();
}

ReachFinder::ReachFinder(const std::vector<ChangeEvent>& events,
                         const std::vector<telemetry::Entity>& entities) {
  std::set<std::string> names;
  for (const auto& entity : entities) names.insert(entity.id);
  for (const auto& event : events) {
    if (!event.entity.empty()) names.insert(event.entity);
  }
  names_.assign(names.begin(), names.end());

  std::map<std::string_view, const ChangeEvent*> commits;
  for (const auto& event : events) {
    if (event.kind == ChangeKind::kCommit) commits.emplace(event.id, &event);
  }
  for (const auto& event : events) {
    if (event.kind != ChangeKind::kDeployment || event.entity.empty()) continue;
    const auto commit = commits.find(commit_of(event));
    Deployment deployment{event.time, event.time, std::string(commit_of(event))};
    if (commit != commits.end()) {
      deployment.built = std::min(event.time, commit->second->time);
      for (const auto& file : commit->second->files) {
        const std::string folder = component_of(file);
        if (!folder.empty()) owner_of_folder_.emplace(folder, event.entity);
      }
    }
    deployments_[event.entity].push_back(std::move(deployment));
  }
  for (auto& [entity, list] : deployments_) {
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  }
}

bool ReachFinder::uses(std::string_view entity, const std::vector<std::string>& files,
                       ReachKind& kind) const {
  bool shared = false;
  for (const auto& file : files) {
    if (is_inert(file_role(file)) || is_other_environment(file)) continue;
    const std::vector<std::string> parts = path_parts(file);
    const std::string folder = component_of(file);
    const auto owner = owner_of_folder_.find(folder);
    if (names_it(parts, entity) ||
        (!folder.empty() && owner != owner_of_folder_.end() && owner->second == entity)) {
      kind = ReachKind::kPath;
      return true;
    }
    shared = shared || (folder.empty() && std::none_of(names_.begin(), names_.end(), [&](const auto& name) {
                          return names_it(parts, name);
                        }));
  }
  kind = ReachKind::kLikely;
  return shared;
}

std::vector<ChangeReach> ReachFinder::reaches(const std::vector<const ChangeEvent*>& same,
                                              const std::vector<std::string>& files) const {
  std::map<std::string, ChangeReach> found;
  const ChangeEvent* commit = nullptr;
  for (const ChangeEvent* event : same) {
    if (event->kind == ChangeKind::kCommit) commit = event;
    if (event->entity.empty()) continue;
    ChangeReach reach{event->entity, ReachKind::kDeployed, event->time, event->instances};
    const auto [at, is_new] = found.emplace(event->entity, reach);
    if (!is_new && reach.since < at->second.since) at->second = reach;
  }
  if (commit != nullptr) {
    for (const std::string& entity : names_) {
      if (found.contains(entity)) continue;
      ReachKind kind = ReachKind::kLikely;
      if (!uses(entity, files, kind)) continue;
      const auto deployed = deployments_.find(entity);
      if (deployed == deployments_.end()) {
        // Where deployments are told of, who has none runs what it ran before, unless one went unseen.
        const bool told = !deployments_.empty();
        if (told && kind == ReachKind::kLikely) continue;
        found.emplace(entity, ChangeReach{entity, told ? ReachKind::kLikely : kind, commit->time, {}});
        continue;
      }
      for (const Deployment& d : deployed->second) {
        if (d.time < commit->time || d.built < commit->time) continue;
        found.emplace(entity, ChangeReach{entity, ReachKind::kCarried, d.time, {}});
        break;
      }
    }
  }
  std::vector<ChangeReach> out;
  for (auto& [entity, reach] : found) out.push_back(std::move(reach));
  return out;
}

}  // namespace midwatch::observe::changes
