#include "src/clients/aws/definition_difference.h"

#include <map>

#include <fmt/format.h>

namespace midwatch::clients::aws {
namespace {

/// Settings that change what runs; status, times and revision numbers differ always.
std::map<std::string, std::string> settings_of(const telemetry::Attributes& attributes) {
  std::map<std::string, std::string> settings;
  for (const auto& [path, value] : attributes) {
    if (path.starts_with("container.") || path.starts_with("limit.") || path.ends_with("RoleArn"))
      settings.emplace(path, value);
  }
  return settings;
}

}  // namespace

std::string definition_difference(const telemetry::Attributes& before, const telemetry::Attributes& after,
                                  const std::string& file) {
  const auto old_settings = settings_of(before);
  const auto new_settings = settings_of(after);
  std::string lines;
  std::size_t removed = 0;
  std::size_t added = 0;
  for (const auto& [path, value] : old_settings) {
    const auto now = new_settings.find(path);
    if (now != new_settings.end() && now->second == value) continue;
    lines += fmt::format("-{}: {}\n", path, value);
    ++removed;
    if (now == new_settings.end()) continue;
    lines += fmt::format("+{}: {}\n", path, now->second);
    ++added;
  }
  for (const auto& [path, value] : new_settings) {
    if (old_settings.contains(path)) continue;
    lines += fmt::format("+{}: {}\n", path, value);
    ++added;
  }
  if (lines.empty()) return {};
  return fmt::format("--- a/{0}\n+++ b/{0}\n@@ -1,{1} +1,{2} @@\n{3}", file, removed, added, lines);
}

}  // namespace midwatch::clients::aws
