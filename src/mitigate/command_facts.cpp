#include "src/mitigate/command_facts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "src/base/ascii.h"

namespace midwatch::mitigate {
namespace {

constexpr std::size_t kLongestArgument = 400;
constexpr std::string_view kPunctuation = "._:/@=,+-";
constexpr std::string_view kFirstPunctuation = "._/";
constexpr int kArnParts = 5;

bool is_letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

void add(model::Facts& facts, const char* name, std::string_view value) {
  if (!value.empty()) facts.insert_or_assign(name, std::string(value));
}

/// arn:partition:service:region:account:resource
void add_arn(const std::string& arn, model::Facts& facts) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (int i = 0; i < kArnParts; ++i) {
    const std::size_t colon = arn.find(':', start);
    if (colon == std::string::npos) return;
    parts.push_back(arn.substr(start, colon - start));
    start = colon + 1;
  }
  const std::string resource = arn.substr(start);
  add(facts, "region", parts[3]);
  const std::size_t last = resource.find_last_of(":/");
  add(facts, "name", last == std::string::npos ? resource : resource.substr(last + 1));
  static constexpr std::string_view kService = "service/";
  if (parts[2] != "ecs" || !resource.starts_with(kService)) return;
  const std::size_t slash = resource.find('/', kService.size());
  if (slash != std::string::npos)
    add(facts, "cluster", resource.substr(kService.size(), slash - kService.size()));
}

}  // namespace

bool is_plain_argument(std::string_view text) {
  if (text.empty() || text.size() > kLongestArgument || text.find("://") != std::string_view::npos)
    return false;
  if (!is_letter_or_digit(text.front()) && kFirstPunctuation.find(text.front()) == std::string_view::npos)
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || kPunctuation.find(c) != std::string_view::npos;
  });
}

model::Facts plain_only(const model::Facts& facts) {
  model::Facts plain;
  for (const auto& [name, value] : facts) {
    if (is_plain_argument(value)) plain.emplace(name, value);
  }
  return plain;
}

model::Facts address_of(const std::string& id, const telemetry::Entity* entity) {
  model::Facts facts;
  add(facts, "name", id);
  if (id.starts_with("arn:")) {
    add_arn(id, facts);
  } else if (const std::size_t first = id.find('/'), last = id.rfind('/');
             first != std::string::npos && last > first) {
    add(facts, "namespace", id.substr(0, first));
    add(facts, "name", id.substr(last + 1));
  }
  if (entity == nullptr) return facts;
  const auto& attributes = entity->attributes;
  static constexpr std::array<std::pair<const char*, const char*>, 4> kPaths{
      {{"namespace", "metadata.namespace"},
       {"cluster", "clusterArn"},
       {"region", "region"},
       {"replicas", "replicas.desired"}}};
  for (const auto& [fact, path] : kPaths) add(facts, fact, attributes.get(path));
  // By its name the cluster is known to metrics as well; the ARN is not.
  if (const auto cluster = facts.find("cluster"); cluster != facts.end())
    cluster->second.erase(0, cluster->second.rfind('/') + 1);
  add(facts, "name", entity->name);
  // "deployment/web": what kubectl takes for any kind of object.
  if (attributes.find("platform.kind") != nullptr && !entity->type.empty())
    facts["resource"] = base::to_lower(entity->type) + "/" + facts.at("name");
  if (const auto replicas = attributes.number("replicas.desired"); replicas && *replicas >= 0)
    facts["replicas_next"] = fmt::format("{:.0f}", *replicas + 1);
  return facts;
}

model::Facts facts_of(const telemetry::ChangeEvent& change) {
  model::Facts facts;
  add(facts, "change", change.id);
  const std::string_view commit = change.attributes.get("commit");
  if (!commit.empty() || change.kind == telemetry::ChangeKind::kCommit)
    add(facts, "commit", commit.empty() ? std::string_view(change.id) : commit);
  add(facts, "version", change.version);
  add(facts, "qualifier",
      change.attributes.get("parameters.qualifier"));  // an alias or version of a function
  return facts;
}

}  // namespace midwatch::mitigate
