#include "src/investigation/asked_entity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <tuple>
#include <vector>

#include "src/base/ascii.h"

namespace midwatch::investigation {
namespace {

using topology::EntityIndex;

/// Shorter names occur in sentences by chance.
constexpr std::size_t kShortestName = 3;

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

/// Where a text holds a name as a whole word; a full stop or a slash may follow or go before.
bool mentions(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool starts = at == 0 || !is_name_character(text[at - 1]);
    // "web.shop" is another name than "web".
    const bool ends = end >= text.size() ||
                      (!is_name_character(text[end]) &&
                       !(text[end] == '.' && end + 1 < text.size() && is_name_character(text[end + 1])));
    if (starts && ends) return true;
  }
  return false;
}

/// "tariff-export" as people say it.
std::string as_words(std::string name) {
  std::replace(name.begin(), name.end(), '-', ' ');
  return name;
}

/// Words that a sentence is made of: a name like one of them is no sign that the entity is meant.
bool is_plain_word(std::string_view name) {
  static constexpr std::array<std::string_view, 16> kWords{
      "default", "kubernetes", "cluster", "service", "services", "production", "the",    "job",
      "pod",     "pods",       "node",    "app",     "database", "status",     "health", "web"};
  return std::find(kWords.begin(), kWords.end(), name) != kWords.end();
}

int rank_of(std::string_view kind) {
  static constexpr std::array<std::string_view, 8> kOrder{
      "workload", "job", "pod", "node", "volume_claim", "service", "autoscaler", "application"};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), kind) - kOrder.begin());
}

class Finder {
 public:
  Finder(const telemetry::Alarm& alarm, std::string_view title, const topology::Topology& topology)
      : alarm_(alarm), topology_(topology) {
    for (const std::string_view part : {std::string_view(alarm.question), std::string_view(alarm.summary),
                                        title, std::string_view(alarm.name)})
      text_ += base::to_lower(part) + "\n";
    for (EntityIndex i = 0; i < topology.size(); ++i) {
      const std::string_view name_space = topology.entity(i).attributes.get("metadata.namespace");
      if (!name_space.empty()) namespaces_.insert(std::string(name_space));
    }
  }

  Asked run() const {
    Asked asked;
    if (!alarm_.entity.empty()) {
      if (const auto exact = topology_.find(alarm_.entity)) {
        asked.entity = exact;
      } else {
        asked.entity = best_of(namesakes(base::to_lower(alarm_.entity)));
      }
      return asked;
    }
    asked.entity = spoken_of();
    if (!asked.entity) asked.name_space = namespace_spoken_of();
    return asked;
  }

 private:
  const telemetry::Entity& entity(EntityIndex i) const { return topology_.entity(i); }

  std::vector<EntityIndex> namesakes(const std::string& name) const {
    std::vector<EntityIndex> found;
    const std::size_t slash = name.rfind('/');
    const std::string last = slash == std::string::npos ? name : name.substr(slash + 1);
    for (EntityIndex i = 0; i < topology_.size(); ++i) {
      const std::string own = base::to_lower(entity(i).name);
      if (!own.empty() && (own == name || own == last)) found.push_back(i);
    }
    return found;
  }

  /// Of entities of one name.
  std::optional<EntityIndex> best_of(const std::vector<EntityIndex>& candidates) const {
    std::optional<EntityIndex> best;
    const auto weight = [&](EntityIndex i) {
      const auto& a = entity(i).attributes;
      const std::string name_space = base::to_lower(a.get("metadata.namespace"));
      const std::string said = base::to_lower(alarm_.payload.get("namespace"));
      const bool here = !name_space.empty() && (name_space == said || mentions(text_, name_space));
      const std::string type = base::to_lower(entity(i).type);
      const bool kind =
          !type.empty() && (base::to_lower(alarm_.payload.get("kind")) == type || mentions(text_, type));
      return std::tuple(here, kind, -rank_of(a.get("platform.kind")), a.size());
    };
    for (const EntityIndex i : candidates) {
      if (!best || weight(i) > weight(*best)) best = i;
    }
    return best;
  }

  std::optional<EntityIndex> spoken_of() const {
    std::size_t longest = 0;
    std::vector<EntityIndex> found;
    for (EntityIndex i = 0; i < topology_.size(); ++i) {
      const std::string name = base::to_lower(entity(i).name.empty() ? entity(i).id : entity(i).name);
      const std::string_view kind = entity(i).attributes.get("platform.kind");
      if (name.size() < std::max(kShortestName, longest) || kind == "namespace" || is_plain_word(name))
        continue;
      if (!mentions(text_, name) && !mentions(text_, as_words(name))) continue;
      if (name.size() > longest) found.clear();
      longest = name.size();
      found.push_back(i);
    }
    // "in namespace shop" speaks of the namespace, even where something in it has the same name.
    if (!found.empty() && namespaces_.contains(base::to_lower(entity(found.front()).name)) &&
        !namespace_spoken_of().empty())
      return std::nullopt;
    return best_of(found);
  }

  /// "namespace shop", "the shop namespace", "shop namespaces".
  std::string namespace_spoken_of() const {
    std::string longest;
    for (const std::string& name : namespaces_) {
      const std::string lower = base::to_lower(name);
      const bool said = mentions(text_, "namespace " + lower) || mentions(text_, lower + " namespace") ||
                        mentions(text_, "namespace: " + lower) ||
                        mentions(text_, "namespace '" + lower + "'") || mentions(text_, "in " + lower);
      if (said && lower.size() > longest.size()) longest = name;
    }
    return longest;
  }

  const telemetry::Alarm& alarm_;
  const topology::Topology& topology_;
  std::string text_;
  std::set<std::string> namespaces_;
};

}  // namespace

Asked find_asked(const telemetry::Alarm& alarm, std::string_view title, const topology::Topology& topology) {
  return Finder(alarm, title, topology).run();
}

}  // namespace midwatch::investigation
