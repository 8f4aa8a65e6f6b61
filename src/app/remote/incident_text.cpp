#include "src/app/remote/incident_text.h"

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/time.h"
#include "src/base/utf8.h"
#include "src/evaluate/text_table.h"

namespace midwatch::app {
namespace {

using base::Json;
using model::Language;
using model::Text;

constexpr std::size_t kLongestCell = 90;
constexpr std::size_t kLongestLine = 300;

/// What the API calls something, and what it is called here.
const std::array<std::pair<std::string_view, Text>, 19> kWords{{
    {"open", {"open", "未解決"}},
    {"resolved", {"resolved", "解決済み"}},
    {"queued", {"waiting", "待機中"}},
    {"running", {"running", "調査中"}},
    {"done", {"done", "完了"}},
    {"failed", {"failed", "失敗"}},
    {"cancelled", {"cancelled", "中止"}},
    {"unknown", {"-", "-"}},
    {"low", {"low", "低"}},
    {"medium", {"medium", "中"}},
    {"high", {"high", "高"}},
    {"critical", {"critical", "重大"}},
    {"planning", {"planning", "計画"}},
    {"answer", {"answer", "回答"}},
    {"observation", {"observation", "観測"}},
    {"finding", {"finding", "見立て"}},
    {"message", {"message", "メッセージ"}},
    {"status", {"status", "状態"}},
    {"inconclusive", {"no cause could be proven", "原因を立証できず"}},
}};

std::string word(std::string_view name, Language language) {
  for (const auto& [known, text] : kWords) {
    if (known == name) return text.in(language);
  }
  return base::printable(name, kLongestCell);
}

std::string said(const Json& text, Language language, std::size_t longest) {
  return base::printable(base::text_at(text, language == Language::kJapanese ? "ja" : "en"), longest);
}

/// A time to the second; as it came where it is none.
std::string when(const Json& time) {
  const std::string text = base::text(time);
  const auto parsed = base::parse_rfc3339(text);
  return parsed ? base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(*parsed))
                : base::printable(text, kLongestCell);
}

/// What it is about: what is in trouble, else what was found to be the cause.
std::string entity_of(const Json& incident) {
  std::string entity = base::text_at(incident, "entity");
  if (entity.empty()) entity = base::text_at(incident, "investigation", "entity");
  return base::printable(entity, kLongestCell);
}

std::string sure(const Json& investigation) {
  constexpr double kWhole = 100;
  const auto probability = base::number_at(investigation, "probability");
  return probability ? fmt::format("{:.0f} %", *probability * kWhole) : std::string("-");
}

/// Its answer, else how far it is.
std::string answer_of(const Json& investigation, Language language) {
  std::string headline = said(base::at(investigation, "headline"), language, kLongestCell);
  if (!headline.empty()) return headline;
  std::string failure = said(base::at(investigation, "failure"), language, kLongestCell);
  if (!failure.empty()) return failure;
  return investigation.is_null() ? "-" : word(base::text_at(investigation, "status"), language);
}

}  // namespace

std::string incident_table(const Json& incidents, Language language) {
  const bool ja = language == Language::kJapanese;
  if (incidents.empty()) return ja ? "該当するインシデントはありません。\n" : "No such incidents.\n";
  evaluate::Table table{
      ja ? std::vector<std::string>{"ID", "発生", "状態", "重大度", "対象", "確度", "原因"}
         : std::vector<std::string>{"ID", "OPENED", "STATUS", "SEVERITY", "ENTITY", "SURE", "CAUSE"}};
  for (const Json& incident : incidents) {
    const Json& investigation = base::at(incident, "investigation");
    table.push_back({base::printable(base::text_at(incident, "id"), kLongestCell),
                     when(base::at(incident, "opened")), word(base::text_at(incident, "status"), language),
                     word(base::text_at(incident, "severity"), language), entity_of(incident),
                     sure(investigation), answer_of(investigation, language)});
  }
  return evaluate::aligned_table(table);
}

std::string journal_line(const Json& entry, Language language) {
  return fmt::format("{} {}: {}\n", when(base::at(entry, "time")),
                     word(base::text_at(entry, "kind"), language),
                     said(base::at(entry, "what"), language, kLongestLine));
}

std::string outcome_line(const Json& investigation, Language language) {
  const std::string status = base::text_at(investigation, "status");
  std::string headline = said(base::at(investigation, "headline"), language, kLongestLine);
  if (headline.empty()) headline = said(base::at(investigation, "failure"), language, kLongestLine);
  if (headline.empty() && status == "done") headline = word("inconclusive", language);
  return word(status, language) + (headline.empty() ? "" : ": " + headline) +
         (base::at(investigation, "probability").is_null() ? "" : " (" + sure(investigation) + ")") + "\n";
}

}  // namespace midwatch::app
