#include "src/investigation/timeline.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/knowledge/statement.h"

namespace midwatch::investigation {
namespace {

constexpr std::size_t kShown = 40;
constexpr std::size_t kTextBytes = 200;

struct Moment {
  model::TimelineEntry entry;
  bool must_stay = false;
};

model::TimelineEntry change_entry(const telemetry::ChangeEvent& change,
                                  const knowledge::KnowledgeBase& knowledge) {
  const model::Text& kind = knowledge::word_of(change.kind, knowledge);
  const model::Text told = knowledge::sentence_of(change, knowledge);
  const auto line = [&](const std::string& word, const std::string& sentence) {
    return base::printable(fmt::format("{} {}: {}", word, change.id, sentence), kTextBytes);
  };
  return {change.time, "change", change.entity, {line(kind.en, told.en), line(kind.ja, told.ja)},
          {},          change.id};
}

model::TimelineEntry alarm_entry(const telemetry::Alarm& alarm) {
  const std::string name = base::printable(alarm.name.empty() ? alarm.metric : alarm.name, kTextBytes);
  return {*alarm.time, "alarm", alarm.entity, {"alarm " + name, "アラーム " + name}, {}, {}};
}

std::optional<base::Timestamp> middle_of(const StatedCase& facts,
                                         const std::vector<model::RootCause>& causes) {
  if (!causes.empty() && causes.front().onset) return causes.front().onset;
  return facts.gathered().file.scope.alarm.time;
}

}  // namespace

std::vector<model::TimelineEntry> timeline(const StatedCase& facts,
                                           const std::vector<model::RootCause>& causes) {
  std::set<std::string> told;
  std::set<std::string> blamed;
  for (const auto& cause : causes) {
    told.insert(cause.explains.begin(), cause.explains.end());
    if (!cause.change.empty()) blamed.insert(cause.change);
  }
  std::vector<Moment> moments;
  for (const auto& change : facts.gathered().changes)
    moments.push_back({change_entry(change, facts.knowledge()), blamed.contains(change.id)});
  for (const auto& s : facts.observations()) {
    const auto& o = s.observation;
    const bool is_event = o.type.starts_with("event.") && o.type != "event.anomaly" && o.strength >= kTold;
    if (!o.onset || !(told.contains(o.id) || is_event)) continue;
    moments.push_back(
        {{*o.onset, is_event ? "event" : "onset", o.entity, s.statement, o.id, {}}, told.contains(o.id)});
  }
  const auto& alarm = facts.gathered().file.scope.alarm;
  if (alarm.time) moments.push_back({alarm_entry(alarm), true});

  if (const auto middle = middle_of(facts, causes); middle && moments.size() > kShown) {
    const auto far = [&](const Moment& m) {
      return m.must_stay ? base::Duration(0) : std::chrono::abs(m.entry.time - *middle);
    };
    std::stable_sort(moments.begin(), moments.end(),
                     [&](const Moment& a, const Moment& b) { return far(a) < far(b); });
  }
  if (moments.size() > kShown) moments.resize(kShown);
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.entry.time < b.entry.time; });
  std::vector<model::TimelineEntry> entries;
  entries.reserve(moments.size());
  for (auto& moment : moments) entries.push_back(std::move(moment.entry));
  return entries;
}

}  // namespace midwatch::investigation
