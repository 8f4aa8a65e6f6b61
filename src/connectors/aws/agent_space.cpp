#include "src/connectors/aws/agent_space.h"

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::connectors::aws {
namespace {

constexpr std::string_view kFormat = "midwatch.space/v1";
constexpr std::size_t kShownBytes = 80;
constexpr std::size_t kAccountDigits = 12;

/// Reads one key's value.
struct Field {
  std::string_view key;
  std::function<base::Result<>(const YAML::Node&)> read;
};

class SpaceReader {
 public:
  explicit SpaceReader(const std::string& path) : path_(path) {}

  base::Result<AgentSpace> read(const YAML::Node& root) {
    AgentSpace space;
    std::string format;
    MIDWATCH_TRY_VOID(
        fields(root, "a space file",
               {{"format", [&](const YAML::Node& n) { return scalar(n, "format", format); }},
                {"name", [&](const YAML::Node& n) { return scalar(n, "name", space.name); }},
                {"accounts", [&](const YAML::Node& n) { return accounts(n, space); }},
                {"scope", [&](const YAML::Node& n) { return scope(n, space); }},
                {"exclude", [&](const YAML::Node& n) { return list(n, "exclude", space.exclude); }},
                {"maintenance", [&](const YAML::Node& n) { return maintenance(n, space); }}}));
    if (format != kFormat) {
      return malformed(root, fmt::format("'format' is '{}'; this version reads '{}'",
                                         base::printable(format, kShownBytes), kFormat));
    }
    return space;
  }

 private:
  base::Error malformed(const YAML::Node& node, std::string_view what) const {
    return base::user_error(base::ErrorCode::kMalformed,
                            fmt::format("{}:{}: {}", path_, node.Mark().line + 1, what));
  }

  /// Reads a map of which every key is known, each at most once.
  base::Result<> fields(const YAML::Node& node, std::string_view what,
                        const std::vector<Field>& known) const {
    if (!node.IsMap()) return malformed(node, fmt::format("{} must be a map of keys and values", what));
    std::vector<std::string> seen;
    for (const auto& item : node) {
      const std::string key = item.first.IsScalar() ? item.first.Scalar() : std::string();
      const auto field =
          std::find_if(known.begin(), known.end(), [&](const Field& f) { return f.key == key; });
      if (field == known.end()) {
        std::vector<std::string_view> names;
        for (const Field& f : known) names.push_back(f.key);
        return malformed(item.first,
                         fmt::format("'{}' is no key of {}; known are: {}", base::printable(key, kShownBytes),
                                     what, fmt::join(names, ", ")));
      }
      if (std::find(seen.begin(), seen.end(), key) != seen.end())
        return malformed(item.first, fmt::format("'{}' occurs twice", key));
      seen.push_back(key);
      MIDWATCH_TRY_VOID(field->read(item.second));
    }
    return {};
  }

  base::Result<> scalar(const YAML::Node& node, std::string_view key, std::string& into) const {
    if (!node.IsScalar() || node.Scalar().empty())
      return malformed(node, fmt::format("'{}' must be one value", key));
    into = node.Scalar();
    return {};
  }

  base::Result<> list(const YAML::Node& node, std::string_view key, std::vector<std::string>& into) const {
    if (!node.IsSequence()) return malformed(node, fmt::format("'{}' must be a list", key));
    for (const auto& item : node) MIDWATCH_TRY_VOID(scalar(item, key, into.emplace_back()));
    return {};
  }

  base::Result<> time(const YAML::Node& node, std::string_view key, base::Timestamp& into) const {
    const auto parsed = node.IsScalar() ? base::parse_rfc3339(node.Scalar()) : std::nullopt;
    if (!parsed) return malformed(node, fmt::format("'{}' must be a time like 2026-01-05T02:00:00Z", key));
    into = *parsed;
    return {};
  }

  base::Result<> accounts(const YAML::Node& node, AgentSpace& space) const {
    if (!node.IsSequence()) return malformed(node, "'accounts' must be a list");
    for (const auto& item : node) {
      SpaceAccount& account = space.accounts.emplace_back();
      MIDWATCH_TRY_VOID(
          fields(item, "an account",
                 {{"id", [&](const YAML::Node& n) { return scalar(n, "id", account.id); }},
                  {"role", [&](const YAML::Node& n) { return scalar(n, "role", account.role); }},
                  {"external_id",
                   [&](const YAML::Node& n) { return scalar(n, "external_id", account.external_id); }},
                  {"session_name",
                   [&](const YAML::Node& n) { return scalar(n, "session_name", account.session_name); }},
                  {"regions", [&](const YAML::Node& n) { return list(n, "regions", account.regions); }}}));
      const bool digits = account.id.find_first_not_of("0123456789") == std::string::npos;
      if (!digits || account.id.size() != kAccountDigits)
        return malformed(item, fmt::format("'id' must be the account's twelve digits, in quotes; it is '{}'",
                                           base::printable(account.id, kShownBytes)));
      if (!account.role.empty() && !fits("arn:*:iam::*:role/*", account.role))
        return malformed(item, "'role' must be the ARN of a role (arn:aws:iam::123456789012:role/NAME)");
      if (account.role.empty() && !account.external_id.empty())
        return malformed(item, "'external_id' goes with a 'role'");
    }
    return {};
  }

  base::Result<> scope(const YAML::Node& node, AgentSpace& space) const {
    return fields(node, "'scope'",
                  {{"stacks", [&](const YAML::Node& n) { return list(n, "stacks", space.stacks); }},
                   {"tags", [&](const YAML::Node& n) { return tags(n, space); }}});
  }

  base::Result<> tags(const YAML::Node& node, AgentSpace& space) const {
    if (!node.IsMap()) return malformed(node, "'tags' must be a map of keys and patterns");
    for (const auto& item : node) {
      auto& [key, pattern] = space.tags.emplace_back();
      MIDWATCH_TRY_VOID(scalar(item.first, "tags", key));
      MIDWATCH_TRY_VOID(scalar(item.second, "tags", pattern));
    }
    return {};
  }

  base::Result<> maintenance(const YAML::Node& node, AgentSpace& space) const {
    if (!node.IsSequence()) return malformed(node, "'maintenance' must be a list");
    for (const auto& item : node) {
      Maintenance& entry = space.maintenance.emplace_back();
      MIDWATCH_TRY_VOID(fields(
          item, "a maintenance window",
          {{"start", [&](const YAML::Node& n) { return time(n, "start", entry.window.start); }},
           {"end", [&](const YAML::Node& n) { return time(n, "end", entry.window.end); }},
           {"reason", [&](const YAML::Node& n) { return scalar(n, "reason", entry.reason); }},
           {"resources", [&](const YAML::Node& n) { return list(n, "resources", entry.resources); }}}));
      if (entry.window.empty())
        return malformed(item, "a maintenance window needs a 'start' before its 'end'");
    }
    return {};
  }

  const std::string& path_;
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

bool fits(std::string_view pattern, std::string_view text) {
  // Greedy with one place to return to: linear in practice, and never worse than pattern times text.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

base::Result<AgentSpace> read_agent_space(std::string_view yaml, const std::string& path) {
  try {
    return SpaceReader(path).read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& e) {
    return base::user_error(base::ErrorCode::kMalformed,
                            fmt::format("{}:{}: not valid YAML: {}", path, e.mark.line + 1, e.msg));
  }
}

}  // namespace midwatch::connectors::aws
