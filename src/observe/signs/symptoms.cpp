#include "src/observe/signs/symptoms.h"

#include <algorithm>
#include <map>

#include "src/model/record_evidence.h"
#include "src/observe/signs/signature_matcher.h"

namespace midwatch::observe::signs {
namespace {

using model::Observation;

/// Weaker observations are hardly trouble.
constexpr double kLeastTrouble = 0.3;
/// Errors say what is wrong; other lines are only new or more frequent.
constexpr double kOfRemarks = 0.7;
/// A metric's name says what fails, but not why.
constexpr double kOfMetrics = 0.7;
/// The alarm's words are those of who wrote the rule.
constexpr double kOfAlarm = 0.7;

/// The words of an observation that say what it is about, and how far they can be trusted.
struct Words {
  std::string text;
  double trust = 0;
};

std::string fact(const Observation& o, const char* name) {
  const auto at = o.facts.find(name);
  return at == o.facts.end() ? std::string() : at->second;
}

Words words_of(const Observation& o) {
  const std::string_view type = o.type;
  const bool remark = type == "log.pattern.new" || type == "log.pattern.more";
  if (type.starts_with("log.error.") || type.starts_with("log.warning.") ||
      type.starts_with("log.exception.") || type == "log.passed_on" || type == "event.warning" || remark) {
    const std::string sample = fact(o, "sample");
    std::string text = sample.empty() ? o.subject : sample;
    for (const char* name : {"exception", "message"}) {
      const std::string more = fact(o, name);
      if (!more.empty()) text += ' ' + more;
    }
    return {std::move(text), remark ? kOfRemarks : 1.0};
  }
  if (type == "metric.errors.up" || type == "metric.other.up" || type == "metric.throttles.up") {
    std::string text = o.subject;
    std::replace(text.begin(), text.end(), '_', ' ');
    return {text + " failed", kOfMetrics};
  }
  return {};
}

using Found = std::map<std::pair<std::string, std::string>, Observation>;

void keep_strongest(Found& found, Observation symptom) {
  const auto [at, is_new] = found.emplace(std::pair{symptom.entity, symptom.type}, symptom);
  if (is_new) return;
  const auto onset = at->second.onset;
  const auto earlier = symptom.onset && (!onset || *symptom.onset < *onset) ? symptom.onset : onset;
  if (symptom.strength > at->second.strength) at->second = std::move(symptom);
  at->second.onset = earlier;
}

void match(const SignatureMatcher& matcher, const Words& words, const Observation& source, Found& found) {
  for (auto& match : matcher.match(words.text)) {
    Observation symptom;
    symptom.entity = source.entity;
    symptom.type = "symptom." + match.signature->id;
    symptom.subject = match.signature->id;
    symptom.strength = source.strength * words.trust * match.signature->strength;
    symptom.onset = source.onset;
    symptom.onset_uncertainty = source.onset_uncertainty;
    symptom.facts = std::move(match.facts);
    symptom.facts["sample"] = source.facts.contains("sample") ? source.facts.at("sample") : source.subject;
    symptom.facts["seen_in"] = std::string(source.type.substr(0, source.type.find('.')));
    symptom.evidence = source.evidence;
    keep_strongest(found, std::move(symptom));
  }
}

}  // namespace

std::vector<Observation> observe_symptoms(const std::vector<Observation>& observations,
                                          const telemetry::Alarm& alarm,
                                          const knowledge::KnowledgeBase& knowledge) {
  const SignatureMatcher matcher(knowledge.symptoms);
  Found found;
  for (const Observation& o : observations) {
    if (o.strength < kLeastTrouble || o.evidence.empty()) continue;
    const Words words = words_of(o);
    if (!words.text.empty()) match(matcher, words, o, found);
  }
  if (!alarm.entity.empty() && !alarm.summary.empty()) {
    Observation told;
    told.entity = alarm.entity;
    told.type = "alarm";
    told.subject = alarm.summary;
    told.onset = alarm.time;
    told.evidence.push_back(model::alarm_evidence(alarm, "bundle.json"));
    match(matcher, {alarm.summary + ' ' + alarm.metric, kOfAlarm}, told, found);
  }
  std::vector<Observation> out;
  out.reserve(found.size());
  for (auto& [key, symptom] : found) out.push_back(std::move(symptom));
  return out;
}

}  // namespace midwatch::observe::signs
