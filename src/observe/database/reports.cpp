#include "src/observe/database/reports.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/knowledge/metric_meaning.h"

namespace midwatch::observe::database {
namespace {

using model::Observation;

constexpr std::size_t kMessageBytes = 300;

/// An alarm is a question, not a finding: what only its words say weighs less than what a platform reports.
constexpr double kAlarmedStrength = 0.6;

/// Signatures that say what a measurement would: the condition that they report, and the topic that tells
/// whether it still holds.
struct ReportRule {
  std::string_view signature;
  std::string_view topic;
  std::string_view condition;  ///< empty: a sign only
  std::optional<Course> Gauges::*gauge = nullptr;
};
constexpr std::array<ReportRule, 8> kReports{
    {{"db_storage_full", "storage", "storage_exhausted", &Gauges::free_storage},
     {"db_storage_low", "storage", "storage_exhausted", &Gauges::free_storage},
     {"db_replica_lag", "replication", "replica_lagging", &Gauges::replica_lag},
     {"db_connections_exhausted", "connections", "connections_exhausted", &Gauges::connections},
     {"db_log_retained", "", "log_retained", &Gauges::log_retained},
     {"db_checkpoint_frequent", "", "checkpoints_heavy", nullptr},
     {"db_vacuum", "", "vacuum_busy", nullptr},
     {"db_temp_files", "", "temp_files_heavy", nullptr}}};

const ReportRule* report_of(std::string_view signature) {
  const auto* rule = std::find_if(kReports.begin(), kReports.end(),
                                  [&](const ReportRule& r) { return r.signature == signature; });
  return rule == kReports.end() ? nullptr : rule;
}

std::vector<Observation> values_of(std::map<std::string, Observation> found) {
  std::vector<Observation> out;
  out.reserve(found.size());
  for (auto& [key, o] : found) out.push_back(std::move(o));
  return out;
}

/// An alarm's name without the name of the service in front, which would run into its first word.
std::string_view alarm_name(std::string_view name) {
  for (const std::string_view service : {"RDS", "Aurora", "DocDB"}) {
    if (name.starts_with(service)) return name.substr(service.size());
  }
  return name;
}

/// The alarm's name as words, and its summary.
std::string alarm_words(const telemetry::Alarm& alarm) {
  std::string words;
  for (const std::string& word : knowledge::name_words(alarm_name(alarm.name))) words += word + " ";
  return words + ". " + alarm.summary;
}

/// The names of metrics in a text: words with letters of both cases inside, or with underscores.
std::vector<std::string> metric_names(std::string_view text) {
  std::vector<std::string> names;
  std::string word;
  const auto end_word = [&] {
    const bool camel = std::adjacent_find(word.begin(), word.end(), [](char a, char b) {
                         return std::islower(static_cast<unsigned char>(a)) != 0 &&
                                std::isupper(static_cast<unsigned char>(b)) != 0;
                       }) != word.end();
    const bool shout = word.size() > 3 && std::isupper(static_cast<unsigned char>(word[0])) != 0 &&
                       std::isupper(static_cast<unsigned char>(word[1])) != 0 &&
                       std::islower(static_cast<unsigned char>(word.back())) != 0;
    if (camel || shout || word.find('_') != std::string::npos) names.push_back(word);
    word.clear();
  };
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
    } else {
      end_word();
    }
  }
  end_word();
  return names;
}

/// What an alarm measures: by its metric and name, and by the metrics that its summary names.
std::set<std::string> alarm_quantities(const telemetry::Alarm& alarm,
                                       const knowledge::KnowledgeBase& knowledge) {
  std::vector<std::string> names = metric_names(alarm.summary);
  names.push_back(alarm.metric);
  names.emplace_back(alarm_name(alarm.name));
  std::set<std::string> quantities;
  for (const std::string& name : names) {
    telemetry::MetricKey key;
    key.metric = name;
    const auto meaning = knowledge::metric_meaning(key, knowledge.metric_rules);
    if (meaning.quantity != "other") quantities.insert(meaning.quantity);
  }
  return quantities;
}

Observation alarm_observation(const std::string& entity, const telemetry::Alarm& alarm,
                              const signs::SignatureMatch& match) {
  Observation o;
  o.entity = entity;
  o.subject = match.signature->id;
  o.strength = kAlarmedStrength;
  o.onset = alarm.time;
  o.facts = match.facts;
  o.facts["message"] = base::printable(base::redact(alarm.name + ": " + alarm.summary), kMessageBytes);
  o.facts["seen_in"] = "alarm";
  o.evidence.push_back(model::alarm_evidence(alarm, "bundle.json"));
  return o;
}

}  // namespace

bool is_over(std::string_view signature, const std::vector<std::string>& in_order) {
  const ReportRule* rule = report_of(signature);
  return rule != nullptr && std::find(in_order.begin(), in_order.end(), rule->topic) != in_order.end();
}

std::vector<Observation> read_alarm(const std::string& entity, const telemetry::Alarm& alarm,
                                    const knowledge::KnowledgeBase& knowledge) {
  std::vector<Observation> out;
  for (const std::string& quantity : alarm_quantities(alarm, knowledge)) {
    Observation o;
    o.entity = entity;
    o.type = "alarm." + quantity;
    o.subject = base::printable(alarm.name.empty() ? alarm.metric : alarm.name, kMessageBytes);
    o.onset = alarm.time;
    o.evidence.push_back(model::alarm_evidence(alarm, "bundle.json"));
    out.push_back(std::move(o));
  }
  return out;
}

std::vector<Observation> read_reports(const std::string& entity, const telemetry::Alarm* alarm,
                                      const std::vector<Observation>& announced, const Conditions& conditions,
                                      const Gauges& gauges, const signs::SignatureMatcher& matcher) {
  std::map<std::string, Observation> found;
  const auto is_measured = [&](const ReportRule& rule) {
    const std::string type = std::string("state.database.") + std::string(rule.condition) + ".";
    return std::any_of(conditions.observations.begin(), conditions.observations.end(),
                       [&](const Observation& o) { return o.type.starts_with(type); });
  };
  const auto add = [&](const ReportRule& rule, const char* how, Observation o) {
    o.type = std::string("state.database.") + std::string(rule.condition) + "." + how;
    const auto [at, is_new] = found.emplace(std::string(rule.condition), o);
    if (!is_new && o.strength > at->second.strength) at->second = std::move(o);
  };
  for (const Observation& o : announced) {
    const ReportRule* rule = o.type.starts_with("sign.") ? report_of(o.subject) : nullptr;
    if (rule != nullptr && !is_measured(*rule)) add(*rule, "reported", o);
  }
  if (alarm == nullptr) return values_of(std::move(found));
  for (const auto& match : matcher.match(alarm_words(*alarm))) {
    const ReportRule* rule = report_of(match.signature->id);
    const bool looked = rule != nullptr && rule->gauge != nullptr && (gauges.*rule->gauge).has_value();
    if (rule == nullptr || looked || is_measured(*rule)) continue;
    add(*rule, "alarmed", alarm_observation(entity, *alarm, match));
  }
  return values_of(std::move(found));
}

}  // namespace midwatch::observe::database
