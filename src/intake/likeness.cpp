#include "src/intake/likeness.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "src/base/ascii.h"
#include "src/clients/aws/arn.h"

namespace midwatch::intake {
namespace {

/// Types that ARNs say and aliases do not.
constexpr auto kPlainTypes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"lambda", "function"},
    {"ecs", "service"},
    {"ecs", "cluster"},
    {"rds", "db"},
    {"elasticloadbalancing", "loadbalancer"},
    {"dynamodb", "table"},
    {"ec2", "instance"},
    {"elasticache", "cluster"},
    {"kinesis", "stream"},
    {"events", "rule"},
    {"elasticfilesystem", "file-system"},
});

/// Kinds of Kubernetes whose pods are one workload.
constexpr auto kWorkloads =
    std::to_array<std::string_view>({"deployment", "statefulset", "daemonset", "cronjob", "pod"});

constexpr auto kSymptoms = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"throttl", "throttling"},
    {"latency", "latency"},
    {"duration", "latency"},
    {"responsetime", "latency"},
    {"slow", "latency"},
    {"p99", "latency"},
    {"unhealthy", "availability"},
    {"healthyhost", "availability"},
    {"crashloop", "availability"},
    {"notready", "availability"},
    {"unavailable", "availability"},
    {"down", "availability"},
    {"5xx", "errors"},
    {"error", "errors"},
    {"fault", "errors"},
    {"exception", "errors"},
    {"fail", "errors"},
    {"memory", "memory"},
    {"oom", "memory"},
    {"cpu", "cpu"},
    {"disk", "storage"},
    {"storage", "storage"},
    {"volume", "storage"},
    {"filesystem", "storage"},
    {"lag", "backlog"},
    {"queue", "backlog"},
    {"backlog", "backlog"},
    {"messagesvisible", "backlog"},
    {"ageofoldest", "backlog"},
    {"iteratorage", "backlog"},
    {"connection", "connections"},
});

/// The characters that Kubernetes makes names of: no vowels, so that no word comes about.
bool is_made_up(std::string_view part) {
  return part.find_first_not_of("bcdfghjklmnpqrstvwxz2456789") == std::string_view::npos;
}

/// Takes `-part` off the end where it is such a part of a pod's name.
bool take_suffix(std::string_view& pod, std::size_t shortest, std::size_t longest) {
  const auto dash = pod.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return false;
  const std::string_view part = pod.substr(dash + 1);
  if (part.size() < shortest || part.size() > longest || !is_made_up(part)) return false;
  pod = pod.substr(0, dash);
  return true;
}

/// `web` of the pod `web-7d9f8b5c4d-x2x4p` (a deployment's), `web-x2x4p` (a daemon set's), `web-0` (a
/// stateful set's).
std::string_view workload_of_pod(std::string_view pod) {
  constexpr std::size_t kRandom = 5;
  constexpr std::size_t kShortestHash = 7;
  constexpr std::size_t kLongestHash = 10;
  const auto dash = pod.rfind('-');
  if (dash != std::string_view::npos && dash > 0 && dash + 1 < pod.size() &&
      pod.find_first_not_of("0123456789", dash + 1) == std::string_view::npos)
    return pod.substr(0, dash);
  if (take_suffix(pod, kRandom, kRandom)) take_suffix(pod, kShortestHash, kLongestHash);
  return pod;
}

std::optional<std::string> workload_name(std::string_view entity) {
  const auto slash = entity.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view kind = entity.substr(0, slash);
  if (std::find(kWorkloads.begin(), kWorkloads.end(), kind) == kWorkloads.end()) return std::nullopt;
  const std::string_view rest = entity.substr(slash + 1);
  if (kind != "pod") return std::string(rest);
  const auto name = rest.rfind('/') == std::string_view::npos ? 0 : rest.rfind('/') + 1;
  return std::string(rest.substr(0, name)) + std::string(workload_of_pod(rest.substr(name)));
}

std::string plain(std::string_view text) {
  std::string word = base::to_lower(text);
  std::erase_if(word, [](char c) { return c == ' ' || c == '-' || c == '_' || c == '.'; });
  return word;
}

}  // namespace

std::string resource_name(std::string_view entity) {
  const auto arn = clients::aws::parse_arn(entity);
  if (!arn) return workload_name(entity).value_or(std::string(entity));
  std::string_view rest = arn->resource;
  const auto end = rest.find_first_of(":/");
  const std::string_view type = rest.substr(0, end);
  const bool plain_type = end != std::string_view::npos &&
                          std::find(kPlainTypes.begin(), kPlainTypes.end(),
                                    std::pair(std::string_view(arn->service), type)) != kPlainTypes.end();
  if (plain_type) rest.remove_prefix(end + 1);
  if (arn->service == "lambda") rest = rest.substr(0, rest.find(':'));
  std::string name(rest);
  std::replace(name.begin(), name.end(), ':', '/');
  return arn->service + "/" + name;
}

std::string symptom_of(const model::IncomingAlarm& alarm) {
  for (const std::string& said : {alarm.metric, alarm.name}) {
    const std::string word = plain(said);
    for (const auto& [part, symptom] : kSymptoms) {
      if (word.find(part) != std::string::npos) return std::string(symptom);
    }
  }
  return alarm.metric.empty() ? alarm.name : alarm.metric;
}

}  // namespace midwatch::intake
