#include "src/evaluate/score.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include "src/base/ascii.h"

namespace midwatch::evaluate {
namespace {

/// Kubernetes makes generated names of these letters only, so that they form no words.
constexpr std::string_view kGenerated = "bcdfghjklmnpqrstvwxz2456789";
constexpr std::size_t kPodHash = 5;
constexpr std::size_t kShortestTemplateHash = 6;
constexpr std::size_t kLongestTemplateHash = 10;
constexpr std::string_view kNoChange = "none";

std::string aliased(const std::string& entity, const Truth& truth) {
  const auto at = truth.alias.find(entity);
  return at == truth.alias.end() ? entity : at->second;
}

/// What stands behind the last "/", "|" or single ":".
std::string last_name(const std::string& entity) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < entity.size(); ++i) {
    const char c = entity[i];
    const bool separates =
        c == '/' || c == '|' || (c == ':' && (i + 1 >= entity.size() || entity[i + 1] != ':'));
    if (separates) begin = i + 1;
  }
  return entity.substr(begin);
}

bool is_generated(std::string_view part) {
  return std::all_of(part.begin(), part.end(),
                     [](char c) { return kGenerated.find(c) != std::string_view::npos; });
}

/// Cuts "-HASH" of the given lengths off the end.
bool cut_hash(std::string& name, std::size_t shortest, std::size_t longest, bool needs_digit) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string::npos) return false;
  const std::string_view hash = std::string_view(name).substr(dash + 1);
  if (hash.size() < shortest || hash.size() > longest || !is_generated(hash)) return false;
  const bool digit =
      std::any_of(hash.begin(), hash.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (needs_digit && !digit) return false;
  name.resize(dash);
  return true;
}

/// An answer at a level: whose, and what.
using Key = std::pair<std::string, std::string>;

std::string place_of(const std::string& entity, const Truth& truth) {
  return truth.has_place ? compared_entity(entity, truth) : std::string();
}

/// The answers of a level, best first, each once; every metric counts as often as it is named.
std::vector<Key> answers_at(const Answer& answer, const Truth& truth, std::string_view level) {
  std::vector<Key> out;
  const auto add = [&](Key key) {
    if (level == "metric" || std::find(out.begin(), out.end(), key) == out.end())
      out.push_back(std::move(key));
  };
  for (const auto& h : answer.ranking) {
    if (level == "entity") {
      if (std::string place = place_of(h.entity, truth); !place.empty()) add({std::move(place), ""});
    } else if (level == "kind") {
      if (!h.kind.empty()) add({place_of(h.entity, truth), h.kind});
    } else if (level == "mode") {
      if (!h.mode.empty()) add({place_of(h.entity, truth), h.mode});
    } else if (level == "metric") {
      if (!h.metric.empty()) add({h.entity, h.metric});
    } else {
      add({"", h.change.empty() ? std::string(kNoChange) : h.change});
    }
  }
  if (out.empty() && level == "change") out.push_back({"", std::string(kNoChange)});
  return out;
}

bool knows(const TruthRoot& root, std::string_view level) {
  if (level == "entity") return !root.entity.empty();
  if (level == "kind") return !root.kinds.empty();
  if (level == "mode") return !root.mode.empty();
  if (level == "metric") return !root.metric.empty();
  return level == "change" && !root.change.empty();
}

bool is_right(const Key& key, const TruthRoot& root, const Truth& truth, std::string_view level) {
  const auto& [entity, what] = key;
  if (level == "metric") return entity == root.entity && what == root.metric;
  if (level == "change") return what == root.change;
  if (entity != place_of(root.entity, truth)) return false;
  if (level == "kind") return std::find(root.kinds.begin(), root.kinds.end(), what) != root.kinds.end();
  if (level == "mode") return RE2::PartialMatch(what, "(?i)" + root.mode);
  return true;
}

bool says_all(const Answer& answer, const Truth& truth) {
  return std::all_of(truth.must.begin(), truth.must.end(), [&](const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](const auto& word) {
      return answer.said.find(base::to_lower(word)) != std::string::npos;
    });
  });
}

}  // namespace

std::string compared_entity(const std::string& entity, const Truth& truth) {
  std::string name = aliased(entity, truth);
  if (!truth.match_name || name.empty()) return name;
  name = aliased(last_name(name), truth);
  cut_hash(name, kPodHash, kPodHash, false);
  cut_hash(name, kShortestTemplateHash, kLongestTemplateHash, true);
  return base::to_lower(name);
}

bool asks(const Truth& truth, std::string_view level) {
  if (level == "told") return !truth.must.empty();
  if (!truth.roots || truth.roots->empty()) return false;
  if (level == "entity") return truth.has_place;
  return std::any_of(truth.roots->begin(), truth.roots->end(),
                     [&](const auto& root) { return knows(root, level); });
}

std::optional<int> rank_of(const Answer& answer, const Truth& truth, std::string_view level) {
  if (!answer.reached) return std::nullopt;
  if (level == "told") return says_all(answer, truth) ? std::optional<int>(1) : std::nullopt;
  int rank = 0;
  for (const auto& key : answers_at(answer, truth, level)) {
    ++rank;
    const bool right =
        truth.roots && std::any_of(truth.roots->begin(), truth.roots->end(), [&](const auto& root) {
          return knows(root, level) && is_right(key, root, truth, level);
        });
    if (right) return rank;
  }
  return std::nullopt;
}

bool asserted_wrongly(const Answer& answer, const Truth& truth) {
  if (!answer.reached || answer.outcome != model::Outcome::kRootCause || !truth.roots) return false;
  if (truth.roots->empty()) return true;
  return asks(truth, truth.level) && rank_of(answer, truth, truth.level) != 1;
}

bool blames_decoy(const Answer& answer, const Truth& truth) {
  const auto first = answers_at(answer, truth, "change").front().second;
  return std::find(truth.decoys.begin(), truth.decoys.end(), first) != truth.decoys.end();
}

}  // namespace midwatch::evaluate
