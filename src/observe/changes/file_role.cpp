#include "src/observe/changes/file_role.h"

#include <algorithm>
#include <array>
#include <span>

#include "src/base/ascii.h"

namespace midwatch::observe::changes {
namespace {

using std::string_view;

template <std::size_t N>
bool is_one_of(string_view word, const std::array<string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

string_view extension_of(string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == string_view::npos || dot == 0 ? string_view() : name.substr(dot + 1);
}

constexpr std::array<string_view, 13> kTestFolders{"test",    "tests",    "__tests__", "testdata", "spec",
                                                   "specs",   "fixtures", "__mocks__", "mocks",    "e2e",
                                                   "testing", "golden",   "benchmarks"};
constexpr std::array<string_view, 5> kDocFolders{"docs", "doc", "documentation", "runbooks", "adr"};
constexpr std::array<string_view, 9> kDocExtensions{"md",     "rst",  "adoc",     "mdx", "pdf",
                                                    "drawio", "puml", "markdown", "org"};
constexpr std::array<string_view, 12> kDocNames{"readme",       "changelog", "license",         "codeowners",
                                                "contributing", "notice",    "authors",         "maintainers",
                                                "copying",      "security",  "code_of_conduct", "owners"};
constexpr std::array<string_view, 9> kBuildFolders{
    ".github", ".circleci", ".gitlab", ".buildkite", ".vscode", ".idea", ".husky", ".ci", ".azure-pipelines"};
constexpr std::array<string_view, 23> kBuildNames{"cmakelists.txt",
                                                  ".gitlab-ci.yml",
                                                  "jenkinsfile",
                                                  ".travis.yml",
                                                  "azure-pipelines.yml",
                                                  ".golangci.yml",
                                                  ".golangci.yaml",
                                                  ".eslintrc",
                                                  ".eslintrc.json",
                                                  ".eslintrc.js",
                                                  ".prettierrc",
                                                  ".editorconfig",
                                                  ".gitignore",
                                                  ".dockerignore",
                                                  "makefile",
                                                  ".pre-commit-config.yaml",
                                                  "tox.ini",
                                                  ".clang-format",
                                                  ".clang-tidy",
                                                  "renovate.json",
                                                  "dependabot.yml",
                                                  "sonar-project.properties",
                                                  ".gitattributes"};
constexpr std::array<string_view, 21> kManifests{"go.mod",
                                                 "package.json",
                                                 "requirements.txt",
                                                 "pom.xml",
                                                 "build.gradle",
                                                 "build.gradle.kts",
                                                 "cargo.toml",
                                                 "pyproject.toml",
                                                 "gemfile",
                                                 "composer.json",
                                                 "setup.py",
                                                 "setup.cfg",
                                                 "pipfile",
                                                 "mix.exs",
                                                 "packages.config",
                                                 "libs.versions.toml",
                                                 "go.work",
                                                 "constraints.txt",
                                                 "directory.packages.props",
                                                 "conanfile.txt",
                                                 "vcpkg.json"};
constexpr std::array<string_view, 14> kLocks{"go.sum",          "package-lock.json",  "yarn.lock",
                                             "pnpm-lock.yaml",  "cargo.lock",         "poetry.lock",
                                             "gemfile.lock",    "composer.lock",      "pipfile.lock",
                                             "gradle.lockfile", "packages.lock.json", "mix.lock",
                                             "uv.lock",         "bun.lockb"};
constexpr std::array<string_view, 10> kAssets{"css", "scss", "less", "svg",   "png",
                                              "jpg", "ico",  "woff", "woff2", "po"};
constexpr std::array<string_view, 13> kInfraFolders{
    "charts", "helm",           "terraform",      "k8s",    "kubernetes",  "manifests", "kustomize",
    "infra",  "infrastructure", "cloudformation", "deploy", "deployments", "argocd"};
constexpr std::array<string_view, 4> kInfraExtensions{"tf", "tfvars", "bicep", "hcl"};
constexpr std::array<string_view, 15> kConfigExtensions{"txt", "yaml", "yml",    "json",       "toml",
                                                        "ini", "conf", "cfg",    "properties", "env",
                                                        "xml", "cnf",  "config", "jsonnet",    "cue"};
constexpr std::array<string_view, 5> kMigrationFolders{"migrations", "migrate", "migration", "flyway",
                                                       "liquibase"};
constexpr std::array<string_view, 16> kOtherEnvironments{
    "staging", "stage", "stg",     "dev",   "develop", "development", "sandbox", "qa",
    "uat",     "test",  "preview", "local", "nonprod", "non-prod",    "preprod", "canary-test"};
constexpr std::array<string_view, 20> kHashExtensions{
    "py", "rb",  "sh",  "yaml", "yml", "toml",       "tf",  "tfvars", "pl",   "r",
    "ex", "exs", "env", "conf", "cfg", "properties", "ini", "hcl",    "bash", "cnf"};

bool is_test_name(string_view name) {
  const string_view stem = name.substr(0, name.rfind('.'));
  return stem.ends_with("_test") || stem.ends_with(".test") || stem.ends_with(".spec") ||
         stem.ends_with("_spec") || stem.starts_with("test_") || stem.ends_with("tests") ||
         stem.ends_with("_bench") || stem == "conftest" || name.ends_with(".golden") ||
         name.ends_with(".snap");
}

/// The stem of Java and C# tests keeps its capitals: OrderServiceTest, OrderServiceIT.
bool is_camel_test(string_view name) {
  const string_view stem = name.substr(0, name.rfind('.'));
  return stem.size() > 4 && (stem.ends_with("Test") || stem.ends_with("Tests") || stem.ends_with("IT"));
}

bool has_part(std::span<const std::string> parts, auto&& is) {
  return std::any_of(parts.begin(), parts.end(), is);
}

}  // namespace

string_view to_string(FileRole role) {
  switch (role) {
    case FileRole::kCode:
      return "code";
    case FileRole::kConfig:
      return "config";
    case FileRole::kInfrastructure:
      return "infrastructure";
    case FileRole::kMigration:
      return "migration";
    case FileRole::kManifest:
      return "manifest";
    case FileRole::kLock:
      return "lock";
    case FileRole::kTest:
      return "test";
    case FileRole::kDocs:
      return "docs";
    case FileRole::kBuild:
      return "build";
    case FileRole::kAsset:
      return "asset";
  }
  return "code";
}

bool is_inert(FileRole role) {
  return role == FileRole::kTest || role == FileRole::kDocs || role == FileRole::kBuild ||
         role == FileRole::kAsset;
}

std::vector<std::string> path_parts(string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find_first_of("/\\");
    if (slash != 0) parts.push_back(base::to_lower(path.substr(0, slash)));
    if (slash == string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return parts;
}

FileRole file_role(string_view path) {
  const std::vector<std::string> parts = path_parts(path);
  if (parts.empty()) return FileRole::kCode;
  const std::string& name = parts.back();
  const std::span<const std::string> folders(parts.data(), parts.size() - 1);
  const string_view extension = extension_of(name);
  const string_view stem = string_view(name).substr(0, name.find('.'));
  const std::size_t slash = path.find_last_of("/\\");
  const string_view spelled = slash == string_view::npos ? path : path.substr(slash + 1);

  if (is_test_name(name) || is_camel_test(spelled) ||
      has_part(folders, [](const auto& p) { return is_one_of(p, kTestFolders); }))
    return FileRole::kTest;
  if (is_one_of(name, kLocks)) return FileRole::kLock;
  if (is_one_of(name, kManifests) || name.ends_with(".csproj") || name.ends_with(".gemspec") ||
      (name.starts_with("requirements") && extension == "txt"))
    return FileRole::kManifest;
  if (has_part(folders, [](const auto& p) { return is_one_of(p, kBuildFolders); }) ||
      is_one_of(name, kBuildNames))
    return FileRole::kBuild;
  if (extension == "sql" || has_part(folders, [](const auto& p) { return is_one_of(p, kMigrationFolders); }))
    return FileRole::kMigration;
  // SECURITY.md and LICENSE, not security.tf or license.go.
  if (is_one_of(stem, kDocNames) &&
      (extension.empty() || extension == "txt" || is_one_of(extension, kDocExtensions)))
    return FileRole::kDocs;
  const bool in_docs = has_part(folders, [](const auto& p) { return is_one_of(p, kDocFolders); });
  if (in_docs || (is_one_of(extension, kDocExtensions) && !has_part(folders, [](const auto& p) {
                    return p == "src" || p == "config" || p == "prompts";
                  })))
    return FileRole::kDocs;
  if (is_one_of(extension, kAssets)) return FileRole::kAsset;
  if (is_one_of(extension, kInfraExtensions) || stem == "dockerfile" || name.starts_with("docker-compose") ||
      extension == "dockerfile" || name == "procfile")
    return FileRole::kInfrastructure;
  if (is_one_of(extension, kConfigExtensions) || name == ".env" || name.starts_with(".env.")) {
    const bool infra = has_part(folders, [](const auto& p) { return is_one_of(p, kInfraFolders); });
    return infra ? FileRole::kInfrastructure : FileRole::kConfig;
  }
  return FileRole::kCode;
}

Comments comment_style(string_view path) {
  const std::vector<std::string> parts = path_parts(path);
  if (parts.empty()) return Comments::kSlashes;
  const std::string& name = parts.back();
  const string_view extension = extension_of(name);
  if (extension == "sql" || extension == "lua" || extension == "hs") return Comments::kDashes;
  if (is_one_of(extension, kHashExtensions) || name.starts_with("dockerfile") || name == "makefile" ||
      name.starts_with("requirements") || name == "gemfile" || name == ".env" || name == "procfile")
    return Comments::kHash;
  if (extension == "json" || extension == "csv") return Comments::kNone;
  return Comments::kSlashes;
}

bool is_other_environment(string_view path) {
  const std::vector<std::string> parts = path_parts(path);
  for (const std::string& part : parts) {
    if (is_one_of(part, kOtherEnvironments)) return true;
    // values-staging.yaml, config.dev.json
    std::size_t start = 0;
    std::size_t words = 0;
    for (std::size_t i = 0; i <= part.size(); ++i) {
      if (i < part.size() && part[i] != '.' && part[i] != '-' && part[i] != '_') continue;
      const string_view word = string_view(part).substr(start, i - start);
      if (words++ > 0 && &part == &parts.back() && word != "test" && word != "local" &&
          is_one_of(word, kOtherEnvironments))
        return true;
      start = i + 1;
    }
  }
  return false;
}

}  // namespace midwatch::observe::changes
