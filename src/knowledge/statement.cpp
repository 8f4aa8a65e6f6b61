#include "src/knowledge/statement.h"

#include <cmath>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/base/utf8.h"

namespace midwatch::knowledge {
namespace {

constexpr std::size_t kSampleBytes = 240;
constexpr std::string_view kUnknown = "?";

/// Calls `replace(open, end)` for each `{name}` of a text.
template <class Replace>
void for_each_place(const std::string& text, Replace replace) {
  for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const std::size_t end = text.find('}', open);
    if (end == std::string::npos) break;
    const std::string_view name = std::string_view(text).substr(open + 1, end - open - 1);
    const bool is_name = !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789.") ==
                                              std::string_view::npos;
    if (is_name) replace(open, end);
  }
}

/// Replaces places that no fact fills.
std::string close_places(std::string text) {
  for_each_place(text,
                 [&](std::size_t open, std::size_t end) { text.replace(open, end - open + 1, kUnknown); });
  return text;
}

/// A fact could itself hold what looks like a place; other braces of a quote stay as they are.
model::Facts without_places(model::Facts facts) {
  for (auto& [name, value] : facts) {
    for_each_place(value, [&text = value](std::size_t open, std::size_t end) {
      text[open] = '(';
      text[end] = ')';
    });
    value = base::printable(value, kSampleBytes);
  }
  return facts;
}

const model::Text* pattern_for(const model::Observation& o, const KnowledgeBase& knowledge) {
  const auto exact = knowledge.observation_texts.find(o.type);
  if (exact != knowledge.observation_texts.end()) return &exact->second;
  const model::Text* best = nullptr;
  std::size_t longest = 0;
  for (const auto& [type, text] : knowledge.observation_texts) {
    if (type.size() > longest && type_matches(type, o.type)) {
      best = &text;
      longest = type.size();
    }
  }
  return best;
}

}  // namespace

model::Facts facts_of(const model::Observation& o, const std::string& entity_name) {
  model::Facts facts = o.facts;
  facts["entity"] = entity_name;
  facts["subject"] = o.subject;
  facts["type"] = o.type;
  if (o.value) facts["value"] = base::group_digits(base::format_quantity(*o.value, o.unit));
  if (o.baseline) facts["baseline"] = base::group_digits(base::format_quantity(*o.baseline, o.unit));
  // People compare times to the second; the record itself keeps the rest.
  if (o.onset) facts["onset"] = base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(*o.onset));
  if (const auto count = facts.find("count"); count != facts.end())
    facts["times"] = count->second == "1" ? "once" : base::group_digits(count->second) + " times";
  if (o.value && o.baseline && *o.baseline != 0)
    facts["change_factor"] = base::format_number(std::abs(*o.value / *o.baseline));
  return facts;
}

model::Text statement_of(const model::Observation& o, const std::string& entity_name,
                         const KnowledgeBase& knowledge) {
  const model::Facts facts = without_places(facts_of(o, entity_name));
  model::Text pattern{"{entity}: {type} {subject}", "{entity}: {type} {subject}"};
  const std::string_view name = std::string_view(o.type).substr(o.type.find('.') + 1);
  const Signature* signature = o.type.starts_with("sign.")      ? knowledge.signature(name)
                               : o.type.starts_with("symptom.") ? knowledge.symptom(name)
                                                                : nullptr;
  if (signature != nullptr) {
    pattern = signature->statement;
    if (const auto sample = facts.find("sample"); sample != facts.end()) {
      pattern.en += " — “{sample}”";
      pattern.ja += " — 「{sample}」";
    }
  } else if (const model::Text* known = pattern_for(o, knowledge)) {
    pattern = *known;
  }
  const model::Text filled = model::fill(pattern, facts);
  return {close_places(filled.en), close_places(filled.ja)};
}

}  // namespace midwatch::knowledge
