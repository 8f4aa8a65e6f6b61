#include "src/base/yaml_fields.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include "src/base/length.h"
#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::base {
namespace {

constexpr std::size_t kShownBytes = 80;

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc() || end != text.end()) return std::nullopt;
  return value;
}

}  // namespace

Error YamlFields::malformed(const YAML::Node& node, std::string_view what) const {
  return user_error(ErrorCode::kMalformed, fmt::format("{}:{}: {}", path_, node.Mark().line + 1, what));
}

Result<> YamlFields::map(const YAML::Node& node, std::string_view what,
                         const std::vector<YamlField>& known) const {
  if (!node.IsMap()) return malformed(node, fmt::format("{} must be a map of keys and values", what));
  std::vector<std::string> seen;
  for (const auto& item : node) {
    const std::string key = item.first.IsScalar() ? item.first.Scalar() : std::string();
    const auto field =
        std::find_if(known.begin(), known.end(), [&](const YamlField& f) { return f.key == key; });
    if (field == known.end()) {
      std::vector<std::string_view> names;
      for (const YamlField& f : known) names.push_back(f.key);
      return malformed(item.first, fmt::format("'{}' is no key of {}; known are: {}",
                                               printable(key, kShownBytes), what, fmt::join(names, ", ")));
    }
    if (std::find(seen.begin(), seen.end(), key) != seen.end())
      return malformed(item.first, fmt::format("'{}' occurs twice", key));
    seen.push_back(key);
    MIDWATCH_TRY_VOID(field->read(item.second));
  }
  return {};
}

Result<> YamlFields::list(const YAML::Node& node, std::string_view key,
                          const std::function<Result<>(const YAML::Node&)>& read) const {
  if (!node.IsSequence()) return malformed(node, fmt::format("'{}' must be a list", key));
  for (const auto& item : node) MIDWATCH_TRY_VOID(read(item));
  return {};
}

Result<> YamlFields::text(const YAML::Node& node, std::string_view key, std::string& into) const {
  if (!node.IsScalar() || node.Scalar().empty())
    return malformed(node, fmt::format("'{}' must be one value", key));
  into = node.Scalar();
  return {};
}

Result<> YamlFields::texts(const YAML::Node& node, std::string_view key,
                           std::vector<std::string>& into) const {
  return list(node, key, [&](const YAML::Node& item) { return text(item, key, into.emplace_back()); });
}

Result<> YamlFields::time(const YAML::Node& node, std::string_view key, Timestamp& into) const {
  const auto parsed = node.IsScalar() ? parse_rfc3339(node.Scalar()) : std::nullopt;
  if (!parsed) return malformed(node, fmt::format("'{}' must be a time like 2026-01-05T02:00:00Z", key));
  into = *parsed;
  return {};
}

Result<> YamlFields::boolean(const YAML::Node& node, std::string_view key, bool& into) const {
  const std::string value = node.IsScalar() ? node.Scalar() : std::string();
  if (value != "true" && value != "false")
    return malformed(node, fmt::format("'{}' must be true or false", key));
  into = value == "true";
  return {};
}

Result<> YamlFields::count(const YAML::Node& node, std::string_view key, std::uint64_t least,
                           std::uint64_t most, std::uint64_t& into) const {
  const auto value = node.IsScalar() ? whole_number(node.Scalar()) : std::nullopt;
  if (!value || *value < least || *value > most)
    return malformed(node, fmt::format("'{}' must be a whole number of {} to {}", key, least, most));
  into = *value;
  return {};
}

Result<> YamlFields::duration(const YAML::Node& node, std::string_view key, Duration& into) const {
  const auto value = node.IsScalar() ? parse_duration(node.Scalar()) : std::nullopt;
  if (!value)
    return malformed(
        node, fmt::format("'{}' must be a time span like 500ms, 90s, 15m, 12h or 30d, or seconds; it is '{}'",
                          key, node.IsScalar() ? printable(node.Scalar(), kShownBytes) : ""));
  into = *value;
  return {};
}

Result<> read_yaml_file(std::string_view yaml, const std::string& path,
                        const std::function<Result<>(const YAML::Node&)>& read) {
  try {
    return read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& e) {
    return user_error(ErrorCode::kMalformed,
                      fmt::format("{}:{}: not valid YAML: {}", path, e.mark.line + 1, e.msg));
  }
}

}  // namespace midwatch::base
