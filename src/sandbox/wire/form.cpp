#include "src/sandbox/wire/form.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/utf8.h"
#include "src/sandbox/wire/json_shape.h"
#include "src/sandbox/wire/percent.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;
using Kind = Shape::Kind;

/// A form deeper or longer than any operation's is nobody's honest request.
constexpr std::size_t kDeepest = 24;
constexpr std::size_t kMostValues = 20'000;

/// What keys with a common beginning hold.
struct Node {
  std::optional<std::string> value;
  std::map<std::string, Node, std::less<>> children;
};

tl::unexpected<AccountError> malformed(std::string message) {
  return tl::unexpected(AccountError{"MalformedInput", std::move(message), 400});
}

/// The index of a list's item; nothing for any other text.
std::optional<std::size_t> index_of(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return index;
}

bool is_numbered(const Node& node) {
  return !node.children.empty() &&
         std::all_of(node.children.begin(), node.children.end(),
                     [](const auto& child) { return index_of(child.first).has_value(); });
}

/// The numbered children of a node, or of the one child (`member`) that has them, by their number.
std::vector<const Node*> items_of(const Node& node) {
  const Node* list = &node;
  if (!is_numbered(node) && node.children.size() == 1) list = &node.children.begin()->second;
  if (!is_numbered(*list)) return {};
  std::vector<std::pair<std::size_t, const Node*>> numbered;
  for (const auto& [name, child] : list->children) numbered.emplace_back(*index_of(name), &child);
  std::sort(numbered.begin(), numbered.end());
  std::vector<const Node*> out;
  for (const auto& [number, child] : numbered) out.push_back(child);
  return out;
}

tl::expected<Json, AccountError> value_of(const Node& node, const Shape* shape);

tl::expected<Json, AccountError> scalar_of(const std::string& text, Kind kind) {
  if (kind == Kind::kBoolean) {
    const std::string lower = base::to_lower(text);
    if (lower != "true" && lower != "false")
      return malformed("not true or false: " + base::printable(text, 64));
    return Json(lower == "true");
  }
  if (kind == Kind::kInteger || kind == Kind::kNumber) {
    std::int64_t whole = 0;
    double number = 0;
    const char* end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end)
      return Json(whole);
    if (const auto read = std::from_chars(text.data(), end, number);
        read.ec == std::errc() && read.ptr == end)
      return Json(number);
    return malformed("not a number: " + base::printable(text, 64));
  }
  if (kind == Kind::kTime) return time_as_text(Json(text));
  return Json(base::repair_utf8(text));
}

tl::expected<Json, AccountError> list_of(const Node& node, const Shape* shape) {
  Json out = Json::array();
  for (const Node* item : items_of(node)) {
    auto value = value_of(*item, shape == nullptr ? nullptr : shape->item);
    if (!value) return value;
    out.push_back(*std::move(value));
  }
  return out;
}

tl::expected<Json, AccountError> map_of(const Node& node, const Shape& shape) {
  Json out = Json::object();
  for (const Node* entry : items_of(node)) {
    const auto key = entry->children.find(shape.key);
    const auto value = entry->children.find(shape.value);
    if (key == entry->children.end() || !key->second.value || value == entry->children.end())
      return malformed("an entry without key or value");
    auto inner = value_of(value->second, shape.item);
    if (!inner) return inner;
    out[base::repair_utf8(*key->second.value)] = *std::move(inner);
  }
  return out;
}

/// The member that a form calls so.
const Member* member_of(const Shape* shape, std::string_view name) {
  if (shape == nullptr) return nullptr;
  for (const Member& member : shape->members) {
    if (!member.form.empty() ? member.form == name : !member.tag.empty() && member.tag == name)
      return &member;
  }
  return shape->member(name);
}

tl::expected<Json, AccountError> structure_of(const Node& node, const Shape* shape) {
  Json out = Json::object();
  for (const auto& [name, child] : node.children) {
    const Member* member = member_of(shape, name);
    auto value = value_of(child, member == nullptr ? nullptr : member->shape);
    if (!value) return value;
    out[member == nullptr ? base::repair_utf8(name) : member->name] = *std::move(value);
  }
  return out;
}

tl::expected<Json, AccountError> value_of(const Node& node, const Shape* shape) {
  const Kind kind = shape == nullptr ? Kind::kText : shape->kind;
  if (kind == Kind::kList) return list_of(node, shape);
  if (kind == Kind::kMap) return map_of(node, *shape);
  if (node.children.empty()) {
    if (kind == Kind::kStructure) return Json::object();
    return scalar_of(node.value.value_or(""), kind);
  }
  if (node.value) return malformed("a key is both a value and more");
  if (shape == nullptr && is_numbered(node)) return list_of(node, nullptr);
  return structure_of(node, shape);
}

}  // namespace

tl::expected<Json, AccountError> decode_form(std::string_view body, const Shape* shape) {
  Node root;
  std::size_t values = 0;
  for (const auto& [key, value] : split_query(body, true)) {
    if (key == "Action" || key == "Version" || key.starts_with("X-Amz-")) continue;
    if (++values > kMostValues) return malformed("more values than any operation takes");
    const auto parts = base::split(key, '.');
    if (parts.size() > kDeepest)
      return malformed("a key deeper than any operation's: " + base::printable(key, 64));
    Node* node = &root;
    for (const std::string_view part : parts) node = &node->children[std::string(part)];
    node->value = value;
  }
  return structure_of(root, shape);
}

std::string form_value(std::string_view body, std::string_view key) {
  for (const auto& [name, value] : split_query(body, true)) {
    if (name == key) return value;
  }
  return {};
}

}  // namespace midwatch::sandbox::wire
