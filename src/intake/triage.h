#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/incident.h"
#include "src/model/incoming_alarm.h"

namespace midwatch::intake {

/// What is remembered of an alarm of an incident, so that the next one is recognised.
struct KnownAlarm {
  std::string sender;
  std::string key;
  std::string resource;  ///< what it is about, under one name for ARN, alias, and each pod of a workload
  std::string account;
  std::string region;
  std::string symptom;  ///< "latency", "errors", "memory" …, or the name of the metric or rule
  model::AlarmState state = model::AlarmState::kFiring;
};

KnownAlarm known_alarm(const model::IncomingAlarm& alarm);

/// An incident that a new alarm may belong to: one that is open, or was resolved not long ago.
struct RecentIncident {
  model::Incident incident;
  /// Its alarms, or some of them: those that differ are enough, and none is needed for a start (entity and
  /// name of the first alarm stand in the incident).
  std::vector<KnownAlarm> alarms{};
};

/// Adds an alarm to what is remembered of an incident: in the place of what its key said before, and not at
/// all where enough is known.
void remember(RecentIncident& incident, const model::IncomingAlarm& alarm);

/// Alarms that are kept but not investigated. Shape: patterns with `*` and `?`; what is not said fits
/// everything, but a rule that says nothing fits nothing.
struct SkipRule {
  std::string name;
  std::string alarm{};                          ///< pattern of the alarm's name
  std::string entity{};                         ///< pattern of the entity, as ARN or "service/name"
  std::map<std::string, std::string> labels{};  ///< patterns of labels; all must fit
  /// Fits this severity and lower ones; not an alarm that says none.
  std::optional<model::Severity> at_most{};
  std::string reason{};  ///< of the person who wrote the rule
};

/// A time in which something is meant to be changed or down.
struct MaintenanceWindow {
  std::string name;
  base::TimeRange range{};
  std::vector<std::string> entities{};  ///< patterns; empty: everything
  std::string reason{};
};

/// How much of something investigations of a space may take.
struct Quota {
  std::string name;  ///< for people: "investigations at once"
  std::uint64_t used = 0;
  std::uint64_t allowed = 0;
  std::uint64_t reserved = 0;  ///< of what is allowed: for alarms of high and critical severity
};

/// The alarm of the same sender with the same key that came before.
struct EarlierAlarm {
  model::AlarmState state = model::AlarmState::kFiring;
  model::Triage triage;
};

/// All that a decision follows from.
struct TriageContext {
  base::Timestamp now{};
  std::optional<EarlierAlarm> earlier{};
  /// Of the alarm's space, open or resolved since `now - kSameTroubleAgain`; also that of `earlier`.
  std::vector<RecentIncident> incidents{};
  std::vector<SkipRule> skip{};
  std::vector<MaintenanceWindow> maintenance{};
  std::vector<Quota> quotas{};
};

/// How far back incidents matter that are resolved: so long is an alarm that fires again the same trouble.
inline constexpr auto kSameTroubleAgain = std::chrono::minutes(30);

/// Decides what becomes of an alarm. Pure; the order of the incidents does not matter.
///
/// Shape: the first that holds: it belongs to an incident that is open and has this alarm (linked); it is
///        resolved (linked where something is known of it, otherwise skipped); a rule or a maintenance skips
///        it; it belongs to a recent incident by its key, or by resource, symptom and time (linked); a quota
///        is used up (skipped); it proceeds, with an empty incident, which the caller opens.
model::Triage decide(const model::IncomingAlarm& alarm, const TriageContext& context);

/// The incident that an alarm opens.
model::Incident incident_of(const model::IncomingAlarm& alarm, std::string id, base::Timestamp now);

/// Brings an incident up to date with an alarm that was linked to it: what fires, how bad it is, whether it
/// is over or open again. `before` is the state of the same alarm in this incident; empty where it is a new
/// one.
void join(model::Incident& incident, const model::IncomingAlarm& alarm,
          std::optional<model::AlarmState> before, base::Timestamp now);

}  // namespace midwatch::intake
