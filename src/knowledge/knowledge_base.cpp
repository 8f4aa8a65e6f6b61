#include "src/knowledge/knowledge_base.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/knowledge/change_rules_reader.h"
#include "src/knowledge/failure_mode_reader.h"
#include "src/knowledge/field_reader.h"

namespace midwatch::knowledge {
namespace {

using base::Json;

Signature read_signature(const Json& content, SchemaErrors& errors) {
  FieldReader f(content, errors, "signature");
  Signature s;
  s.id = f.text("id");
  s.literals = f.texts("literals");
  s.patterns = f.texts("patterns");
  s.reasons = f.texts("reasons");
  s.exit_codes = f.texts("exit_codes");
  s.strength = f.number_or("strength", 0.9);
  s.alarming = f.boolean_or("alarming", true);
  s.statement = f.localized("statement");
  s.examples = f.texts("examples");
  s.counterexamples = f.texts("counterexamples");
  if (!s.patterns.empty() && s.literals.empty())
    f.error("a signature with patterns needs literals, one of which occurs in every match");
  return s;
}

BadWay bad_way(FieldReader& fields) {
  const std::string word = fields.text_or("bad", "none");
  if (word == "up") return BadWay::kUp;
  if (word == "down") return BadWay::kDown;
  if (word == "both") return BadWay::kBoth;
  if (word != "none") fields.error("'bad' must be up, down, both or none");
  return BadWay::kNone;
}

void read_metric_rules(const Json& content, SchemaErrors& errors, MetricRules& rules) {
  FieldReader f(content, errors, "metrics.yaml");
  for (const Json* item : f.maps("rules")) {
    FieldReader r(*item, errors, "metric rule");
    MetricRule rule;
    rule.meaning.quantity = r.text("quantity");
    rule.meaning.bad = bad_way(r);
    rule.meaning.unit = r.text_or("unit", "");
    if (r.has("limit")) rule.meaning.limit = r.number("limit");
    rule.meaning.counter = r.boolean_or("counter", false);
    rule.none_of = r.texts("not");
    rule.stats = r.texts("stats");
    for (const auto& list : {"words", "and", "also"}) {
      auto words = r.texts(list);
      if (!words.empty()) rule.all_of.push_back(std::move(words));
    }
    if (rule.all_of.empty()) {
      r.error("a metric rule needs words");
      continue;
    }
    rules.add(std::move(rule));
  }
}

void read_entity_classes(const Json& content, SchemaErrors& errors, std::vector<EntityClassRule>& rules) {
  FieldReader f(content, errors, "entity_classes.yaml");
  for (const Json* item : f.maps("rules")) {
    FieldReader r(*item, errors, "entity class rule");
    rules.push_back({r.text("class"), r.texts("types"), r.texts("words"), r.texts("attributes")});
  }
}

void read_propagation(const Json& content, SchemaErrors& errors, std::vector<Propagation>& rules) {
  FieldReader f(content, errors, "propagation.yaml");
  for (const Json* item : f.maps("rules")) {
    FieldReader r(*item, errors, "propagation rule");
    rules.push_back({r.text("see"), r.number("passes")});
    if (rules.back().passes < 0 || rules.back().passes >= 1)
      r.error("'passes' must be a probability below 1");
  }
}

void read_texts(const Json& content, SchemaErrors& errors,
                std::map<std::string, model::Text, std::less<>>& texts) {
  FieldReader f(content, errors, "texts");
  for (const auto& [key, value] : content.items()) {
    if (key == "$line") continue;
    if (!texts.emplace(key, f.localized(key)).second) f.error(fmt::format("'{}' occurs twice", key));
  }
}

template <class T>
bool sort_and_check_unique(std::vector<T>& items, std::string& twice) {
  std::sort(items.begin(), items.end(), [](const T& a, const T& b) { return a.id < b.id; });
  const auto same =
      std::adjacent_find(items.begin(), items.end(), [](const T& a, const T& b) { return a.id == b.id; });
  if (same == items.end()) return true;
  twice =
      fmt::format("'{}' is defined in {} and in {}", same->id, same->source_file, (same + 1)->source_file);
  return false;
}

template <class T>
const T* find_by_id(const std::vector<T>& items, std::string_view id) {
  const auto at = std::lower_bound(items.begin(), items.end(), id,
                                   [](const T& item, std::string_view key) { return item.id < key; });
  return at != items.end() && at->id == id ? &*at : nullptr;
}

}  // namespace

const FailureMode* KnowledgeBase::mode(std::string_view id) const {
  return find_by_id(modes, id);
}
const Signature* KnowledgeBase::signature(std::string_view id) const {
  return find_by_id(signatures, id);
}

const Signature* KnowledgeBase::symptom(std::string_view id) const {
  return find_by_id(symptoms, id);
}

double KnowledgeBase::passes(std::string_view type) const {
  for (const Propagation& rule : propagation) {
    if (type_matches(rule.see, type)) return rule.passes;
  }
  return 0;
}

const model::Text& KnowledgeBase::phrase(std::string_view key) const {
  const auto at = phrases.find(key);
  if (at != phrases.end()) return at->second;
  static const model::Text kMissing{"(missing phrase)", "（文言がありません）"};
  return kMissing;
}

base::Result<KnowledgeBase> build_knowledge(const std::vector<KnowledgeFile>& files, bool checked) {
  KnowledgeBase knowledge;
  for (const KnowledgeFile& file : files) {
    SchemaErrors errors(file.path);
    if (file.path.starts_with("modes/")) {
      knowledge.modes.push_back(read_failure_mode(*file.content, errors));
      knowledge.modes.back().source_file = file.path;
      knowledge.modes.back().encoded_details = file.details;
    } else if (file.path.starts_with("signatures/")) {
      FieldReader f(*file.content, errors, file.path);
      for (const Json* item : f.maps("signatures")) {
        knowledge.signatures.push_back(read_signature(*item, errors));
        knowledge.signatures.back().source_file = file.path;
      }
    } else if (file.path == "symptoms.yaml") {
      FieldReader f(*file.content, errors, file.path);
      for (const Json* item : f.maps("symptoms")) {
        knowledge.symptoms.push_back(read_signature(*item, errors));
        knowledge.symptoms.back().source_file = file.path;
      }
    } else if (file.path == "metrics.yaml") {
      read_metric_rules(*file.content, errors, knowledge.metric_rules);
    } else if (file.path == "entity_classes.yaml") {
      read_entity_classes(*file.content, errors, knowledge.entity_class_rules);
    } else if (file.path == "propagation.yaml") {
      read_propagation(*file.content, errors, knowledge.propagation);
    } else if (file.path == "changes.yaml") {
      knowledge.change_rules = read_change_rules(*file.content, errors, checked);
    } else if (file.path.starts_with("texts/observations")) {
      read_texts(*file.content, errors, knowledge.observation_texts);
    } else if (file.path == "texts/signs.yaml") {
      read_texts(*file.content, errors, knowledge.sign_names);
    } else if (file.path.starts_with("texts/")) {
      read_texts(*file.content, errors, knowledge.phrases);
    } else {
      errors.add(1, "no part of the knowledge is called so; see knowledge/README.md");
    }
    if (errors.first()) return *errors.first();
  }
  std::string twice;
  if (!sort_and_check_unique(knowledge.modes, twice) || !sort_and_check_unique(knowledge.signatures, twice) ||
      !sort_and_check_unique(knowledge.symptoms, twice)) {
    return base::user_error(base::ErrorCode::kConflict, twice);
  }
  return knowledge;
}

}  // namespace midwatch::knowledge
