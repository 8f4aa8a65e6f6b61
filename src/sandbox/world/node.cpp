#include "src/sandbox/world/node.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "src/base/try.h"

namespace midwatch::sandbox::world {
namespace {

/// Deeper than any answer of an API is.
constexpr int kMaxDepth = 60;

base::Error malformed(const std::string& path, const YAML::Mark& mark, std::string_view what) {
  return base::user_error(base::ErrorCode::kMalformed,
                          fmt::format("{}:{}:{}: {}", path, mark.line + 1, mark.column + 1, what));
}

base::Result<Node> convert(const YAML::Node& from, const std::string& path, int depth) {
  if (depth > kMaxDepth) return malformed(path, from.Mark(), "nested too deeply");
  Node node;
  node.line = from.Mark().line + 1;
  node.column = from.Mark().column + 1;
  if (from.IsScalar()) {
    node.kind = Node::Kind::kScalar;
    node.scalar = from.Scalar();
    node.quoted = from.Tag() == "!";
  } else if (from.IsSequence()) {
    node.kind = Node::Kind::kList;
    for (const auto& item : from) {
      MIDWATCH_TRY(auto value, convert(item, path, depth + 1));
      node.items.push_back(std::move(value));
    }
  } else if (from.IsMap()) {
    node.kind = Node::Kind::kMap;
    for (const auto& item : from) {
      MIDWATCH_TRY(auto key, convert(item.first, path, depth + 1));
      if (node.find(key.scalar) != nullptr)
        return malformed(path, item.first.Mark(), fmt::format("'{}' occurs twice", key.scalar));
      MIDWATCH_TRY(auto value, convert(item.second, path, depth + 1));
      node.members.push_back({std::move(key), std::move(value)});
    }
  }
  return node;
}

base::Json scalar_json(const Node& node) {
  if (node.quoted) return node.scalar;
  if (node.scalar == "true" || node.scalar == "false") return node.scalar == "true";
  const char* end = node.scalar.data() + node.scalar.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(node.scalar.data(), end, whole);
      read.ec == std::errc() && read.ptr == end)
    return whole;
  double number = 0;
  if (const auto read = std::from_chars(node.scalar.data(), end, number);
      read.ec == std::errc() && read.ptr == end)
    return number;
  return node.scalar;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.first.scalar == key; });
  return found == members.end() ? nullptr : &found->second;
}

base::Result<Node> read_node(std::string_view text, const std::string& path) {
  try {
    return convert(YAML::Load(std::string(text)), path, 0);
  } catch (const YAML::Exception& e) {
    return malformed(path, e.mark, fmt::format("not valid YAML: {}", e.msg));
  }
}

base::Json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kScalar:
      return scalar_json(node);
    case Node::Kind::kList: {
      base::Json list = base::Json::array();
      for (const Node& item : node.items) list.push_back(to_json(item));
      return list;
    }
    case Node::Kind::kMap: {
      base::Json map = base::Json::object();
      for (const auto& [key, value] : node.members) map[key.scalar] = to_json(value);
      return map;
    }
    case Node::Kind::kNull:
      break;
  }
  return {};
}

Node overlaid(const Node& base, const Node& overlay) {
  if (base.kind != Node::Kind::kMap || overlay.kind != Node::Kind::kMap) return overlay;
  Node result = base;
  for (const auto& [key, value] : overlay.members) {
    const auto same = std::find_if(result.members.begin(), result.members.end(),
                                   [&](const auto& member) { return member.first.scalar == key.scalar; });
    if (same == result.members.end()) {
      result.members.push_back({key, value});
    } else {
      same->second = overlaid(same->second, value);
    }
  }
  return result;
}

}  // namespace midwatch::sandbox::world
