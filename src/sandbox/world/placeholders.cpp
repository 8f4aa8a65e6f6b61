#include "src/sandbox/world/placeholders.h"

#include <fmt/format.h>

namespace midwatch::sandbox::world {
namespace {

void fill_text(Node& node, const std::map<std::string, std::string>& values, Faults& faults) {
  std::string& text = node.scalar;
  for (std::size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at)) {
    const std::size_t end = text.find('}', at);
    const std::string name = text.substr(at + 2, end == std::string::npos ? end : end - at - 2);
    const auto value = values.find(name);
    if (end == std::string::npos || value == values.end()) {
      at += 2;
      // Code of a world may hold template literals: only what looks like a name of this file is one.
      if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos)
        faults.add(node, fmt::format("nothing is named '{}'", name));
      continue;
    }
    text.replace(at, end + 1 - at, value->second);
    at += value->second.size();
  }
}

}  // namespace

void fill_placeholders(Node& node, const std::map<std::string, std::string>& values, Faults& faults) {
  if (node.kind == Node::Kind::kScalar) fill_text(node, values, faults);
  for (Node& item : node.items) fill_placeholders(item, values, faults);
  for (auto& [key, value] : node.members) {
    fill_text(key, values, faults);
    fill_placeholders(value, values, faults);
  }
}

}  // namespace midwatch::sandbox::world
