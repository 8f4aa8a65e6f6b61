#include "src/evaluate/truth.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "src/base/json.h"
#include "src/base/try.h"

namespace midwatch::evaluate {
namespace {

using base::Json;

std::string text_in(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// A list of texts, or one text.
std::vector<std::string> texts_of(const Json& value) {
  std::vector<std::string> out;
  if (value.is_string()) out.push_back(value.get<std::string>());
  if (!value.is_array()) return out;
  for (const auto& item : value) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

std::vector<std::string> texts_in(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at == object.end() ? std::vector<std::string>() : texts_of(*at);
}

base::Result<TruthRoot> root_of(const Json& json) {
  TruthRoot root{text_in(json, "entity"), texts_in(json, "kind"), text_in(json, "mode"),
                 text_in(json, "metric"), text_in(json, "change")};
  if (!root.mode.empty() && !RE2(root.mode, RE2::Quiet).ok()) {
    return base::user_error(base::ErrorCode::kMalformed,
                            fmt::format("'mode' is no RE2 expression: {}", root.mode));
  }
  return root;
}

base::Result<Truth> truth_of(const Json& json) {
  if (!json.is_object()) return base::user_error(base::ErrorCode::kMalformed, "not a JSON object");
  Truth truth;
  truth.id = text_in(json, "id");
  if (truth.id.empty()) return base::user_error(base::ErrorCode::kMalformed, "'id' is missing");
  truth.set = text_in(json, "set");
  truth.group = text_in(json, "group");
  if (const std::string level = text_in(json, "level"); !level.empty()) truth.level = level;
  truth.has_place = json.value("place", true);
  truth.match_name = text_in(json, "match") == "name";
  truth.decoys = texts_in(json, "decoys");
  if (const auto alias = json.find("alias"); alias != json.end() && alias->is_object()) {
    for (const auto& [from, to] : alias->items()) {
      if (to.is_string()) truth.alias.emplace(from, to.get<std::string>());
    }
  }
  if (const auto must = json.find("must"); must != json.end() && must->is_array()) {
    for (const auto& words : *must) truth.must.push_back(texts_of(words));
  }
  const auto root = json.find("root");
  if (root == json.end())
    return base::user_error(base::ErrorCode::kMalformed, "'root' is missing; [] says that nothing was wrong");
  if (root->is_null()) return truth;
  truth.roots.emplace();
  for (const auto& item : *root) {
    MIDWATCH_TRY(auto one, root_of(item));
    truth.roots->push_back(std::move(one));
  }
  return truth;
}

}  // namespace

base::Result<std::vector<Truth>> read_truth(std::string_view text, const std::string& path) {
  std::vector<Truth> all;
  int line = 0;
  while (!text.empty()) {
    ++line;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto where = fmt::format("{}:{}", path, line);
    auto json = base::parse_json(one);
    if (!json) return std::move(json).error().with(where);
    auto truth = truth_of(*json);
    if (!truth) return std::move(truth).error().with(where);
    all.push_back(*std::move(truth));
  }
  return all;
}

}  // namespace midwatch::evaluate
