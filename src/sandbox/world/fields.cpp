#include "src/sandbox/world/fields.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/length.h"

namespace midwatch::sandbox::world {

void Faults::add(const Node& where, std::string_view what) {
  if (first_) return;
  first_ = base::user_error(base::ErrorCode::kMalformed,
                            fmt::format("{}:{}:{}: {}", path_, where.line, where.column, what));
}

Fields::Fields(const Node& map, Faults& faults, std::string what)
    : map_(map), faults_(faults), what_(std::move(what)) {
  if (map.kind != Node::Kind::kMap && map.kind != Node::Kind::kNull)
    fault(fmt::format("{} must be a map", what_));
}

Fields::~Fields() {
  for (const auto& [key, value] : map_.members) {
    if (!asked_.contains(key.scalar))
      faults_.add(key, fmt::format("{}: unknown key '{}'", what_, key.scalar));
  }
}

const Node* Fields::find(std::string_view name) {
  asked_.emplace(name);
  const Node* node = map_.find(name);
  return node == nullptr || node->kind == Node::Kind::kNull ? nullptr : node;
}

std::string Fields::text(std::string_view name) {
  if (find(name) == nullptr) fault(fmt::format("{}: '{}' is missing", what_, name));
  return text_or(name, {});
}

std::string Fields::text_or(std::string_view name, std::string otherwise) {
  const Node* node = find(name);
  if (node == nullptr) return otherwise;
  if (node->kind != Node::Kind::kScalar) faults_.add(*node, fmt::format("'{}' must be text", name));
  return node->scalar;
}

double Fields::number_or(std::string_view name, double otherwise) {
  const Node* node = find(name);
  if (node == nullptr) return otherwise;
  const base::Json value = to_json(*node);
  if (value.is_number()) return value.get<double>();
  faults_.add(*node, fmt::format("'{}' must be a number", name));
  return otherwise;
}

bool Fields::flag_or(std::string_view name, bool otherwise) {
  const Node* node = find(name);
  if (node == nullptr) return otherwise;
  if (node->scalar != "true" && node->scalar != "false")
    faults_.add(*node, fmt::format("'{}' must be true or false", name));
  return node->scalar == "true";
}

double Fields::seconds_or(std::string_view name, double otherwise) {
  const Node* node = find(name);
  if (node == nullptr) return otherwise;
  const auto seconds = parse_seconds(node->scalar);
  if (!seconds) faults_.add(*node, fmt::format("'{}' must be a time like -8m, 1h30m, 2.5s or 40ms", name));
  return seconds.value_or(otherwise);
}

std::vector<std::string> Fields::texts(std::string_view name) {
  const Node* node = find(name);
  if (node == nullptr) return {};
  if (node->kind == Node::Kind::kScalar) return {node->scalar};
  std::vector<std::string> texts;
  if (node->kind != Node::Kind::kList) faults_.add(*node, fmt::format("'{}' must be a list of texts", name));
  for (const Node& item : node->items) {
    if (item.kind != Node::Kind::kScalar)
      faults_.add(item, fmt::format("'{}' must be a list of texts", name));
    texts.push_back(item.scalar);
  }
  return texts;
}

std::map<std::string, std::string> Fields::text_map(std::string_view name) {
  std::map<std::string, std::string> map;
  const Node* node = find(name);
  if (node == nullptr) return map;
  if (node->kind != Node::Kind::kMap) faults_.add(*node, fmt::format("'{}' must be a map of texts", name));
  for (const auto& [key, value] : node->members) {
    if (value.kind != Node::Kind::kScalar) faults_.add(value, fmt::format("'{}' must be text", key.scalar));
    map[key.scalar] = value.scalar;
  }
  return map;
}

const Node& Fields::child(std::string_view name) {
  static const Node kNone;
  const Node* node = find(name);
  return node == nullptr ? kNone : *node;
}

const std::vector<Node>& Fields::list(std::string_view name) {
  const Node& node = child(name);
  if (node.kind != Node::Kind::kList && node.kind != Node::Kind::kNull)
    faults_.add(node, fmt::format("'{}' must be a list", name));
  return node.items;
}

base::Json Fields::json(std::string_view name) {
  return to_json(child(name));
}

std::optional<double> parse_seconds(std::string_view text) {
  const double sign = text.starts_with('-') ? -1 : 1;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto length = base::parse_duration(text);
  if (!length) return std::nullopt;
  return sign * base::to_seconds(*length);
}

}  // namespace midwatch::sandbox::world
