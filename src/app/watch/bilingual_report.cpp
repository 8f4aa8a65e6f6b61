#include "src/app/watch/bilingual_report.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "src/report/json_report.h"

namespace midwatch::app {
namespace {

using base::Json;

/// Both come from one record, so they have the same shape.
Json both(const Json& english, const Json& japanese) {
  if (english == japanese) return english;
  if (english.is_object() && japanese.is_object() && english.size() == japanese.size()) {
    Json object = Json::object();
    for (const auto& [key, value] : english.items()) {
      const auto other = japanese.find(key);
      object[key] = other == japanese.end() ? value : both(value, *other);
    }
    return object;
  }
  if (english.is_array() && japanese.is_array() && english.size() == japanese.size()) {
    Json list = Json::array();
    for (std::size_t i = 0; i < english.size(); ++i) list.push_back(both(english[i], japanese[i]));
    return list;
  }
  return {{"en", english}, {"ja", japanese}};
}

}  // namespace

Json bilingual_report(const model::InvestigationRecord& record) {
  return both(report::json_report(record, model::Language::kEnglish),
              report::json_report(record, model::Language::kJapanese));
}

}  // namespace midwatch::app
