#include "src/knowledge/metric_meaning.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace midwatch::knowledge {
namespace {

bool is_upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}
bool is_lower(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_any(const std::vector<std::string>& words, const std::vector<std::string>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const auto& word) { return has(words, word); });
}

bool fits(const MetricRule& rule, const std::vector<std::string>& words, const telemetry::MetricKey& key) {
  if (has_any(words, rule.none_of)) return false;
  if (!rule.stats.empty() && std::find(rule.stats.begin(), rule.stats.end(), key.stat) == rule.stats.end())
    return false;
  return std::all_of(rule.all_of.begin(), rule.all_of.end(),
                     [&](const auto& list) { return has_any(words, list); });
}

struct UnitWord {
  std::string_view word;
  std::string_view ucum;
};
constexpr std::array<UnitWord, 22> kUnitWords{
    {{"ms", "ms"},  {"msec", "ms"},       {"millis", "ms"}, {"milliseconds", "ms"}, {"seconds", "s"},
     {"secs", "s"}, {"s", "s"},           {"sec", "s"},     {"us", "us"},           {"microseconds", "us"},
     {"ns", "ns"},  {"bytes", "By"},      {"byte", "By"},   {"percent", "%"},       {"percentage", "%"},
     {"pct", "%"},  {"utilization", "%"}, {"ratio", "1"},   {"mi", "MiBy"},         {"mib", "MiBy"},
     {"mb", "MBy"}, {"count", "1"}}};

/// The unit that the key or the name itself gives; the key wins.
std::string unit_of(const telemetry::MetricKey& key, const std::vector<std::string>& words) {
  if (key.unit == "%") return "%";
  const std::vector<std::string> given = name_words(key.unit);
  for (const std::vector<std::string>* source : {&given, &words}) {
    for (auto word = source->rbegin(); word != source->rend(); ++word) {
      // What is counted per second is no time.
      if (source == &words && std::next(word) != source->rend() && *std::next(word) == "per") continue;
      for (const UnitWord& unit : kUnitWords) {
        if (*word == unit.word) return std::string(unit.ucum);
      }
    }
  }
  if (key.metric.find('%') != std::string::npos) return "%";
  return {};
}

}  // namespace

std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
      end_word();
      continue;
    }
    const bool after_lower = i > 0 && (is_lower(name[i - 1]) || is_digit(name[i - 1]));
    const bool before_lower = i + 1 < name.size() && is_lower(name[i + 1]);
    const bool after_upper = i > 0 && is_upper(name[i - 1]);
    if (is_upper(c) && (after_lower || (after_upper && before_lower))) end_word();
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  end_word();
  return words;
}

void MetricRules::add(MetricRule rule) {
  for (const std::string& word : rule.all_of.at(0)) by_word_[word].push_back(rules_.size());
  rules_.push_back(std::move(rule));
}

std::vector<const MetricRule*> MetricRules::naming(const std::vector<std::string>& words) const {
  std::vector<std::size_t> at;
  for (const std::string& word : words) {
    if (const auto found = by_word_.find(word); found != by_word_.end())
      at.insert(at.end(), found->second.begin(), found->second.end());
  }
  std::sort(at.begin(), at.end());
  at.erase(std::unique(at.begin(), at.end()), at.end());
  std::vector<const MetricRule*> rules;
  for (const std::size_t i : at) rules.push_back(&rules_[i]);
  return rules;
}

MetricMeaning metric_meaning(const telemetry::MetricKey& key, const MetricRules& rules) {
  const std::vector<std::string> words = name_words(key.metric);
  MetricMeaning meaning;
  for (const MetricRule* rule : rules.naming(words)) {
    if (!fits(*rule, words, key)) continue;
    meaning = rule->meaning;
    break;
  }
  const std::string unit = unit_of(key, words);
  if (!unit.empty()) meaning.unit = unit;
  if (meaning.unit == "%" && !meaning.limit) meaning.limit = 100.0;
  if (has(words, "total") && meaning.unit != "%") meaning.counter = true;
  return meaning;
}

}  // namespace midwatch::knowledge
