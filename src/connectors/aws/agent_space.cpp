#include "src/connectors/aws/agent_space.h"

#include <algorithm>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/base/wildcard.h"
#include "src/base/yaml_fields.h"

namespace midwatch::connectors::aws {
namespace {

constexpr std::string_view kFormat = "midwatch.space/v1";
constexpr std::size_t kShownBytes = 80;
constexpr std::size_t kAccountDigits = 12;

class SpaceReader {
 public:
  explicit SpaceReader(const std::string& path) : yaml_(path) {}

  base::Result<AgentSpace> read(const YAML::Node& root) {
    AgentSpace space;
    std::string format;
    MIDWATCH_TRY_VOID(yaml_.map(
        root, "a space file",
        {{"format", [&](const YAML::Node& n) { return yaml_.text(n, "format", format); }},
         {"name", [&](const YAML::Node& n) { return yaml_.text(n, "name", space.name); }},
         {"accounts", [&](const YAML::Node& n) { return accounts(n, space); }},
         {"scope", [&](const YAML::Node& n) { return scope(n, space); }},
         {"exclude", [&](const YAML::Node& n) { return yaml_.texts(n, "exclude", space.exclude); }},
         {"read_code", [&](const YAML::Node& n) { return yaml_.boolean(n, "read_code", space.read_code); }},
         {"maintenance", [&](const YAML::Node& n) { return maintenance(n, space); }}}));
    if (format != kFormat) {
      return yaml_.malformed(root, fmt::format("'format' is '{}'; this version reads '{}'",
                                               base::printable(format, kShownBytes), kFormat));
    }
    return space;
  }

 private:
  base::Result<> accounts(const YAML::Node& node, AgentSpace& space) const {
    if (!node.IsSequence()) return yaml_.malformed(node, "'accounts' must be a list");
    for (const auto& item : node) {
      SpaceAccount& account = space.accounts.emplace_back();
      MIDWATCH_TRY_VOID(yaml_.map(
          item, "an account",
          {{"id", [&](const YAML::Node& n) { return yaml_.text(n, "id", account.id); }},
           {"role", [&](const YAML::Node& n) { return yaml_.text(n, "role", account.role); }},
           {"external_id",
            [&](const YAML::Node& n) { return yaml_.text(n, "external_id", account.external_id); }},
           {"session_name",
            [&](const YAML::Node& n) { return yaml_.text(n, "session_name", account.session_name); }},
           {"regions", [&](const YAML::Node& n) { return yaml_.texts(n, "regions", account.regions); }}}));
      const bool digits = account.id.find_first_not_of("0123456789") == std::string::npos;
      if (!digits || account.id.size() != kAccountDigits)
        return yaml_.malformed(item,
                               fmt::format("'id' must be the account's twelve digits, in quotes; it is '{}'",
                                           base::printable(account.id, kShownBytes)));
      if (!account.role.empty() && !base::fits("arn:*:iam::*:role/*", account.role))
        return yaml_.malformed(item,
                               "'role' must be the ARN of a role (arn:aws:iam::123456789012:role/NAME)");
      if (account.role.empty() && !account.external_id.empty())
        return yaml_.malformed(item, "'external_id' goes with a 'role'");
    }
    return {};
  }

  base::Result<> scope(const YAML::Node& node, AgentSpace& space) const {
    return yaml_.map(node, "'scope'",
                     {{"stacks", [&](const YAML::Node& n) { return yaml_.texts(n, "stacks", space.stacks); }},
                      {"tags", [&](const YAML::Node& n) { return tags(n, space); }}});
  }

  base::Result<> tags(const YAML::Node& node, AgentSpace& space) const {
    if (!node.IsMap()) return yaml_.malformed(node, "'tags' must be a map of keys and patterns");
    for (const auto& item : node) {
      auto& [key, pattern] = space.tags.emplace_back();
      MIDWATCH_TRY_VOID(yaml_.text(item.first, "tags", key));
      MIDWATCH_TRY_VOID(yaml_.text(item.second, "tags", pattern));
    }
    return {};
  }

  base::Result<> maintenance(const YAML::Node& node, AgentSpace& space) const {
    if (!node.IsSequence()) return yaml_.malformed(node, "'maintenance' must be a list");
    for (const auto& item : node) {
      Maintenance& entry = space.maintenance.emplace_back();
      MIDWATCH_TRY_VOID(yaml_.map(
          item, "a maintenance window",
          {{"start", [&](const YAML::Node& n) { return yaml_.time(n, "start", entry.window.start); }},
           {"end", [&](const YAML::Node& n) { return yaml_.time(n, "end", entry.window.end); }},
           {"reason", [&](const YAML::Node& n) { return yaml_.text(n, "reason", entry.reason); }},
           {"resources",
            [&](const YAML::Node& n) { return yaml_.texts(n, "resources", entry.resources); }}}));
      if (entry.window.empty())
        return yaml_.malformed(item, "a maintenance window needs a 'start' before its 'end'");
    }
    return {};
  }

  base::YamlFields yaml_;
};

}  // namespace

std::vector<Place> places_of(const AgentSpace& space, const std::string& region) {
  std::vector<Place> places;
  for (const SpaceAccount& account : space.accounts) {
    const std::string id = space.accounts.size() > 1 ? account.id : std::string();
    std::vector<std::string> regions = account.regions;
    if (!region.empty() || regions.empty()) regions = {region};
    for (std::string& one : regions) places.push_back({id, std::move(one)});
  }
  if (places.empty()) places.push_back({"", region});
  return places;
}

base::Result<AgentSpace> read_agent_space(std::string_view yaml, const std::string& path) {
  AgentSpace space;
  MIDWATCH_TRY_VOID(base::read_yaml_file(yaml, path, [&](const YAML::Node& root) -> base::Result<> {
    MIDWATCH_TRY(space, SpaceReader(path).read(root));
    return {};
  }));
  return space;
}

}  // namespace midwatch::connectors::aws
