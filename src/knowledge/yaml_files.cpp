#include "src/knowledge/yaml_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "src/base/try.h"

namespace midwatch::knowledge {
namespace {

constexpr int kMaxDepth = 32;

base::Error malformed(const std::string& path, int line, const std::string& what) {
  return base::user_error(base::ErrorCode::kMalformed, fmt::format("{}:{}: {}", path, line, what));
}

/// Every scalar becomes text: what is a number or a boolean is decided by who reads the field.
base::Result<base::Json> convert(const YAML::Node& node, const std::string& path, int depth) {
  const int line = node.Mark().line + 1;
  if (depth > kMaxDepth) return malformed(path, line, "nested too deeply");
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return base::Json(node.Scalar());
    case YAML::NodeType::Sequence: {
      base::Json list = base::Json::array();
      for (const auto& item : node) {
        MIDWATCH_TRY(auto value, convert(item, path, depth + 1));
        list.push_back(std::move(value));
      }
      return list;
    }
    case YAML::NodeType::Map: {
      base::Json map = base::Json::object();
      map["$line"] = line;
      for (const auto& item : node) {
        const std::string key = item.first.Scalar();
        if (map.contains(key))
          return malformed(path, item.first.Mark().line + 1, fmt::format("'{}' occurs twice", key));
        MIDWATCH_TRY(auto value, convert(item.second, path, depth + 1));
        map[key] = std::move(value);
      }
      return map;
    }
    default:
      return base::Json();
  }
}

}  // namespace

base::Result<KnowledgeFile> read_yaml(std::string_view text, const std::string& path) {
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    MIDWATCH_TRY(auto content, convert(root, path, 0));
    return KnowledgeFile{path, std::make_shared<const base::Json>(std::move(content)), {}};
  } catch (const YAML::Exception& e) {
    return malformed(path, e.mark.line + 1, fmt::format("not valid YAML: {}", e.msg));
  }
}

base::Result<std::vector<KnowledgeFile>> read_yaml_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<std::string> paths;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".yaml") paths.push_back(fs::relative(at->path(), folder).generic_string());
  }
  if (error) {
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("cannot read {}: {}", folder, error.message()));
  }
  std::sort(paths.begin(), paths.end());
  std::vector<KnowledgeFile> files;
  for (const auto& path : paths) {
    std::ifstream in(fs::path(folder) / path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    MIDWATCH_TRY(auto file, read_yaml(text, path));
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace midwatch::knowledge
