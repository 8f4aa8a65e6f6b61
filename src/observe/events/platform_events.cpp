#include "src/observe/events/platform_events.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/observe/state/state_observer.h"

namespace midwatch::observe::events {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

constexpr std::size_t kFact = 400;
/// A warning that no signature knows: worth telling, below what counts as trouble (0.5).
constexpr double kUnknownWarning = 0.45;
/// What only adds knowledge stays below trouble as well.
constexpr double kKnowledge = 0.45;
/// What is left of an event's weight when what it is about works now.
constexpr double kRecovered = 0.35;
/// What is left of it when it was seen last so long before the alarm.
constexpr double kPast = 0.3;
constexpr base::Duration kRecent = std::chrono::hours(1);
/// What runs by a schedule tells of itself once a run, and most schedules are daily or denser.
constexpr base::Duration kRecentOfSchedule = std::chrono::hours(25);

bool is_warning(const PlatformEvent& event) {
  return event.type != "Normal" && !event.type.empty();
}

class EventReader {
 public:
  explicit EventReader(const PlatformEventInput& input) : input_(input) {}

  std::vector<Observation> run() {
    for (const PlatformEvent& event : input_.events) {
      if (is_container_platform_event(event)) read(event);
    }
    std::vector<Observation> out;
    for (auto& [key, found] : found_) {
      Observation& o = found.observation;
      o.facts["count"] = fmt::format("{}", found.count);
      out.push_back(std::move(o));
    }
    return out;
  }

 private:
  void read(const PlatformEvent& event) {
    const double weight = weight_of(event);
    bool known = false;
    std::vector<signs::SignatureMatch> matches = input_.matcher.match(event.message);
    if (is_warning(event)) {
      for (auto& match : input_.matcher.match_reason(event.reason)) {
        const bool twice = std::any_of(matches.begin(), matches.end(),
                                       [&](const auto& m) { return m.signature == match.signature; });
        if (!twice) matches.push_back(std::move(match));
      }
    }
    for (const auto& match : matches) {
      known = true;
      double strength = match.signature->strength;
      if (!match.signature->alarming) strength = std::min(strength, kKnowledge);
      Observation o =
          observation(event, "sign." + match.signature->id, match.signature->id, strength * weight);
      for (const auto& [name, value] : match.facts) o.facts[name] = value;
      o.facts["seen_in"] = "event";
      add(std::move(o), event);
    }
    if (!known && is_warning(event))
      add(observation(event, "event.warning", event.reason, kUnknownWarning * weight), event);
  }

  Observation observation(const PlatformEvent& event, std::string type, const std::string& subject,
                          double strength) {
    Observation o;
    o.entity = owner_of(event);
    o.type = std::move(type);
    o.subject = base::printable(subject, kFact);
    o.strength = strength;
    o.onset = onset_of(event);
    o.facts["reason"] = base::printable(event.reason, kFact);
    o.facts["message"] = base::printable(base::redact(event.message), kFact);
    o.facts["sample"] = o.facts["message"];
    for (const char* fact : {"instance", "container"}) {
      if (const std::string* value = event.attributes.find(fact); value != nullptr && !value->empty())
        o.facts[fact] = base::printable(*value, kFact);
    }
    o.evidence.push_back(model::record_evidence(event, input_.source_name));
    return o;
  }

  std::string owner_of(const PlatformEvent& event) const {
    const auto index = input_.topology.find(event.entity);
    return index ? input_.topology.id(input_.topology.owner(*index)) : event.entity;
  }

  /// When it was seen first; when last where the first time lies before the hour that counts.
  std::optional<base::Timestamp> onset_of(const PlatformEvent& event) const {
    const auto first = base::parse_timestamp(event.attributes.get("first"));
    if (first && input_.now && *input_.now - *first <= kRecent) return first;
    return event.time == base::Timestamp{} ? std::nullopt : std::optional(event.time);
  }

  double weight_of(const PlatformEvent& event) const {
    double weight = 1;
    const bool dated = event.time != base::Timestamp{};
    if (dated && input_.now && *input_.now - event.time > recent_of(event)) weight *= kPast;
    if (is_over(event)) weight *= kRecovered;
    return weight;
  }

  base::Duration recent_of(const PlatformEvent& event) const {
    const auto index = input_.topology.find(event.entity);
    const bool scheduled = index && input_.topology.entity(*index).attributes.find("job.schedule") != nullptr;
    return scheduled ? kRecentOfSchedule : kRecent;
  }

  /// True where what the event is about works now.
  bool is_over(const PlatformEvent& event) const {
    // What a command was answered holds for what it wanted, however well the pods are.
    if (event.reason == telemetry::kCommandOutput) return false;
    const auto index = input_.topology.find(event.entity);
    if (!index) return false;
    const telemetry::Entity& entity = input_.topology.entity(*index);
    if (event.reason == "FailedScheduling") return !entity.attributes.get("platform.node").empty();
    if (input_.troubled.contains(input_.topology.id(input_.topology.owner(*index)))) return false;
    return state::is_well(input_.topology, *index, input_.now).value_or(false);
  }

  void add(Observation o, const PlatformEvent& event) {
    auto& found = found_[{o.entity, o.type, o.type == "event.warning" ? o.subject : std::string()}];
    found.count += event.count;
    const bool stronger = o.strength > found.observation.strength;
    const bool later = o.strength == found.observation.strength && event.time > found.last;
    if (!found.observation.type.empty() && !stronger && !later) return;
    // Facts that only another event of the same meaning gives stay.
    for (const auto& [name, value] : found.observation.facts) o.facts.emplace(name, value);
    found.observation = std::move(o);
    found.last = event.time;
  }

  struct Found {
    Observation observation;
    std::int64_t count = 0;
    base::Timestamp last{};
  };
  const PlatformEventInput& input_;
  std::map<std::tuple<std::string, std::string, std::string>, Found> found_;
};

}  // namespace

bool is_container_platform_event(const PlatformEvent& event) {
  if (event.type == "Normal" || event.type == "Warning") return true;
  const std::string source = base::to_lower(event.source);
  return source.find("kube") != std::string::npos || source.find("k8s") != std::string::npos;
}

std::vector<Observation> observe_platform_events(const PlatformEventInput& input) {
  return EventReader(input).run();
}

}  // namespace midwatch::observe::events
