#include "src/observe/changes/dependencies.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <re2/re2.h>

#include "src/observe/changes/file_role.h"
#include "src/observe/changes/source_lines.h"

namespace midwatch::observe::changes {
namespace {

/// How surely a step of a version changes behaviour.
constexpr double kMajorStrength = 0.9;
constexpr double kMinorStrength = 0.4;
/// Of versions before the first (0.16 to 0.17) anything may change with each; mostly little does.
constexpr double kEarlyStrength = 0.5;
constexpr double kPatchStrength = 0.15;
constexpr double kOtherStrength = 0.5;
/// What only checks, formats or tests the code is not there when it runs.
constexpr double kToolStrength = 0.05;
constexpr std::size_t kMostPerFile = 200;

bool is_development_tool(std::string_view name) {
  static constexpr std::array<std::string_view, 26> kTools{
      "eslint",    "prettier", "jest",       "mocha",      "vitest", "cypress",       "playwright",
      "stylelint", "husky",    "ruff",       "black",      "flake8", "mypy",          "isort",
      "pylint",    "pytest",   "tox",        "pre-commit", "rspec",  "golangci-lint", "junit",
      "ktlint",    "mockito",  "checkstyle", "spotless",   "rubocop"};
  if (name.starts_with("@types/")) return true;
  // Their plugins begin with the tool's name, after a scope or group: @scope/eslint-plugin, org.junit:junit.
  if (const std::size_t at = name.find_last_of("/:"); at != std::string_view::npos)
    name.remove_prefix(at + 1);
  return std::any_of(kTools.begin(), kTools.end(), [&](std::string_view tool) {
    return name.starts_with(tool) && (name.size() == tool.size() || name[tool.size()] == '-');
  });
}

struct Dependency {
  std::string name;
  std::string version;
  std::size_t line = 0;
  std::size_t hunk = 0;
};

const std::array<const RE2*, 8>& grammars() {
  static const RE2 kGo(
      R"re(^(?:require\s+|replace\s+)?([\w.\-]+\.[\w.\-]+/[\w./\-]+)\s+(?:=>\s+\S+\s+)?v(\d[\w.\-+]*))re");
  static const RE2 kJson(R"re(^"([@\w./\-]+)"\s*:\s*"[\^~>=<v ]*(\d[\w.\-+]*)")re");
  static const RE2 kPython(
      R"re(^["']?([A-Za-z][\w.\-]*)(?:\[[\w,\- ]*\])?\s*(?:==|>=|~=|<=|<|>|\^)\s*(\d[\w.\-+*]*))re");
  static const RE2 kToml(
      R"re(^"?([A-Za-z][\w.\-]*)"?\s*=\s*(?:\{[^}]*version\s*=\s*)?"[\^~>=< ]*(\d[\w.\-+*]*)")re");
  static const RE2 kGradle(R"re(["']([\w.\-]+:[\w.\-]+):(\d[\w.\-+]*)["'])re");
  static const RE2 kGem(R"re(^gem\s+["']([\w\-]+)["']\s*,\s*["'][~>=< ]*(\d[\w.\-+]*)["'])re");
  static const RE2 kNuget(R"re(Include="([\w.\-]+)"\s+Version="(\d[\w.\-+]*)")re");
  static const RE2 kMaven(R"re(<([\w.\-]*version[\w.\-]*)>\s*(\d[\w.\-+]*)\s*<)re");
  static const std::array<const RE2*, 8> kAll{&kGo,     &kJson, &kPython, &kToml,
                                              &kGradle, &kGem,  &kNuget,  &kMaven};
  return kAll;
}

const RE2& image_pattern() {
  static const RE2 kImage(
      R"re((?i)(?:^FROM\s+|^-?\s*"?image"?\s*[:=]\s*["']?)([\w./\-]+(?::\d+/[\w./\-]+)?)(?::|@)([\w.\-:]+))re");
  return kImage;
}

const RE2& artifact_pattern() {
  static const RE2 kArtifact(R"re(<artifactId>\s*([\w.\-]+)\s*<)re");
  return kArtifact;
}

/// The numbers of a version, as far as there are some.
std::vector<long> numbers_of(std::string_view version) {
  std::vector<long> numbers;
  long value = 0;
  bool digits = false;
  for (const char c : version) {
    if (c >= '0' && c <= '9') {
      value = std::min(value * 10 + (c - '0'), 1'000'000'000L);
      digits = true;
      continue;
    }
    if (!digits || c != '.') break;
    numbers.push_back(value);
    value = 0;
    digits = false;
  }
  if (digits) numbers.push_back(value);
  return numbers;
}

struct Step {
  const char* way;
  double strength;
};

Step step_of(std::string_view before, std::string_view after) {
  std::vector<long> a = numbers_of(before);
  std::vector<long> b = numbers_of(after);
  if (a.empty() || b.empty()) return {"major", kOtherStrength};
  a.resize(3);
  b.resize(3);
  if (b < a) return {"downgraded", a[0] != b[0] ? kMajorStrength : kOtherStrength};
  if (a[0] != b[0]) return {"major", kMajorStrength};
  if (a[1] != b[1]) return {"minor", a[0] == 0 ? kEarlyStrength : kMinorStrength};
  return {"patch", kPatchStrength};
}

std::optional<Dependency> read_line(const std::string& code, const std::string& artifact) {
  Dependency d;
  for (const RE2* grammar : grammars()) {
    if (!RE2::PartialMatch(code, *grammar, &d.name, &d.version)) continue;
    // Maven says the name on another line.
    if (d.name == "version" && !artifact.empty()) d.name = artifact;
    return d;
  }
  return std::nullopt;
}

using Side = std::map<std::string, Dependency>;

ChangeFact fact_of(const FileDiff& file, const Dependency& at, std::string type, double strength) {
  ChangeFact fact;
  fact.type = std::move(type);
  fact.file = file.path;
  fact.line = at.line;
  fact.hunk = at.hunk;
  fact.symbol = at.name;
  fact.strength = is_development_tool(at.name) ? kToolStrength : strength;
  return fact;
}

std::vector<ChangeFact> compare(const FileDiff& file, const Side& removed, const Side& added, bool images) {
  std::vector<ChangeFact> facts;
  for (const auto& [name, now] : added) {
    const auto before = removed.find(name);
    if (before == removed.end()) {
      if (!images) {
        facts.push_back(fact_of(file, now, "change.dependency.added", kOtherStrength));
        facts.back().after = now.version;
      }
      continue;
    }
    if (before->second.version == now.version) continue;
    const Step step = step_of(before->second.version, now.version);
    facts.push_back(images ? fact_of(file, now, "change.image.changed", step.strength)
                           : fact_of(file, now, std::string("change.dependency.") + step.way, step.strength));
    facts.back().before = before->second.version;
    facts.back().after = now.version;
  }
  for (const auto& [name, before] : removed) {
    if (added.contains(name) || images) continue;
    facts.push_back(fact_of(file, before, "change.dependency.removed", kOtherStrength));
    facts.back().before = before.version;
  }
  return facts;
}

}  // namespace

std::vector<ChangeFact> dependency_facts(const FileDiff& file) {
  const FileRole role = file_role(file.path);
  const bool manifest = role == FileRole::kManifest;
  const bool images = role == FileRole::kInfrastructure || role == FileRole::kConfig;
  if (!manifest && !images) return {};
  Side removed;
  Side added;
  for (std::size_t h = 0; h < file.hunks.size(); ++h) {
    std::string artifact;
    for (const SourceLine& line : source_lines(file.hunks[h], comment_style(file.path))) {
      RE2::PartialMatch(line.code, artifact_pattern(), &artifact);
      if (line.kind == LineKind::kContext) continue;
      Side& side = line.kind == LineKind::kAdded ? added : removed;
      std::optional<Dependency> found;
      if (manifest) {
        found = read_line(line.code, artifact);
      } else if (Dependency image;
                 RE2::PartialMatch(line.code, image_pattern(), &image.name, &image.version)) {
        found = std::move(image);
      }
      if (!found || side.size() >= kMostPerFile) continue;
      found->line = line.line;
      found->hunk = h;
      side.emplace(found->name, std::move(*found));
    }
  }
  return compare(file, removed, added, images);
}

}  // namespace midwatch::observe::changes
