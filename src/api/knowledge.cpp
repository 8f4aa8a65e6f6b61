#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/json_of.h"
#include "src/api/resources.h"
#include "src/base/utf8.h"
#include "src/model/words_of.h"

namespace midwatch::api {
namespace {

using base::Json;
using knowledge::Place;

constexpr std::array<std::pair<Place, std::string_view>, 7> kPlaceWords{{
    {Place::kSelf, "self"},
    {Place::kDependents, "dependents"},
    {Place::kAffected, "affected"},
    {Place::kDependencies, "dependencies"},
    {Place::kHosts, "hosts"},
    {Place::kPeers, "peers"},
    {Place::kAnywhere, "anywhere"},
}};

/// The folder of the file: `modes/DOMAIN/…`.
std::string domain_of(const std::string& file) {
  const std::size_t end = file.rfind('/');
  if (end == std::string::npos) return {};
  const std::size_t begin = file.rfind('/', end - 1);
  return file.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1));
}

Json head_json(const knowledge::FailureMode& mode) {
  return {{"id", mode.id},
          {"kind", mode.kind},
          {"domain", domain_of(mode.source_file)},
          {"title", json_of(mode.title)}};
}

/// A list made of the JSON of each item.
template <class Items, class ToJson>
Json each(const Items& items, const ToJson& to_json) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return list;
}

Json facts_json(const std::map<std::string, std::string, std::less<>>& facts) {
  Json json = Json::object();
  for (const auto& [name, pattern] : facts) json[name] = pattern;
  return json;
}

/// The words for what a sign sees: its own, or those of the observation's type.
Json words_of_sign(const ApiDependencies& api, const knowledge::Sign& sign) {
  if (!sign.what.empty()) return json_of(sign.what);
  const auto texts = api.knowledge.observation_texts.find(sign.see);
  return json_of(texts == api.knowledge.observation_texts.end() ? model::Text{sign.see, sign.see}
                                                                : texts->second);
}

Json mode_json(const ApiDependencies& api, const knowledge::FailureMode& mode) {
  Json json = head_json(mode);
  json["prior"] = mode.prior;
  json["generic"] = mode.generic;
  json["applies_to"] = mode.applies_to;
  json["why"] = json_of(mode.why);
  json["signs"] = each(mode.signs, [&api](const knowledge::Sign& sign) {
    return Json{{"see", sign.see},
                {"at", model::word_of(kPlaceWords, sign.place)},
                {"what", words_of_sign(api, sign)},
                {"likely", sign.likely},
                {"otherwise", sign.otherwise},
                {"needed", sign.needed},
                {"where", facts_json(sign.where)}};
  });
  json["refuted_by"] = each(mode.refuted_by, [](const knowledge::Refuter& refuter) {
    return Json{{"see", refuter.see},
                {"at", model::word_of(kPlaceWords, refuter.place)},
                {"because", json_of(refuter.because)},
                {"where", facts_json(refuter.where)}};
  });
  json["changes"] = each(mode.changes, [](const knowledge::FittingChange& change) {
    return Json{
        {"see", change.see}, {"at", model::word_of(kPlaceWords, change.place)}, {"weight", change.weight}};
  });
  json["questions"] = each(mode.questions, [](const knowledge::Question& question) {
    return Json{{"signal", question.signal}, {"what", json_of(question.what)}};
  });
  const auto text_json = [](const model::Text& text) { return json_of(text); };
  const knowledge::Advice advice = knowledge::advice_of(mode);
  json["mitigation"] = json_of(advice.mitigation);
  json["permanent_fix"] = json_of(advice.permanent_fix);
  json["requirements"] = each(advice.requirements, text_json);
  json["acceptance"] = each(advice.acceptance, text_json);
  return json;
}

}  // namespace

Answer list_knowledge(const ApiDependencies& api, const Call&) {
  return json_answer(200, {{"items", each(api.knowledge.modes, head_json)}});
}

Answer get_failure_mode(const ApiDependencies& api, const Call& call) {
  constexpr std::size_t kShownBytes = 60;
  const std::string id = call.part("mode");
  const knowledge::FailureMode* mode = api.knowledge.mode(id);
  if (mode == nullptr) {
    return base::user_error(base::ErrorCode::kNotFound, fmt::format("there is no such failure mode: {}",
                                                                    base::printable(id, kShownBytes)));
  }
  return json_answer(200, mode_json(api, *mode));
}

}  // namespace midwatch::api
