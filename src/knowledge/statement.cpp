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

using Texts = std::map<std::string, model::Text, std::less<>>;

/// The text of an observation type: its own, else that of the longest pattern that it matches.
const model::Text* text_for(std::string_view wanted, const Texts& texts) {
  const auto exact = texts.find(wanted);
  if (exact != texts.end()) return &exact->second;
  const model::Text* best = nullptr;
  std::size_t longest = 0;
  for (const auto& [type, text] : texts) {
    if (type.size() > longest && type_matches(type, wanted)) {
      best = &text;
      longest = type.size();
    }
  }
  return best;
}

/// The text sign or symptom that makes observations of this type; null where another detector does.
const Signature* maker_of(std::string_view type, const KnowledgeBase& knowledge) {
  const std::string_view name = type.substr(type.find('.') + 1);
  if (type.starts_with("sign.")) return knowledge.signature(name);
  return type.starts_with("symptom.") ? knowledge.symptom(name) : nullptr;
}

/// The second part of a type: what a metric measures.
std::string quantity_in(std::string_view type) {
  const std::size_t first = type.find('.');
  if (first == std::string_view::npos) return {};
  return std::string(type.substr(first + 1, type.find('.', first + 1) - first - 1));
}

/// A statement without the entity that it begins with.
std::string without_entity(std::string_view statement) {
  constexpr std::string_view kEntity = "{entity}: ";
  if (statement.starts_with(kEntity)) statement.remove_prefix(kEntity.size());
  return std::string(statement);
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
  if (const Signature* signature = maker_of(o.type, knowledge)) {
    pattern = signature->statement;
    if (const auto sample = facts.find("sample"); sample != facts.end()) {
      pattern.en += " — “{sample}”";
      pattern.ja += " — 「{sample}」";
    }
  } else if (const model::Text* known = text_for(o.type, knowledge.observation_texts)) {
    pattern = *known;
  }
  const model::Text filled = model::fill(pattern, facts);
  return {close_places(filled.en), close_places(filled.ja)};
}

model::Text sentence_of(const telemetry::ChangeEvent& change, const KnowledgeBase& knowledge) {
  if (change.telling.name.empty()) return {change.summary, change.summary};
  model::Facts facts;
  for (const auto& [name, value] : change.telling.facts) facts[name] = value;
  const model::Text told =
      model::fill(knowledge.phrase("told_" + change.telling.name), without_places(std::move(facts)));
  return {close_places(told.en), close_places(told.ja)};
}

const model::Text& word_of(telemetry::ChangeKind kind, const KnowledgeBase& knowledge) {
  return knowledge.phrase(fmt::format("kind_{}", to_string(kind)));
}

model::Text name_of(const Sign& sign, const KnowledgeBase& knowledge) {
  if (!sign.what.empty()) return sign.what;
  model::Text name;
  model::Facts en;
  model::Facts ja;
  if (const model::Text* known = text_for(sign.see, knowledge.sign_names)) {
    name = *known;
    const auto quantity = knowledge.sign_names.find("quantity." + quantity_in(sign.see));
    if (quantity != knowledge.sign_names.end()) {
      en["quantity"] = quantity->second.en;
      ja["quantity"] = quantity->second.ja;
    }
  } else if (const Signature* signature = maker_of(sign.see, knowledge)) {
    name = {without_entity(signature->statement.en), without_entity(signature->statement.ja)};
  }
  name = {model::fill(name.en, en), model::fill(name.ja, ja)};
  if (model::has_open_place(name.en) || model::has_open_place(name.ja)) return {};
  return name;
}

}  // namespace midwatch::knowledge
