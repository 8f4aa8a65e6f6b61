#include "src/knowledge/entity_class.h"

#include <algorithm>
#include <cctype>

#include "src/knowledge/metric_meaning.h"

namespace midwatch::knowledge {

bool wildcard_match(std::string_view pattern, std::string_view text) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  // Greedy with one point of return: linear but for the last star.
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, back = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      back = t;
    } else if (p < pattern.size() && same(pattern[p], text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++back;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string entity_class(const telemetry::Entity& entity, const std::vector<EntityClassRule>& rules) {
  for (const auto& rule : rules) {
    for (const auto& path : rule.attributes) {
      if (entity.attributes.find(path) != nullptr) return rule.entity_class;
    }
  }
  if (!entity.type.empty()) {
    for (const auto& rule : rules) {
      for (const auto& type : rule.types) {
        if (wildcard_match(type, entity.type)) return rule.entity_class;
      }
    }
  }
  const std::vector<std::string> words = name_words(entity.name.empty() ? entity.id : entity.name);
  for (const auto& rule : rules) {
    for (const auto& word : rule.name_words) {
      if (std::find(words.begin(), words.end(), word) != words.end()) return rule.entity_class;
    }
  }
  return "service";
}

}  // namespace midwatch::knowledge
